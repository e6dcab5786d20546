import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  BootstrapAnswer,
  ClaimAnswer,
  CloseAnswer,
  EndAnswer,
  Hello,
  LinkAnswer,
  OpenAnswer,
  answerOf,
  createSigningKey,
  exchange,
  exportKey,
  importKey,
  openLifeline,
  readAnswer,
  start
} from "./shared-T5YAIFEU.js";
import {
  sessionAudience
} from "./shared-MBYDQ3II.js";
import {
  literal,
  never,
  strictObject,
  string
} from "./shared-TLYYCFM6.js";

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
  const answered = started.then(answerOf).then((answer) => readAnswer(answer, strictObject({})));
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
  let closing = false;
  let tell = () => void 0;
  const { ended } = await watch(peer, at("watch"), (text) => tell(text));
  return {
    answer,
    saved,
    async startLink(request) {
      const { link } = await exchange(peer, { method: "POST", path: at("links") }, request, LinkAnswer);
      return holdLink(peer, link, (action) => at(`links/${link}/${action}`));
    },
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
      await exchange(peer, { method: "POST", path: at("cage") }, request, strictObject({}));
    },
    async confined(request) {
      await exchange(peer, { method: "POST", path: at("confinement") }, request, strictObject({}));
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

// src/control/gateway-process.ts
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
var READY_MS_MAX = 3e4;
var STOP_MS_MAX = 1e4;
var GatewayStartError = class extends Error {
  code;
  problems;
  constructor(code, message, problems = []) {
    super(message);
    this.name = "GatewayStartError";
    this.code = code;
    this.problems = problems;
  }
};
async function startGateway(bootstrap, { environment = {}, logPath } = {}) {
  const log = logPath === void 0 ? "inherit" : openSync(logPath, "a", 384);
  const stdio = ["pipe", "pipe", log];
  const args = ["--disable-sigusr1", gatewayPath(import.meta.url)];
  const child = spawn(process.execPath, args, { cwd: "/", env: { ...environment }, detached: true, stdio });
  if (log !== "inherit") closeSync(log);
  const ended = new Promise((resolve) => child.once("close", () => resolve()));
  child.stdin?.on("error", () => void 0);
  child.stdin?.write(`${JSON.stringify(bootstrap)}
`);
  const stop = () => stopGateway(child, ended);
  try {
    const socketPath = await readySocket(child);
    return { socketPath, pid: child.pid ?? 0, stop, release: () => release(child) };
  } catch (error) {
    await stop();
    throw error;
  }
}
function gatewayPath(here) {
  return fileURLToPath(new URL(here.endsWith(".ts") ? "../gateway/main.ts" : "./gateway.js", here));
}
function readySocket(child) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new GatewayStartError("gateway", why));
    const timer = setTimeout(() => fail(`Cannot start the gateway: no answer in ${READY_MS_MAX} ms, expected one`), READY_MS_MAX);
    child.once("error", (error) => fail(`Cannot start the gateway: ${error.message}, expected a process`));
    child.once("close", (code) => fail(`Cannot start the gateway: it ended (exit code ${code ?? "none"}), expected its answer`));
    if (child.stdout === null) return fail("Cannot start the gateway: it has no output, expected a pipe");
    createInterface({ input: child.stdout }).once("line", (line) => {
      clearTimeout(timer);
      const answer = parseAnswer(line);
      if (answer === null) fail("Cannot start the gateway: its answer is not understood, expected one line of JSON");
      else if ("error" in answer) reject(new GatewayStartError(answer.error.code, answer.error.message, answer.error.problems));
      else resolve(answer.socket);
    });
    child.once("close", () => clearTimeout(timer));
  });
}
function parseAnswer(line) {
  try {
    return BootstrapAnswer.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
async function stopGateway(child, ended) {
  child.stdin?.end();
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
  await ended;
  clearTimeout(timer);
}
function release(child) {
  child.stdin?.destroy();
  child.stdout?.destroy();
  child.unref();
}

// src/control/saved-session.ts
import { closeSync as closeSync2, constants, fstatSync, openSync as openSync2, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
var SavedFile = strictObject({
  version: literal(1),
  socketPath: string().startsWith("/"),
  gateway: string(),
  /** The session's key, PKCS #8. */
  key: string(),
  answer: OpenAnswer
});
var FILE_NAME = "session.json";
var FILE_BYTES_MAX = 4 * 1024 * 1024;
var SavedSessionError = class extends Error {
  code;
  constructor(code, state, expected, options) {
    super(`Cannot go on with the session: ${state}, expected ${expected}`, options);
    this.name = "SavedSessionError";
    this.code = code;
  }
};
function writeSavedSession(folder, { socketPath, gateway, key, answer }) {
  const saved = { version: 1, socketPath, gateway, key: exportKey(key), answer };
  writeFileSync(join(folder, FILE_NAME), JSON.stringify(saved), { mode: 384, flag: "wx" });
}
function readSavedSession(folder) {
  const text = readPrivate(join(folder, FILE_NAME));
  try {
    const { key, version: _, ...saved } = SavedFile.parse(JSON.parse(text));
    return { ...saved, key: importKey(key) };
  } catch {
    throw new SavedSessionError("malformed", "its file is not understood", "the one that this version wrote");
  }
}
function readPrivate(path) {
  let file;
  try {
    file = openSync2(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw new SavedSessionError("missing", `${path} cannot be opened`, "a session of this job that is open", { cause });
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.uid !== process.getuid?.() || (stat.mode & 63) !== 0 || stat.size > FILE_BYTES_MAX) {
      throw new SavedSessionError("not-private", `${path} is not a file that only this user can read`, "0600 of ours");
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync2(file);
  }
}

export {
  openSession,
  resumeSession,
  GatewayStartError,
  startGateway,
  SavedSessionError,
  writeSavedSession,
  readSavedSession
};
