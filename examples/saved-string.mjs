#!/usr/bin/env node
// The saved string from JavaScript, with nothing but Node.js 18 or newer.
// usage: saved-string.mjs read | change ETAG TEXT | follow
import { setTimeout as pause } from "node:timers/promises";

const url = process.env.URL ?? "http://localhost:8080/";
const ANSWER_MAX_MS = 10_000;
const SILENCE_MAX_MS = 60_000;
const PAUSE_MS = 1_000;

/** The ETag and the string. */
async function read() {
  const answer = await ask({ headers: { Accept: "text/plain" } });
  return [answer.headers.get("ETag"), await answer.text()];
}

/** Saves the text unless somebody else has changed the string since it had that ETag; the new state as JSON. */
async function change(etag, text) {
  const headers = { "X-API-Key": process.env.KEY, "If-Match": etag, "Content-Type": "text/plain" };
  const answer = await ask({ method: "PUT", headers, body: text });
  return answer.text();
}

async function ask(request) {
  const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(ANSWER_MAX_MS) });
  if (!answer.ok) {
    throw new Error(await answer.text());
  }
  return answer;
}

/** Each state as JSON, as it comes; after a lost connection it resumes where it was. In a browser, EventSource does. */
async function* follow() {
  let lastId;
  for (;;) {
    try {
      for await (const event of events(lastId)) {
        lastId = event.id ?? lastId;
        if (event.data !== undefined && event.event === undefined) { // other events are signs of life
          yield event.data;
        }
      }
    } catch (error) {
      console.error(`lost: ${error.cause ?? error}`);
    }
    await pause(PAUSE_MS);
  }
}

/** The fields of each event on one connection. */
async function* events(lastId) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
  try {
    const headers = lastId === undefined ? {} : { "Last-Event-ID": lastId };
    const answer = await fetch(`${url}events`, { headers, signal: silence.signal });
    if (!answer.ok) {
      throw new Error(await answer.text());
    }
    let rest = "";
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
      timer.refresh();
      const blocks = (rest + text).split("\n\n");
      rest = blocks.pop();
      yield* blocks.map((block) => Object.fromEntries(block.split("\n").map(field)));
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

function field(line) {
  const end = line.indexOf(": ");
  return end < 0 ? [line, ""] : [line.slice(0, end), line.slice(end + 2)];
}

async function main(command, ...rest) {
  if (command === "read" && rest.length === 0) {
    console.log((await read()).join("\n"));
  } else if (command === "change" && rest.length === 2) {
    console.log(await change(...rest));
  } else if (command === "follow" && rest.length === 0) {
    for await (const state of follow()) {
      console.log(state);
    }
  } else {
    throw new Error("usage: saved-string.mjs read | change ETAG TEXT | follow");
  }
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
