// Takes the official clients through whole video jobs at each provider and prints what came of them
// as one JSON object.
//
// Usage: node complete_videos.mjs SETTINGS CLIP PICTURE
//
// The picture has 1280x720 pixels.

import { readFile } from "node:fs/promises";
import { toFile } from "openai";
import { fal, openai } from "./clients.mjs";

const [clipPath, picturePath] = process.argv.slice(3);
const clip = await readFile(clipPath);
const picture = await readFile(picturePath);
const editModel = "fal-ai/kling-video/o3/pro/video-to-video/edit";

async function bytesOf(response) {
    return Buffer.from(await response.arrayBuffer());
}

// Where an MP4 file says what it is.
function signature(bytes) {
    return bytes.subarray(4, 8).toString("latin1");
}

async function falEdit() {
    const states = [];
    const url = await fal.storage.upload(new File([clip], "clip.mp4", { type: "video/mp4" }));
    const { data, requestId } = await fal.subscribe(editModel, {
        input: {
            prompt: "paint @Video1 like @Image1",
            video_url: url,
            image_urls: [`data:image/png;base64,${picture.toString("base64")}`],
            keep_audio: true,
        },
        pollInterval: 50,
        onQueueUpdate: (update) => states.push(update.status),
    });
    const answer = await bytesOf(await fetch(data.video.url));
    return { requestId, states, type: data.video.content_type, intact: answer.equals(clip) };
}

async function falRefusal() {
    try {
        await fal.subscribe(editModel, { input: { prompt: "p" }, pollInterval: 50 });
        return null;
    } catch (error) {
        return { status: error.status, field: error.body.detail[0].loc[1] };
    }
}

async function finished(video) {
    const states = [video.status];
    let last = video;
    while (last.status === "queued" || last.status === "in_progress") {
        await new Promise((resolve) => setTimeout(resolve, 30));
        last = await openai.videos.retrieve(video.id);
        states.push(last.status);
    }
    return { states, video: last };
}

async function openaiVideo() {
    const created = await openai.videos.create({
        model: "sora-2",
        prompt: "a lighthouse",
        seconds: "4",
        size: "1280x720",
        input_reference: await toFile(picture, "first.png", { type: "image/png" }),
    });
    const { states, video } = await finished(created);
    const content = await bytesOf(await openai.videos.downloadContent(video.id));
    const thumbnail = await openai.videos.downloadContent(video.id, { variant: "thumbnail" });

    const remix = (await finished(await openai.videos.remix(video.id, { prompt: "at night" }))).video;
    const edit = await openai.videos.edit({ prompt: "p", video: { id: video.id } });
    const uploaded = await openai.videos.edit({
        prompt: "p",
        video: await toFile(clip, "clip.mp4", { type: "video/mp4" }),
    });
    await finished(uploaded);
    const returned = await bytesOf(await openai.videos.downloadContent(uploaded.id));
    const longer = await openai.videos.extend({ prompt: "p", seconds: "8", video: { id: video.id } });

    const listed = [];
    for await (const entry of openai.videos.list({ limit: 2, order: "asc" })) {
        listed.push(entry.id);
    }
    const deleted = await openai.videos.delete(video.id);
    return {
        states,
        size: video.size,
        content: signature(content),
        thumbnail: thumbnail.headers.get("content-type"),
        remixed_from_it: remix.remixed_from_video_id === video.id,
        edit_size: edit.size,
        edit_is_intact: returned.equals(clip),
        longer: longer.seconds,
        all_listed:
            JSON.stringify(listed) ===
            JSON.stringify([video.id, remix.id, edit.id, uploaded.id, longer.id]),
        deleted: deleted.deleted,
    };
}

async function openaiWithoutReference() {
    const { video } = await finished(await openai.videos.create({ prompt: "p" }));
    return { size: video.size, seconds: video.seconds };
}

async function openaiRefusal() {
    try {
        await openai.videos.create({ prompt: "p", seconds: "5" });
        return null;
    } catch (error) {
        return { status: error.status, param: error.param };
    }
}

console.log(
    JSON.stringify({
        edit: await falEdit(),
        refusal: await falRefusal(),
        video: await openaiVideo(),
        plain: await openaiWithoutReference(),
        openai_refusal: await openaiRefusal(),
    }),
);
