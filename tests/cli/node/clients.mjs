// The official clients, pointed at servers of our own.
//
// Their settings come as JSON in the first argument:
//   fal         base URLs in the place of fal's hosts, by host name
//   openai      the base URL of the OpenAI client
//   falKey, openaiKey

import { createFalClient } from "@fal-ai/client";
import OpenAI from "openai";

export const settings = JSON.parse(process.argv[2]);

// The fal client knows its hosts by heart, so every request is diverted on its way out; the paths
// and everything else stay as the client made them.
function divert(url) {
    const target = new URL(url);
    const base = settings.fal[target.hostname];
    if (base === undefined) {
        // A URL that the server itself gave, such as that of an upload.
        if (target.hostname !== "127.0.0.1") {
            throw new Error(`no server stands for ${target.hostname}`);
        }
        return url;
    }
    return base + target.pathname + target.search;
}

export const fal = createFalClient({
    credentials: settings.falKey,
    retry: { maxRetries: 0 },
    fetch: (url, options) => fetch(divert(url), options),
});

export const openai = new OpenAI({
    apiKey: settings.openaiKey,
    baseURL: settings.openai,
    organization: null,
    project: null,
    maxRetries: 0,
});
