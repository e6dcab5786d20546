import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  findBundle
} from "./shared-ZUTS4CQY.js";
import {
  checkStructure,
  verifyBundle
} from "./shared-OP2GJ2PY.js";
import {
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE
} from "./shared-KF3IWNFN.js";
import "./shared-YN7JZZCD.js";
import "./shared-SXGBGS4B.js";
import {
  Playback
} from "./shared-LSAITPOP.js";
import {
  LineSplitter,
  openBundleFolder
} from "./shared-3QIPNHWR.js";
import {
  AUDIT_FILE,
  LINE_BYTES_MAX,
  LineEnvelope,
  TERMINAL_RESET,
  decodeUtf8,
  parseRecordingPath,
  printable,
  readEntry
} from "./shared-DO3Y22EE.js";
import {
  FrameDecoder
} from "./shared-DBOSDKD3.js";
import {
  isCanonicalJson
} from "./shared-3DBFPAHH.js";
import "./shared-7VOT6GHQ.js";

// src/cli/replay.ts
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

// src/core/verify/operations-page.ts
var STATEMENT_CHARS_MAX = 200;
function describeOperation(bytes) {
  const line = parseLine(bytes);
  if (line === null) return null;
  const read = readEntry(line.entry);
  if (!("known" in read) || !read.known) return null;
  const words = describeEntry(read.entry);
  return words === null ? null : printable(`${line.at}  ${words}`);
}
function parseLine(bytes) {
  const text = decodeUtf8(bytes);
  try {
    const value = text === null ? null : JSON.parse(text);
    const parsed = LineEnvelope.safeParse(value);
    return parsed.success && text !== null && isCanonicalJson(text, value) ? parsed.data : null;
  } catch {
    return null;
  }
}
function describeEntry(entry) {
  switch (entry.kind) {
    case "decision": {
      const why = entry.reasons.length === 0 ? "" : ` (${entry.reasons.join("; ")})`;
      return `${entry.outcome.padEnd(11)} ${entry.target} as ${entry.duty}: ${shorten(entry.statement)}${why}  [${entry.decision}]`;
    }
    case "outcome": {
      const code = entry.code === null ? "" : ` ${entry.code}`;
      return `  ${(entry.status + code).padEnd(9)} ${entry.rows} rows, ${entry.bytes} bytes, ${entry.masked} masked, ${entry.durationMicros} \xB5s  [${entry.decision}]`;
    }
    case "connection":
      return `connection  ${entry.event} to ${entry.target}${entry.why === null ? "" : `: ${entry.why}`}  [${entry.connection}]`;
    case "command":
      return entry.event === "started" ? `command     ${shorten(entry.argv.join(" "))}` : `command     ended with ${entry.signal ?? entry.exitCode ?? "nothing known"}`;
    case "incident":
      return `incident    ${entry.incident} by key ${entry.clientKey}`;
    case "session":
    case "recording":
    case "seal":
      return null;
  }
}
function shorten(text) {
  return text.length <= STATEMENT_CHARS_MAX ? text : `${text.slice(0, STATEMENT_CHARS_MAX)}\u2026 (${text.length} characters)`;
}

// src/cli/replay.ts
var HELP = `duty-gate replay PATH [--speed N] [--idle-max S] [--instant] [--operations] [--even-broken]

Plays the terminal recordings of an evidence bundle. Only text, colours and cursor moves reach your terminal.
PATH is the session's folder, or a folder that holds exactly one.

  --speed N      N times as fast, 0.1 to 100 (1)
  --idle-max S   pauses of at most S seconds (2)
  --instant      no pauses
  --operations   list the operations and how they were judged, instead of playing
  --even-broken  play a bundle that does not verify: what you see may not be what happened
  --help         this text

Exit code: 0 played, 1 broken bundle or nothing to play, 2 usage.
`;
async function replayCommand(args, io) {
  const options = readOptions(args);
  if (typeof options === "string") return usage(io, options);
  if (options.help) {
    io.stdout.write(HELP);
    return EXIT_OK;
  }
  const found = findBundle(options.path);
  if ("why" in found) return usage(io, found.why);
  const folder = openBundleFolder(found.bundle);
  try {
    return await replay(folder, options, io);
  } catch (cause) {
    io.stderr.write(`Cannot replay: ${printable(cause instanceof Error ? cause.message : String(cause))}
`);
    return EXIT_FAILED;
  } finally {
    folder.close();
  }
}
function readOptions(args) {
  try {
    const flag = { type: "boolean" };
    const named = {
      speed: { type: "string" },
      "idle-max": { type: "string" },
      instant: flag,
      operations: flag,
      "even-broken": flag
    };
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...named, help: { type: "boolean", short: "h" } }
    });
    const [path = "", ...more] = positionals;
    const help = values.help === true;
    const [speed, idle] = [Number(values.speed ?? "1"), Number(values["idle-max"] ?? "2")];
    if (!help && (path === "" || more.length > 0)) return `Cannot replay: ${positionals.length} paths given, expected one`;
    if (!(speed >= 0.1 && speed <= 100)) return "Cannot replay: --speed is out of range, expected 0.1 to 100";
    if (!(idle >= 0 && idle <= 86400)) return "Cannot replay: --idle-max is out of range, expected 0 to 86400 seconds";
    const pace = { speed, idleMsMax: idle * 1e3, instant: values.instant === true };
    return { path, pace, help, operations: values.operations === true, evenBroken: values["even-broken"] === true };
  } catch (cause) {
    return cause instanceof Error ? cause.message : "Cannot read the options";
  }
}
async function replay(folder, options, io) {
  const structure = checkStructure(await folder.members());
  const { verdict } = await verifyBundle(folder);
  if (verdict === "broken") {
    io.stderr.write(`This bundle is broken (see duty-gate verify). ${options.evenBroken ? "Played all the same" : "Not played"}.
`);
    if (!options.evenBroken || structure.problems.length > 0) return EXIT_FAILED;
  }
  if (verdict === "unsealed") io.stderr.write("This bundle is unsealed: nobody signed it, and its end may be missing.\n");
  return options.operations ? listOperations(folder, structure.files, io) : playAll(folder, structure.files, options.pace, io);
}
async function listOperations(folder, files, io) {
  const audit = files.get(AUDIT_FILE);
  if (audit === void 0) return EXIT_FAILED;
  const lines = new LineSplitter(LINE_BYTES_MAX, (line) => {
    const words = describeOperation(line);
    if (words !== null) io.stdout.write(`${words}
`);
  });
  for await (const piece of folder.read(AUDIT_FILE, audit.bytes)) if (!lines.push(piece)) return EXIT_FAILED;
  return EXIT_OK;
}
async function playAll(folder, files, pace, io) {
  const recordings = [...files.values()].filter(({ path }) => parseRecordingPath(path)?.type === "rec");
  if (recordings.length === 0) {
    io.stderr.write("Cannot replay: the bundle holds no terminal recording; --operations lists what was done\n");
    return EXIT_FAILED;
  }
  try {
    for (const recording of recordings) {
      if (recordings.length > 1) io.stderr.write(`--- ${recording.path}
`);
      await play(folder, recording, pace, io);
    }
  } finally {
    io.stdout.write(`${TERMINAL_RESET}
`);
  }
  return EXIT_OK;
}
async function play(folder, { path, bytes }, pace, io) {
  const wait = io.wait ?? ((ms) => sleep(ms));
  const decoder = new FrameDecoder();
  const playback = new Playback(pace);
  for await (const piece of folder.read(path, bytes)) {
    for (const frame of decoder.push(piece)) {
      const shown = playback.frame(frame);
      if (shown === null || shown.text === "") continue;
      if (shown.waitMs > 0) await wait(shown.waitMs);
      io.stdout.write(shown.text);
    }
  }
}
function usage(io, why) {
  io.stderr.write(`${printable(why)}

${HELP}`);
  return EXIT_USAGE;
}
export {
  replayCommand
};
