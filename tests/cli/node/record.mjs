// Sends, in order, the requests of the named steps with the official clients. Each step is announced
// by a request of our own, GET /step/<name>, so that the recorder can tell them apart.
//
// Usage: node record.mjs SETTINGS STEP...

import { toFile } from "openai";
import { fal, openai, settings } from "./clients.mjs";

const editModel = "fal-ai/flux/dev/image-to-image";
const job = { requestId: "r1" };

function bytes(size, start) {
    return Uint8Array.from({ length: size }, (_, i) => (start + i) % 256);
}

function picture(name, type, start) {
    return toFile(bytes(300, start), name, { type });
}

const steps = {
    run: () => fal.run("fal-ai/flux/dev", { input: { prompt: "p", seed: 7 } }),
    run_options: () =>
        fal.run("fal-ai/flux/dev", {
            input: { prompt: "p" },
            startTimeout: 30,
            storageSettings: { expiresIn: "1h" },
        }),
    submit: () =>
        fal.queue.submit(editModel, {
            input: { prompt: "caf\u00e9", image_url: "https://a.example/b.png", strength: 0.5 },
        }),
    submit_options: () =>
        fal.queue.submit(editModel, {
            input: { prompt: "p" },
            priority: "low",
            hint: "runner-7",
            startTimeout: 30.5,
            storageSettings: { expiresIn: "30d" },
            webhookUrl: "https://me.example/hook?a=b c&d=\u00e9",
            headers: { "X-Fal-Store-IO": "0" },
        }),
    submit_numeric: () => fal.queue.submit("110602490-fast-sdxl", { input: { prompt: "p" } }),
    submit_workflow: () => fal.queue.submit("workflows/me/upscale/fast", { input: {} }),
    status: () => fal.queue.status(editModel, job),
    status_logs: () => fal.queue.status(editModel, { ...job, logs: true }),
    status_workflow: () => fal.queue.status("workflows/me/upscale/fast", job),
    status_stream: async () => {
        const stream = await fal.queue.streamStatus(editModel, { ...job, logs: true });
        await stream.done();
    },
    result: () => fal.queue.result(editModel, job),
    cancel: () => fal.queue.cancel(editModel, job),
    upload: () =>
        fal.storage.upload(new File([bytes(1000, 0)], "picture.png", { type: "image/png" })),
    upload_expiring: () =>
        fal.storage.upload(new File([bytes(10, 3)], "clip.mp4", { type: "video/mp4" }), {
            lifecycle: { expiresIn: "7d" },
        }),
    upload_multipart: () =>
        fal.storage.upload(
            new File([new Uint8Array(94371841)], "clip.mp4", { type: "video/mp4" }),
            { lifecycle: { expiresIn: "1d" } },
        ),
    generate: () =>
        openai.images.generate({
            model: "gpt-image-2",
            prompt: "a \"quoted\" caf\u00e9\n",
            n: 2,
            size: "1024x1024",
        }),
    generate_stream: async () => {
        const stream = await openai.images.generate({
            model: "gpt-image-2",
            prompt: "p",
            stream: true,
            partial_images: 2,
        });
        for await (const event of stream) {
            void event;
        }
    },
    edit_mask: async () =>
        openai.images.edit({
            model: "gpt-image-2",
            prompt: " two\r\nlines ",
            image: await picture("source.jpg", "image/jpeg", 1),
            mask: await picture("mask.png", "image/png", 2),
            n: 2,
            size: "1024x1024",
            output_format: "webp",
        }),
    edit_two: async () =>
        openai.images.edit({
            model: "gpt-image-2",
            prompt: "p",
            image: [
                await picture("one.webp", "image/webp", 1),
                await picture("two.png", "image/png", 2),
            ],
            quality: "high",
        }),
    video: () =>
        openai.videos.create({ model: "sora-2", prompt: "caf\u00e9", seconds: "8", size: "1280x720" }),
    video_reference: async () =>
        openai.videos.create({
            model: "sora-2-pro",
            prompt: "a \"quoted\" word",
            seconds: "4",
            size: "720x1280",
            input_reference: await picture("first.png", "image/png", 3),
        }),
};

for (const name of process.argv.slice(3)) {
    await fetch(`${settings.recorder}/step/${name}`);
    await steps[name]();
}
