import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  EXIT_NOT_STARTED,
  EXIT_SESSION_LOST,
  GRACE_MS,
  commandEnvironment,
  hooksOf,
  realIfThere,
  runStarted,
  splitEnvironment
} from "./shared-K6MIUKBA.js";
import {
  bareCage
} from "./shared-2XVUJFQC.js";
import {
  FORWARDED_SIGNALS,
  makeSessionFolder,
  sayBy
} from "./shared-KXCOBPCP.js";
import "./shared-QNMJZBHG.js";
import "./shared-6N2L75QO.js";
import {
  resumeSession
} from "./shared-BWAJR63M.js";
import {
  TOOL_FOLDERS,
  WrapError,
  findTools,
  messageOf
} from "./shared-XY3COEPW.js";
import {
  NESTED_PAYLOAD_BYTES_MAX,
  NestedDecoder,
  NestedRequest,
  encodeNested,
  encodeNestedBytes,
  encodeNumber
} from "./shared-5L6LTUXS.js";
import {
  parseResize
} from "./shared-ZTYEZK3O.js";
import {
  CageRequest,
  SavedFile,
  sessionOf
} from "./shared-6EOHPRKU.js";
import "./shared-XR5Q7YXY.js";
import "./shared-ICF2F4II.js";
import {
  array,
  strictObject,
  string
} from "./shared-2T7SPHVJ.js";
import "./shared-7VOT6GHQ.js";

// wrapper/nested-main.ts
import { readFileSync } from "node:fs";
import { Socket as Socket2 } from "node:net";

// src/control/nested-record.ts
var NestedRecord = strictObject({
  /** With a key and a token that are good for this one command. */
  saved: SavedFile,
  link: string(),
  /** The cage of whoever asked. */
  outer: CageRequest.omit({ pid: true }),
  /** What the job's own commands run, as they were started: a nested agent may not change it. Absolute paths. */
  scripts: array(string()),
  request: NestedRequest
});

// wrapper/nested-peer.ts
import { EventEmitter } from "node:events";
var CREDIT_BYTES = 4 * NESTED_PAYLOAD_BYTES_MAX;
var NestedPeer = class {
  keyboard;
  screen;
  #socket;
  #events;
  #keys = new EventEmitter();
  #sizes = new EventEmitter();
  #decoder = new NestedDecoder(["stdin", "stdin-end", "resize", "signal"]);
  #size;
  #credit = 0;
  #isGone = false;
  #isOver = false;
  #onGone = () => void 0;
  #waiting = [];
  #isPaused = true;
  constructor(socket, size, events) {
    this.#socket = socket;
    this.#events = events;
    this.#size = size;
    const [keys, sizes] = [this.#keys, this.#sizes];
    const current = () => this.#size;
    this.keyboard = {
      on: (event, listener) => keys.on(event, listener),
      off: (event, listener) => keys.off(event, listener),
      pause: () => this.#pause(),
      resume: () => this.#resume(),
      setRawMode: () => void 0
    };
    this.screen = {
      get columns() {
        return current().columns;
      },
      get rows() {
        return current().rows;
      },
      on: (event, listener) => sizes.on(event, listener),
      off: (event, listener) => sizes.off(event, listener)
    };
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("error", () => void 0);
    socket.once("close", () => this.#gone());
    socket.once("end", () => this.#gone());
  }
  /** Called with what comes from the asker's standard input; `null` at its end. Credit for more is given by `taken`. */
  onInput = () => void 0;
  /** The first credit is given here: nothing comes before. */
  begin() {
    this.#give(CREDIT_BYTES);
  }
  /** So much of the input has gone its way. */
  taken(bytes) {
    this.#give(bytes);
  }
  output(onGone) {
    this.#onGone = onGone;
    return {
      write: (bytes) => encodeNestedBytes("output", bytes).reduce((_, frame) => this.#send(frame), true),
      drained: () => this.#drained()
    };
  }
  message(line) {
    this.#send(encodeNested("message", line.slice(0, MESSAGE_CHARACTERS_MAX)));
  }
  /** The last thing that is said. Resolves when it is out, or nobody listens. */
  exit(code) {
    this.#isOver = true;
    return new Promise((resolve) => {
      if (!this.#socket.writable) return resolve();
      this.#socket.once("close", () => resolve());
      this.#socket.end(encodeNumber("exit", code), () => resolve());
    });
  }
  #take(chunk) {
    try {
      for (const frame of this.#decoder.push(chunk)) this.#frame(frame);
    } catch {
      this.#socket.destroy();
    }
  }
  #frame({ kind, payload }) {
    if (kind === "stdin") this.#stdin(Buffer.from(payload));
    else if (kind === "stdin-end") this.onInput(null);
    else if (kind === "resize") this.#resize(parseResize(payload));
    else if (kind === "signal") this.#signal(Buffer.from(payload).toString("latin1"));
  }
  #stdin(bytes) {
    this.#credit -= bytes.length;
    if (this.#credit < 0) throw new Error("more than it had credit for");
    if (this.#keys.listenerCount("data") === 0) return this.onInput(bytes);
    if (this.#isPaused) this.#waiting.push(bytes);
    else this.#key(bytes);
  }
  #key(bytes) {
    this.#keys.emit("data", bytes);
    this.#give(bytes.length);
  }
  #pause() {
    this.#isPaused = true;
  }
  #resume() {
    this.#isPaused = false;
    for (let next = this.#waiting.shift(); next !== void 0; next = this.#isPaused ? void 0 : this.#waiting.shift()) this.#key(next);
  }
  #resize(size) {
    if (size === null || size.columns > 65535 || size.rows > 65535) throw new Error("no size");
    this.#size = size;
    this.#sizes.emit("resize");
  }
  #signal(name) {
    const signal = FORWARDED_SIGNALS.find((each) => each === name);
    if (signal !== void 0) this.#events.signal(signal);
  }
  #give(bytes) {
    this.#credit += bytes;
    this.#send(encodeNumber("credit", bytes));
  }
  #send(frame) {
    return this.#socket.writable && !this.#isOver ? this.#socket.write(frame) : true;
  }
  #drained() {
    if (!this.#socket.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      this.#socket.once("drain", resolve);
      this.#socket.once("close", resolve);
    });
  }
  #gone() {
    if (this.#isGone) return;
    this.#isGone = true;
    if (this.#isOver) return;
    this.#onGone();
    this.#events.gone();
  }
};
var MESSAGE_CHARACTERS_MAX = 8e3;

// wrapper/nested-input.ts
import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
function makeInputPipe(folder, mkfifo) {
  const path = join(folder, "input");
  const { status, stderr } = spawnSync(mkfifo, ["-m", "600", path], { cwd: "/", env: {}, encoding: "utf8" });
  if (status !== 0) throw new WrapError("set-up", `Cannot make a pipe: ${stderr.trim()}, expected mkfifo to make one`);
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const fd = openSync(path, constants.O_RDONLY);
  const writer = new Socket({ fd: openSync(path, constants.O_WRONLY), readable: false, writable: true });
  closeSync(both);
  rmSync(path);
  writer.on("error", () => void 0);
  return { fd, writer };
}

// wrapper/run-nested.ts
async function runNested(session, record2, peer2) {
  const link = session.adoptLink(record2.link);
  const folder = makeSessionFolder("/tmp", process.getuid?.() ?? 0);
  try {
    const ran = await runStarted(session, link, () => {
      const plan = nestedPlan(session, link, record2, { folder, terminal: nestedTerminal(record2, peer2, folder) });
      peer2.begin();
      return plan;
    });
    return ran.kind === "lost" ? EXIT_SESSION_LOST : ran.exitCode;
  } finally {
    folder.remove();
  }
}
function nestedPlan(session, link, { outer, scripts, request }, { folder, terminal }) {
  const { answer } = session;
  const isInteractive = terminal.interactive;
  const rule = request.agent;
  const agent = rule === null ? null : { rule, workspace: answer.agents[rule]?.workspace ?? "read", scripts: scripts.map(realIfThere) };
  const launchers = outer.launchers.filter((launcher) => launcher.rule !== rule);
  return {
    ...{ argv: request.argv, cwd: request.cwd, graceMs: GRACE_MS, terminal, shared: null, within: { ...outer, agent } },
    environment: commandEnvironment(
      splitEnvironment(Buffer.from(request.environment, "base64")),
      { passed: new Set(answer.passEnv), identityUrl: answer.identityUrl },
      { output: isInteractive, interactive: isInteractive }
    ),
    // Of all files it sees what the asker sees: there is nothing to plan.
    cage: bareCage({ sessionFolder: folder.path, resolvers: answer.resolvers, ca: answer.ca, workspace: outer.workspace, launchers }),
    hooks: hooksOf(session, link)
  };
}
function nestedTerminal({ request: { terminal } }, peer2, folder) {
  const size = { columns: peer2.screen.columns, rows: peer2.screen.rows };
  const common = { ...size, stdoutFd: -1, filter: null, remote: peer2 };
  if (terminal !== null) return { ...common, interactive: true, stdinFd: -1 };
  const { fd, writer } = makeInputPipe(folder.path, findTools(TOOL_FOLDERS).mkfifo);
  peer2.onInput = (bytes) => {
    if (bytes === null) writer.end();
    else writer.write(bytes, () => peer2.taken(bytes.length));
  };
  return { ...common, interactive: false, stdinFd: fd };
}

// wrapper/nested-main.ts
var CONNECTION_FD = 3;
var DEFAULT_SIZE = { columns: 120, rows: 40 };
var GONE_AGAIN_MS = 500;
var record = NestedRecord.parse(JSON.parse(readFileSync(0, "utf8")));
var peer = new NestedPeer(new Socket2({ fd: CONNECTION_FD }), record.request.terminal ?? DEFAULT_SIZE, {
  // As if it had been sent to us: the wrapper hears of it as of any other (terminate.ts).
  signal: (name) => void process.kill(process.pid, name),
  gone() {
    process.kill(process.pid, "SIGHUP");
    setTimeout(() => process.kill(process.pid, "SIGHUP"), GONE_AGAIN_MS);
  }
});
sayBy((line) => peer.message(line));
var exitCode = EXIT_NOT_STARTED;
try {
  const session = await resumeSession(sessionOf(record.saved));
  exitCode = await runNested(session, record, peer);
} catch (error) {
  peer.message(messageOf(error));
}
await peer.exit(exitCode);
process.exit(0);
