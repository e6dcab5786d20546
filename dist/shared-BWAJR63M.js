import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  ClaimAnswer,
  CloseAnswer,
  EndAnswer,
  Hello,
  LinkAnswer,
  Nothing,
  OpenAnswer,
  answerOf,
  createSigningKey,
  exchange,
  openLifeline,
  readAnswer,
  start
} from "./shared-6EOHPRKU.js";
import {
  sessionAudience
} from "./shared-XR5Q7YXY.js";
import {
  never
} from "./shared-2T7SPHVJ.js";

// src/control/client.ts
import { randomUUID } from "node:crypto";
import { finished } from "node:stream/promises";

// src/control/recording-sink.ts
import { Writable } from "node:stream";
var BYTES_BUFFERED_MAX = 256 * 1024;
function recordingSink(peer, path) {
  const started = start(peer, { method: "POST", path, headers: { "content-type": "application/octet-stream" } }).then((request) => {
    request.flushHeaders();
    return request;
  });
  const answered = started.then(answerOf).then((answer) => readAnswer(answer, Nothing));
  const sink = new Writable({
    highWaterMark: BYTES_BUFFERED_MAX,
    write(chunk, _encoding, done) {
      started.then((request) => {
        if (request.write(chunk)) return done();
        once(request, ["drain", "close"], () => done());
      }, done);
    },
    final(done) {
      started.then((request) => request.end()).catch(() => void 0);
      answered.then(() => done(), done);
    },
    destroy(error, done) {
      started.then((request) => request.destroy()).catch(() => void 0);
      done(error);
    }
  });
  sink.on("error", () => void 0);
  answered.catch((error) => sink.destroy(error));
  return sink;
}
function once(request, events, then) {
  const fire = () => {
    for (const event of events) request.off(event, fire);
    then();
  };
  for (const event of events) request.on(event, fire);
}

// src/control/client.ts
var WATCH_SILENCE_MS_MAX = 15e3;
async function openSession({ socketPath, duty, mint }) {
  const key = createSigningKey();
  const stranger = { socketPath, gateway: null, key, token: null, nowMs: Date.now, newId: randomUUID };
  const hello = await exchange(stranger, { method: "GET", path: "/v1/hello" }, null, Hello);
  const { gateway, nonce, evidenceKey } = hello;
  const token = await mint(sessionAudience({ gateway, nonce, clientKey: key.thumbprint, evidenceKey }), key);
  const known = { ...stranger, gateway };
  const answer = await exchange(known, { method: "POST", path: "/v1/sessions" }, { token, duty }, OpenAnswer);
  return holdSession({ socketPath, gateway, key, answer });
}
function resumeSession(saved) {
  return holdSession(saved);
}
async function holdSession(saved) {
  const { socketPath, gateway, key, answer } = saved;
  const peer = { socketPath, gateway, key, token: answer.token, nowMs: Date.now, newId: randomUUID };
  const at = (action) => `/v1/sessions/${answer.session}/${action}`;
  const adoptLink = (link) => holdLink(peer, link, (action) => at(`links/${link}/${action}`));
  let closing = false;
  let tell = () => void 0;
  const { ended } = await watch(peer, at("watch"), (text) => tell(text));
  return {
    answer,
    saved,
    async startLink(request) {
      return adoptLink((await exchange(peer, { method: "POST", path: at("links") }, request, LinkAnswer)).link);
    },
    adoptLink,
    onCheckpoint(listener) {
      tell = listener;
    },
    lost: new Promise((resolve) => {
      void ended.then(() => {
        if (!closing) resolve();
      });
    }),
    async close() {
      closing = true;
      return exchange(peer, { method: "POST", path: at("close") }, {}, CloseAnswer);
    }
  };
}
function holdLink(peer, link, at) {
  const recording = recordingSink(peer, at("recording"));
  return {
    link,
    recording,
    claim: (request) => exchange(peer, { method: "POST", path: at("claim") }, request, ClaimAnswer),
    hold: () => openLifeline(peer, at("hold")),
    async enterCage(request) {
      await exchange(peer, { method: "POST", path: at("cage") }, request, Nothing);
    },
    async confined(request) {
      await exchange(peer, { method: "POST", path: at("confinement") }, request, Nothing);
    },
    async end(request) {
      await endOfRecording(recording);
      return exchange(peer, { method: "POST", path: at("end") }, request, EndAnswer);
    }
  };
}
async function watch(peer, path, tell) {
  const request = await start(peer, { method: "GET", path });
  const answered = answerOf(request);
  request.end();
  const beats = await answered;
  if (beats.statusCode !== 200) await readAnswer(beats, never());
  tellLines(beats, tell);
  return { ended: endOf(request, beats) };
}
function tellLines(beats, tell) {
  let rest = "";
  beats.setEncoding("latin1");
  beats.on("data", (text) => {
    const lines = `${rest}${text}`.split("\n");
    rest = (lines.pop() ?? "").trimStart().slice(0, CHECKPOINT_CHARACTERS_MAX);
    for (const line of lines) if (CHECKPOINT.test(line.trim())) tell(line.trim());
  });
}
var CHECKPOINT = /^dgc1[A-Za-z0-9._-]{1,400}$/;
var CHECKPOINT_CHARACTERS_MAX = 1024;
function endOf(request, beats) {
  return new Promise((resolve) => {
    const silence = setTimeout(() => request.destroy(), WATCH_SILENCE_MS_MAX).unref();
    beats.on("data", () => silence.refresh());
    beats.on("error", () => void 0);
    beats.once("close", () => {
      clearTimeout(silence);
      resolve();
    });
  });
}
async function endOfRecording(sink) {
  if (!sink.writableEnded) sink.end();
  await finished(sink).catch(() => void 0);
}

export {
  openSession,
  resumeSession
};
