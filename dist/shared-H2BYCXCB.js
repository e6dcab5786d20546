import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  GatewayStartError
} from "./shared-FQBLNEU6.js";
import {
  ActionError
} from "./shared-RUFRKYSR.js";
import {
  addPath,
  error,
  getInput,
  getState,
  info,
  notice,
  saveState,
  setOutput,
  setSecret,
  warning
} from "./shared-NZWGG76T.js";
import {
  ControlError
} from "./shared-6EOHPRKU.js";
import {
  boolean,
  int,
  literal,
  strictObject,
  string
} from "./shared-2T7SPHVJ.js";

// src/action/job-folder.ts
import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
var FOLDERS_BASE = "/tmp";
var JOB_FOLDER_STATE = "job-folder";
var NAME_DIGITS = 16;
var FOLDERS_OPENED_MAX = 1e6;
var NAME = /^job-[0-9a-f]{16}$/;
function makeJobFolder({ base, uid }, facts) {
  const parent = join(base, `duty-gate-${uid}`);
  mkdirSync(parent, { recursive: true, mode: 448 });
  requirePrivate(parent, uid);
  const path = join(parent, `job-${jobHash(facts)}`);
  try {
    mkdirSync(path, { mode: 448 });
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    throw new ActionError(
      "second-use",
      `Cannot open a second session: this job has a session already (${path}), expected one use of the action in a job. One is enough: every later step with \`shell: duty-gate shell {0}\` runs under it`
    );
  }
  return path;
}
function openJobFolder({ base, uid }, path) {
  const parent = join(base, `duty-gate-${uid}`);
  const name = path.slice(parent.length + 1);
  if (path !== join(parent, name) || !NAME.test(name)) throw foreign(path);
  if (lstatSync(path, { throwIfNoEntry: false }) === void 0) return null;
  requirePrivate(parent, uid);
  requirePrivate(path, uid);
  if (realpathSync(path) !== join(realpathSync(base), `duty-gate-${uid}`, name)) throw foreign(path);
  return path;
}
function removeJobFolder(path, asRoot = () => void 0) {
  rmSync(join(path, "session.json"), { force: true });
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    openFolders(path, asRoot);
    rmSync(path, { recursive: true, force: true });
  }
}
function openFolders(path, asRoot) {
  const folders = [path];
  for (let opened = 0; opened < folders.length && opened < FOLDERS_OPENED_MAX; opened++) {
    const folder = folders[opened] ?? path;
    try {
      chmodSync(folder, 448);
    } catch {
      asRoot(folder);
      continue;
    }
    for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) folders.push(join(folder, entry.name));
  }
}
function jobHash({ repository, runId, attempt, job, trackingId, temp }) {
  const text = JSON.stringify([repository, runId, attempt, job, trackingId, temp]);
  return createHash("sha256").update(text).digest("hex").slice(0, NAME_DIGITS);
}
function requirePrivate(path, uid) {
  const found = lstatSync(path);
  if (found.isDirectory() && found.uid === uid && (found.mode & 63) === 0) return;
  throw new ActionError("folder", `Cannot use ${path}: it is not this user's own closed folder, expected one of mode 0700, or nothing`);
}
function foreign(path) {
  return new ActionError(
    "folder",
    `Cannot use ${JSON.stringify(path.slice(0, 200))}: it is no folder of a job, expected the one that this action made`
  );
}

// src/action/own-process.ts
function hardenProcess() {
  process.on("SIGUSR1", () => void 0);
  process.umask(63);
  const cancelled = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => resolve(`the runner ended the step (${signal})`));
  });
  return { cancelled };
}

// src/action/toolkit.ts
var runnerToolkit = { getInput, getState, setSecret, setOutput, saveState, addPath, info, notice, warning, error };

// src/action/untrusted-text.ts
var INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;
var STACKED_MARKS = new RegExp("(\\p{M}{4})\\p{M}+", "gu");
function visible(text, charactersMax) {
  const cut = text.length > charactersMax ? `${withoutHalf(text.slice(0, charactersMax))}\u2026 (${text.length} characters)` : text;
  return cut.replace(INVISIBLE, (character) => character === " " ? " " : escaped(character)).replace(STACKED_MARKS, "$1");
}
function visibleLines(text, charactersMax) {
  const cut = text.length > charactersMax ? `${withoutHalf(text.slice(0, charactersMax))}\u2026 (${text.length} characters)` : text;
  return cut.split("\n").map((line) => visible(line, Number.POSITIVE_INFINITY)).join("\n");
}
var LOG_LINE_CHARACTERS_MAX = 4096;
function logLine(text) {
  return `duty-gate: ${visible(text, LOG_LINE_CHARACTERS_MAX).replaceAll("##[", "#\\u{23}[")}`;
}
function markdownCell(text, charactersMax) {
  return `<code>${references(visible(text, charactersMax))}</code>`;
}
function markdownText(text, charactersMax) {
  return references(visible(text, charactersMax));
}
function references(text) {
  return text.replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`);
}
function withoutHalf(text) {
  return text.replace(/[\ud800-\udbff]$/, "");
}
function escaped(character) {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

// src/action/gateway-log.ts
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { join as join2 } from "node:path";
var TAIL_BYTES_MAX = 4096;
var LINES_MAX = 20;
function gatewayLogPath(jobFolder) {
  return join2(jobFolder, "gateway.log");
}
function gatewayLogTail(jobFolder) {
  let file;
  try {
    file = openSync(gatewayLogPath(jobFolder), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES_MAX));
    const read = readSync(file, tail, 0, tail.length, size - tail.length);
    const lines = tail.toString("utf8", 0, read).split("\n");
    return lines.filter((line) => line.trim() !== "").slice(-LINES_MAX);
  } catch {
    return [];
  } finally {
    closeSync(file);
  }
}

// src/action/artifact-name.ts
import { createHash as createHash2 } from "node:crypto";
var NAME_CHARACTERS_MAX = 128;
var JOB_CHARACTERS_MAX = 48;
var SESSION_DIGITS = 8;
function artifactName({ runId, job, attempt }, session) {
  const jobPart = job.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, JOB_CHARACTERS_MAX) || "job";
  const sessionPart = createHash2("sha256").update(session).digest("hex").slice(0, SESSION_DIGITS);
  return `duty-gate-${runId}-${jobPart}-${attempt}-${sessionPart}`;
}
function artifactNameFault(name) {
  if (name.length > NAME_CHARACTERS_MAX) return `at most ${NAME_CHARACTERS_MAX} characters`;
  if (/["*/:<>?\\|\p{C}]/u.test(name)) return 'none of " * / : < > ? \\ | and no control character';
  if (/^[.\s]|[.\s]$/.test(name)) return "no point or space at its ends";
  return null;
}

// src/action/job-record.ts
import { closeSync as closeSync2, constants as constants2, fstatSync as fstatSync2, openSync as openSync2, readFileSync, writeFileSync } from "node:fs";
import { join as join3 } from "node:path";
var JobRecord = strictObject({
  version: literal(1),
  /** Absolute; holds this job's bundle and nothing else. */
  evidenceFolder: string().startsWith("/").max(4096),
  artifactName: string().nullable(),
  retentionDays: int().positive().nullable(),
  attest: boolean()
});
var FILE_NAME = "job.json";
var FILE_BYTES_MAX = 64 * 1024;
function writeJobRecord(folder, record) {
  writeFileSync(join3(folder, FILE_NAME), JSON.stringify({ version: 1, ...record }), { mode: 384, flag: "wx" });
}
function readJobRecord(folder) {
  let file;
  try {
    file = openSync2(join3(folder, FILE_NAME), constants2.O_RDONLY | constants2.O_NOFOLLOW | constants2.O_NONBLOCK);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw changed(folder);
  }
  try {
    const stat = fstatSync2(file);
    if (!stat.isFile() || stat.size > FILE_BYTES_MAX) throw changed(folder);
    const { version: _, ...record } = JobRecord.parse(JSON.parse(readFileSync(file, "utf8")));
    return record;
  } catch {
    throw changed(folder);
  } finally {
    closeSync2(file);
  }
}
function changed(folder) {
  return new ActionError("folder", `Cannot read ${join3(folder, FILE_NAME)}: it is not what this action wrote, expected it unchanged`);
}

// src/action/refusals.ts
var MESSAGE_CHARACTERS_MAX = 4e3;
var PLACE_CHARACTERS_MAX = 1e3;
var ANNOTATIONS_MAX = 9;
var TITLES = {
  inputs: "duty-gate: inputs",
  runner: "duty-gate: runner",
  "second-use": "duty-gate: second use",
  identity: "duty-gate: identity token",
  policy: "duty-gate: policy",
  gateway: "duty-gate: gateway",
  folder: "duty-gate: folder",
  upload: "duty-gate: upload",
  cancelled: "duty-gate: cancelled"
};
function refusalOf(error2) {
  if (error2 instanceof ActionError) return refusal(TITLES[error2.code], error2.message);
  if (error2 instanceof GatewayStartError) {
    if (error2.problems.length === 0) return refusal(error2.code === "policy" ? TITLES.policy : TITLES.gateway, error2.message);
    return { ...refusal(TITLES.policy, error2.message.split("\n", 1)[0] ?? ""), places: error2.problems };
  }
  if (error2 instanceof ControlError) return refusal(error2.code === "forbidden" ? "duty-gate: duty" : TITLES.gateway, error2.message);
  return refusal("duty-gate: fault", `Cannot go on: ${faultName(error2)}, expected no fault of the action's own`);
}
function refusal(title, message) {
  return { title, message: visibleLines(message, MESSAGE_CHARACTERS_MAX), places: [] };
}
function faultName(error2) {
  if (!(error2 instanceof Error)) return "an unknown fault";
  const [, place = ""] = /\n {4}at ([^\n]{1,200})/.exec(error2.stack ?? "") ?? [];
  const code = "code" in error2 && typeof error2.code === "string" ? ` ${error2.code}` : "";
  return `${error2.name}${code}${place === "" ? "" : ` at ${place}`}`;
}
function tellRefusal(toolkit, { title, message, places }, policy) {
  const shown = places.slice(0, ANNOTATIONS_MAX);
  const rest = places.slice(ANNOTATIONS_MAX);
  const hint = places.length === 0 ? "" : `. Each is ${rest.length === 0 ? "an annotation at its line" : "an annotation at its line, or stands above this one"}`;
  for (const place of rest) toolkit.info(logLine(`${policyLabel(policy)}:${place.line}:${place.column} ${place.message}`));
  for (const { line, column, message: what } of shown)
    tellPlace(toolkit, { line, column, message: visible(what, PLACE_CHARACTERS_MAX) }, policy);
  toolkit.error(`${message}${hint}`, { title });
}
function tellPlace(toolkit, { line, column, message }, policy) {
  if (policy === null || policy.repository !== null)
    return toolkit.error(`${policyLabel(policy)}:${line}:${column} ${message}`, { title: TITLES.policy });
  toolkit.error(message, { title: TITLES.policy, file: policy.path, startLine: line, startColumn: column });
}
function policyLabel(policy) {
  if (policy === null) return "policy";
  return policy.repository === null ? policy.path : `${policy.repository}@${policy.ref ?? "default"}:${policy.path}`;
}

export {
  visible,
  logLine,
  markdownCell,
  markdownText,
  FOLDERS_BASE,
  JOB_FOLDER_STATE,
  makeJobFolder,
  openJobFolder,
  removeJobFolder,
  hardenProcess,
  gatewayLogPath,
  gatewayLogTail,
  artifactName,
  artifactNameFault,
  writeJobRecord,
  readJobRecord,
  refusalOf,
  tellRefusal,
  runnerToolkit
};
