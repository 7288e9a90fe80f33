// Takes the official clients through a whole job at each provider and prints what came of it as one
// JSON object: the file's URL, the states of the queue, and each picture's first bytes in hex.
//
// Usage: node complete.mjs SETTINGS IMAGE MASK

import { readFile } from "node:fs/promises";
import { toFile } from "openai";
import { fal, openai } from "./clients.mjs";

const [imagePath, maskPath] = process.argv.slice(3);
const image = await readFile(imagePath);
const model = "fal-ai/flux/dev/image-to-image";

function signature(bytes) {
    return Buffer.from(bytes).subarray(0, 8).toString("hex");
}

async function queueJob(imageUrl) {
    const states = [];
    const { request_id: requestId } = await fal.queue.submit(model, {
        input: { prompt: "p", image_url: imageUrl, output_format: "png" },
    });
    await fal.queue.subscribeToStatus(model, {
        requestId,
        logs: true,
        pollInterval: 50,
        onQueueUpdate: (update) => states.push(update.status),
    });
    const { data } = await fal.queue.result(model, { requestId });
    const answer = await fetch(data.images[0].url);
    return { states, picture: signature(await answer.arrayBuffer()) };
}

const uploaded = await fal.storage.upload(new File([image], "image.png", { type: "image/png" }));
const returned = Buffer.from(await (await fetch(uploaded)).arrayBuffer());
const job = await queueJob(uploaded);
const run = await fal.run("fal-ai/flux/dev", { input: { prompt: "p", output_format: "png" } });
const edit = await openai.images.edit({
    model: "gpt-image-2",
    prompt: "p",
    image: await toFile(image, "image.png", { type: "image/png" }),
    mask: await toFile(await readFile(maskPath), "mask.png", { type: "image/png" }),
});

console.log(
    JSON.stringify({
        uploaded,
        upload_is_intact: returned.equals(image),
        states: job.states,
        job: job.picture,
        run_images: run.data.images.length,
        edit: signature(Buffer.from(edit.data[0].b64_json, "base64")),
    }),
);
