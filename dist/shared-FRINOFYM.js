import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  readOutside
} from "./shared-B2ODYQPV.js";
import {
  PATH_HELP,
  findBundle,
  openBundle
} from "./shared-ZAPNIUO6.js";
import {
  Playback
} from "./shared-TSYTZJFL.js";
import {
  CHUNKS_MAX,
  ENCRYPTED_RANGE_BYTES_MAX,
  checkStructure,
  verifyBundle
} from "./shared-4ZZSA6HO.js";
import {
  LineSplitter,
  auditPieces
} from "./shared-VBDUAGZA.js";
import "./shared-33G7XI2G.js";
import {
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE
} from "./shared-KF3IWNFN.js";
import "./shared-HW2JNPR6.js";
import {
  rightText
} from "./shared-IC5W4FSN.js";
import "./shared-VXLA3JHL.js";
import {
  TERMINAL_RESET,
  printable
} from "./shared-45OH65BV.js";
import {
  LINE_BYTES_MAX,
  LineEnvelope,
  decodeUtf8,
  parseRecordingPath,
  readEntry
} from "./shared-SRWRGWQG.js";
import {
  FrameDecoder
} from "./shared-ZTYEZK3O.js";
import "./shared-XR5Q7YXY.js";
import {
  isCanonicalJson
} from "./shared-ICF2F4II.js";
import "./shared-2T7SPHVJ.js";
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
    case "hold":
      return `waiting     for approval in ${entry.environment}, until ${entry.expires}  [${entry.decision}]`;
    case "approval":
      return `${entry.verdict.padEnd(11)} ${entry.approver === null ? "" : `by ${entry.approver.login} (${entry.approver.id})`}${entry.why === null ? "" : ` ${entry.why}`}  [${entry.hold}]`;
    case "release":
      return `released    ${entry.outcome}${entry.reasons.length === 0 ? "" : ` (${entry.reasons.join("; ")})`}  [${entry.decision}]`;
    case "connection":
      return `connection  ${entry.event} to ${entry.target}${entry.why === null ? "" : `: ${entry.why}`}  [${entry.connection}]`;
    case "command":
      return entry.event === "started" ? `command     ${shorten(entry.argv.join(" "))}` : `command     ended with ${entry.signal ?? entry.exitCode ?? "nothing known"}`;
    case "cage":
      return entry.event === "ended" ? null : `cage        ${entry.cage} ${entry.event} by command ${entry.command ?? "nobody knows which"}`;
    case "delegation":
      return `delegated   command ${entry.parent} has command ${entry.link} started as ${entry.duty}; what holds there: ${rightText(entry.duties)}`;
    case "agent":
      return `agent       ${entry.executable ?? entry.why ?? "nobody knows who"} in the cage of command ${entry.link}; what holds there from now on: ${rightText(entry.duties)}`;
    case "mint":
      return `token       for ${entry.audience}: ${entry.outcome} to command ${entry.link}`;
    case "egress":
      return `egress      ${describeEgress(entry)}`;
    case "incident":
      return `incident    ${entry.incident} by key ${entry.clientKey}`;
    case "session":
    case "confinement":
    case "recording":
    case "checkpoint":
    case "seal":
      return null;
  }
}
function describeEgress({
  event,
  host,
  port,
  seen,
  address,
  why,
  times,
  sent,
  received,
  attempt
}) {
  const to = `${event === "asked" ? "asked for" : `${event} to`} ${host === "" ? "several" : host}${port === null ? "" : `:${port}`}`;
  const asked = seen === null || seen === host ? "" : ` for ${seen}`;
  const where = event === "opened" && address !== null ? ` at ${address}` : "";
  const bytes = event === "closed" ? ` after ${sent} bytes out, ${received} in` : "";
  const reason = why === null ? "" : `: ${why}`;
  const count = times === 1 ? "" : ` (${times} times)`;
  return `${to}${asked}${where}${bytes}${reason}${count}${attempt === "" ? "" : `  [${attempt}]`}`;
}
function shorten(text) {
  return text.length <= STATEMENT_CHARS_MAX ? text : `${text.slice(0, STATEMENT_CHARS_MAX)}\u2026 (${text.length} characters)`;
}

// src/core/verify/recorded-bytes.ts
async function recordedRanges(reader, members) {
  const ranges = /* @__PURE__ */ new Map();
  let count = 0;
  const lines = new LineSplitter(LINE_BYTES_MAX, (line) => {
    const range = line.includes('"kind":"recording"') ? rangeIn(line) : null;
    if (range === null || count >= CHUNKS_MAX) return;
    count += 1;
    const known = ranges.get(range.file) ?? [];
    known.push(range.bytes);
    ranges.set(range.file, known);
  });
  for await (const piece of auditPieces(reader, members)) if (!lines.push(piece)) break;
  return ranges;
}
async function* decryptedBytes(reader, { path, bytes }, { ranges, decrypt }) {
  const sizes = (ranges.get(path) ?? []).values();
  let size = sizes.next();
  let held = Buffer.alloc(0);
  for await (const piece of reader.read(path, bytes)) {
    held = Buffer.concat([held, piece]);
    while (!size.done && held.length >= size.value) {
      const plaintext = await decrypt(held.subarray(0, size.value));
      if (plaintext === null)
        throw new Error(`Cannot read ${path}: it is encrypted, and no identity given opens it; expected one of its recipients'`);
      yield plaintext;
      held = held.subarray(size.value);
      size = sizes.next();
    }
    if (size.done) return;
    if (size.value > ENCRYPTED_RANGE_BYTES_MAX)
      throw new Error(`Cannot read ${path}: a range of it is longer than ${ENCRYPTED_RANGE_BYTES_MAX} bytes`);
  }
}
function rangeIn(line) {
  try {
    const parsed = LineEnvelope.safeParse(JSON.parse(decodeUtf8(line) ?? ""));
    const read = parsed.success ? readEntry(parsed.data.entry) : null;
    return read !== null && "known" in read && read.known && read.entry.kind === "recording" ? read.entry : null;
  } catch {
    return null;
  }
}

// src/cli/replay.ts
var HELP = `duty-gate replay PATH [--speed N] [--idle-max S] [--instant] [--operations] [--identity FILE] [--even-broken]

Plays the terminal recordings of an evidence bundle. Only text, colours and cursor moves reach your terminal.
${PATH_HELP}

  --speed N        N times as fast, 0.1 to 100 (1)
  --idle-max S     pauses of at most S seconds (2)
  --instant        no pauses
  --operations     list the operations and how they were judged, instead of playing
  --identity FILE  age identities, for recordings that are encrypted
  --even-broken    play a bundle that does not verify: what you see may not be what happened
  --help           this text

Exit code: 0 played, 1 broken bundle or nothing to play, 2 usage.
`;
async function replayCommand(args, io) {
  const options = readOptions(args);
  if (typeof options === "string") return usage(io, options);
  if (options.help) {
    io.stdout.write(HELP);
    return EXIT_OK;
  }
  const outside = readOutside({ keys: null, log: null, identity: options.identity });
  if ("why" in outside) return usage(io, outside.why);
  const found = findBundle(options.path);
  if ("why" in found) return usage(io, found.why);
  let bundle = null;
  try {
    bundle = await openBundle(found.bundle);
    return await replay(bundle, { ...options, decrypt: outside.decrypt ?? null }, io);
  } catch (cause) {
    io.stderr.write(`Cannot replay: ${printable(cause instanceof Error ? cause.message : String(cause))}
`);
    return EXIT_FAILED;
  } finally {
    bundle?.close();
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
      "even-broken": flag,
      identity: { type: "string" }
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
    const { identity = null } = values;
    return { path, pace, help, identity, operations: values.operations === true, evenBroken: values["even-broken"] === true };
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
  return options.operations ? listOperations(folder, structure.files, io) : playAll(folder, structure.files, options, io);
}
async function listOperations(folder, files, io) {
  const lines = new LineSplitter(LINE_BYTES_MAX, (line) => {
    const words = describeOperation(line);
    if (words !== null) io.stdout.write(`${words}
`);
  });
  for await (const piece of auditPieces(folder, files.values())) if (!lines.push(piece)) return EXIT_FAILED;
  return EXIT_OK;
}
async function playAll(folder, files, { pace, decrypt }, io) {
  const all = [...files.values()].filter(({ path }) => isOfTerminal(path));
  const recordings = decrypt === null ? all.filter(({ path }) => !isEncrypted(path)) : all;
  if (recordings.length === 0) {
    const why = all.length > 0 ? "its recordings are encrypted: --identity FILE opens them" : "the bundle holds no terminal recording";
    io.stderr.write(`Cannot replay: ${why}; --operations lists what was done
`);
    return EXIT_FAILED;
  }
  const ranges = decrypt === null ? /* @__PURE__ */ new Map() : await recordedRanges(folder, files.values());
  try {
    for (const recording of recordings) {
      if (recordings.length > 1) io.stderr.write(`--- ${recording.path}
`);
      const bytes = decrypt !== null && isEncrypted(recording.path) ? decryptedBytes(folder, recording, { ranges, decrypt }) : folder.read(recording.path, recording.bytes);
      await play(bytes, pace, io);
    }
  } finally {
    io.stdout.write(`${TERMINAL_RESET}
`);
  }
  return EXIT_OK;
}
function isOfTerminal(path) {
  const recording = parseRecordingPath(path);
  return recording?.of === "terminal" && (recording.type === "rec" || recording.type === "rec.age");
}
function isEncrypted(path) {
  return parseRecordingPath(path)?.type === "rec.age";
}
async function play(bytes, pace, io) {
  const wait = io.wait ?? ((ms) => sleep(ms));
  const decoder = new FrameDecoder();
  const playback = new Playback(pace);
  for await (const piece of bytes) {
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
