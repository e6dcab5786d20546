import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  LineSplitter,
  openBundleFolder
} from "./shared-A72FYN76.js";
import {
  AUDIT_FILE,
  LINE_BYTES_MAX,
  LineEnvelope,
  decodeUtf8,
  parseRecordingPath,
  readEntry
} from "./shared-C3XQDRQO.js";

// src/report/write-report.ts
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// src/report/page.ts
import { createHash } from "node:crypto";
function reportPage(facts, assets) {
  const { style, script, playerStyle, playerScript } = assets;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(playerScript)} ${hash(script)} 'wasm-unsafe-eval'`,
    // The player sizes and colours its cells by style attributes.
    "style-src 'unsafe-inline'",
    "font-src data:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'"
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>duty-gate report</title>
<style>${playerStyle}</style>
<style>${style}</style>
</head>
<body>
<main id="report"><noscript>This report needs JavaScript, which this page brings along; nothing is loaded from anywhere.</noscript></main>
<script type="application/json" id="facts">${json(facts)}</script>
<script>${playerScript}</script>
<script>${script}</script>
</body>
</html>
`;
}
function hash(script) {
  if (/<\/script/i.test(script)) throw new RangeError("Cannot make a report: a script of ours would end itself");
  return `'sha256-${createHash("sha256").update(script, "utf8").digest("base64")}'`;
}
function json(facts) {
  return JSON.stringify(facts).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

// src/report/report-data.ts
var OPERATIONS_MAX = 1e4;
var STATEMENT_CHARACTERS_MAX = 4e3;
var TEXT_CHARACTERS_MAX = 500;
var TEXTS_MAX = 20;
var COMMANDS_MAX = 1e3;
var ReportGatherer = class {
  #operations = [];
  #underWay = /* @__PURE__ */ new Map();
  #linkOf = /* @__PURE__ */ new Map();
  #commands = /* @__PURE__ */ new Map();
  #leftOut = 0;
  /** @param bytes one line, without its end. */
  take(bytes) {
    const line = parseLine(bytes);
    if (line === null) return;
    const read = readEntry(line.entry);
    if ("known" in read && read.known) this.#entry(line.at, read.entry);
  }
  data(verification) {
    return { verification, operations: this.#operations, operationsLeftOut: this.#leftOut, commands: [...this.#commands.values()] };
  }
  #entry(at, entry) {
    switch (entry.kind) {
      case "connection":
        if (entry.event === "opened") this.#linkOf.set(entry.connection, entry.link);
        else this.#linkOf.delete(entry.connection);
        break;
      case "decision":
        this.#decision(at, entry);
        break;
      case "outcome":
        this.#outcome(entry);
        break;
      case "command":
        this.#command(at, entry);
        break;
      case "session":
      case "recording":
      case "incident":
      case "seal":
        break;
    }
  }
  #decision(at, entry) {
    if (this.#operations.length >= OPERATIONS_MAX) {
      this.#leftOut += 1;
      return;
    }
    const operation = {
      ...{ at, link: this.#linkOf.get(entry.connection) ?? "", target: cutText(entry.target), outcome: entry.outcome, end: null },
      statement: entry.statement.slice(0, STATEMENT_CHARACTERS_MAX),
      cut: Math.max(0, entry.statement.length - STATEMENT_CHARACTERS_MAX),
      rules: cutList(entry.rules),
      effects: cutList(entry.pairs.map(({ effect, object }) => `${effect} ${describeObject(object)}`)),
      reasons: cutList(entry.reasons)
    };
    this.#operations.push(operation);
    if (entry.outcome === "allow") this.#underWay.set(entry.decision, operation);
  }
  #outcome({ decision, status, code, rows, masked, durationMicros }) {
    const operation = this.#underWay.get(decision);
    this.#underWay.delete(decision);
    if (operation !== void 0) operation.end = { status, code, rows, masked, micros: durationMicros };
  }
  #command(at, { link, event, argv, exitCode, signal }) {
    const known = this.#commands.get(link);
    if (event === "started" && known === void 0 && this.#commands.size < COMMANDS_MAX) {
      this.#commands.set(link, { link, argv: cutText(argv.join(" ")), started: at, ended: null, result: null });
    } else if (event === "ended" && known !== void 0) {
      known.ended = at;
      known.result = signal ?? (exitCode === null ? "cut off" : `exit code ${exitCode}`);
    }
  }
};
function parseLine(bytes) {
  try {
    const parsed = LineEnvelope.safeParse(JSON.parse(decodeUtf8(bytes) ?? ""));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
function describeObject(object) {
  const { kind, path } = object;
  if (Array.isArray(path)) return path.join(".");
  return String(object["name"] ?? kind ?? "");
}
function cutList(texts) {
  return texts.slice(0, TEXTS_MAX).map(cutText);
}
function cutText(text) {
  return text.length <= TEXT_CHARACTERS_MAX ? text : `${text.slice(0, TEXT_CHARACTERS_MAX)}\u2026`;
}

// src/report/write-report.ts
var RECORDINGS_BYTES_MAX = 32 * 1024 * 1024;
async function writeReport(bundle, out, verification) {
  const folder = openBundleFolder(bundle);
  try {
    writeFileSync(out, reportPage(await gather(folder, verification), readAssets()), { mode: 384 });
  } finally {
    folder.close();
  }
}
async function gather(reader, verification) {
  const members = (await reader.members()).filter(({ kind }) => kind === "file");
  const gatherer = new ReportGatherer();
  const audit = members.find(({ path }) => path === AUDIT_FILE);
  const lines = new LineSplitter(LINE_BYTES_MAX, (bytes) => gatherer.take(bytes));
  if (audit !== void 0) {
    for await (const piece of reader.read(AUDIT_FILE, audit.bytes)) if (!lines.push(piece)) break;
  }
  return { ...gatherer.data(verification), ...await gatherRecordings(reader, members) };
}
async function gatherRecordings(reader, members) {
  const recordings = [];
  const recordingsLeftOut = [];
  let bytes = 0;
  for (const member of members) {
    const parsed = parseRecordingPath(member.path);
    if (parsed?.type !== "cast") continue;
    bytes += member.bytes;
    if (bytes > RECORDINGS_BYTES_MAX) recordingsLeftOut.push(parsed.link);
    else recordings.push({ link: parsed.link, cast: await readText(reader, member) });
  }
  return { recordings, recordingsLeftOut };
}
async function readText(reader, { path, bytes }) {
  const pieces = [];
  for await (const piece of reader.read(path, bytes)) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces).toString("utf8");
}
function readAssets() {
  const here = import.meta.url;
  const isSource = here.endsWith(".ts");
  const own = fileURLToPath(new URL(isSource ? "./assets/" : "./report/", here));
  const player = isSource ? playerFolder(here) : own;
  const read = (folder, name) => readFileSync(join(folder, name), "utf8");
  return {
    style: read(own, "report.css"),
    script: read(own, "report.js"),
    playerStyle: read(player, "asciinema-player.css"),
    playerScript: read(player, "asciinema-player.min.js")
  };
}
function playerFolder(here) {
  return dirname(createRequire(here).resolve("asciinema-player/dist/bundle/asciinema-player.css"));
}

export {
  RECORDINGS_BYTES_MAX,
  writeReport
};
