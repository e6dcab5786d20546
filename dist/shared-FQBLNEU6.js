import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  BootstrapAnswer
} from "./shared-5BG7YZTF.js";

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

export {
  GatewayStartError,
  startGateway
};
