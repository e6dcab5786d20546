import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE
} from "./shared-KF3IWNFN.js";
import "./shared-7VOT6GHQ.js";

// src/cli/main.ts
import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// src/cli/version.ts
var VERSION = "0.1.0";

// src/cli/dispatch.ts
async function dispatch(args, commands, io) {
  const [name = "", ...rest] = args;
  const command = commands.get(name);
  if (command !== void 0) return command.run(rest, io);
  switch (name) {
    case "--help":
    case "-h":
    case "help":
      io.stdout.write(help(commands));
      return EXIT_OK;
    case "--version":
      io.stdout.write(`${VERSION}
`);
      return EXIT_OK;
  }
  const fault = name === "" ? "no subcommand is given" : `there is no subcommand ${JSON.stringify(name)}`;
  io.stderr.write(`duty-gate: Cannot start: ${fault}, expected one of these

${help(commands)}`);
  return EXIT_USAGE;
}
function help(commands) {
  const width = Math.max(...[...commands.values()].map(({ usage }) => usage.length));
  const lines = [...commands.values()].map(({ usage, summary }) => `  duty-gate ${usage.padEnd(width)}  ${summary}`);
  return `duty-gate ${VERSION}: a layer-7 gate in the data path of whatever a command starts

${lines.join("\n")}

  duty-gate SUBCOMMAND --help tells a subcommand's options; duty-gate --version the version.

Exit codes of run: the command's own; 123 the session was lost while it ran; 125 it could not be started safely and
nothing ran; 126 and 127 as shells do; 128+n for a signal.
`;
}

// src/cli/main.ts
var COMMANDS = /* @__PURE__ */ new Map([
  [
    "run",
    {
      usage: "run [OPTIONS] -- CMD\u2026",
      summary: "run a command whose only way out is the gate",
      run: async (args) => (await import("./shared-GUXVWAKM.js")).runInCage(args)
    }
  ],
  [
    "shell",
    {
      usage: "shell FILE",
      summary: "run a workflow step's script: shell: duty-gate shell {0}",
      run: async (args) => (await import("./shared-GUXVWAKM.js")).shellInCage(args)
    }
  ],
  [
    "whoami",
    {
      usage: "whoami",
      summary: "inside a command: on whose behalf it acts, and what it may do",
      run: async (args, io) => (await import("./shared-T7IDIW53.js")).whoamiCommand(args, io)
    }
  ],
  [
    "doctor",
    {
      usage: "doctor",
      summary: "what this machine can and cannot do, and whether a cage holds",
      run: async (args, io) => (await import("./shared-HKRFIDEW.js")).doctorCommand(args, io)
    }
  ],
  [
    "verify",
    {
      usage: "verify PATH",
      summary: "check an evidence bundle, offline",
      run: async (args, io) => (await import("./shared-G7Y6YQDQ.js")).verifyCommand(args, io)
    }
  ],
  [
    "report",
    {
      usage: "report PATH",
      summary: "make one HTML file of an evidence bundle",
      run: async (args, io) => (await import("./shared-M3LLT6CP.js")).reportCommand(args, io)
    }
  ],
  [
    "replay",
    {
      usage: "replay PATH",
      summary: "show a recorded terminal again",
      run: async (args, io) => (await import("./shared-FRINOFYM.js")).replayCommand(args, io)
    }
  ]
]);
var EXIT_NOT_STARTED = 125;
var IO = {
  stdout: { write: (text) => writeTo(process.stdout, text) },
  stderr: { write: (text) => writeTo(process.stderr, text) }
};
function writeTo(stream, text) {
  if (stream.listenerCount("error") === 0) stream.on("error", () => process.exit(EXIT_FAILED));
  stream.write(text);
}
function keepCompiled(jobFolder) {
  if (jobFolder !== "" && existsSync(join(jobFolder, "session.json"))) enableCompileCache(join(jobFolder, "compiled"));
}
async function main(args) {
  try {
    return await dispatch(args, COMMANDS, IO);
  } catch (error) {
    IO.stderr.write(`duty-gate: ${error instanceof Error ? error.message : String(error)}
`);
    return args[0] === "run" || args[0] === "shell" ? EXIT_NOT_STARTED : EXIT_FAILED;
  }
}
keepCompiled(process.env["DUTY_GATE_JOB"] ?? "");
process.exit(await main(process.argv.slice(2)));
