import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  verificationPage
} from "./shared-PMR7ZHAQ.js";
import {
  Playback
} from "./shared-TSYTZJFL.js";
import {
  LineSplitter,
  auditPieces
} from "./shared-VBDUAGZA.js";
import {
  openBundleFolder
} from "./shared-33G7XI2G.js";
import {
  AsciicastWriter
} from "./shared-VXLA3JHL.js";
import {
  EMPTY_CHAIN,
  LINE_BYTES_MAX,
  LineEnvelope,
  decodeUtf8,
  parseRecordingPath,
  readEntry
} from "./shared-SRWRGWQG.js";
import {
  FrameDecoder,
  FrameFault,
  encodeResize,
  parseResize
} from "./shared-ZTYEZK3O.js";
import {
  sha256Hex
} from "./shared-ICF2F4II.js";

// src/report/assets.ts
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
function readAssets() {
  const here = import.meta.url;
  const isSource = here.endsWith(".ts");
  const own = fileURLToPath(new URL(isSource ? "./assets/" : "./report/", here));
  const player = isSource ? dirname(createRequire(here).resolve("asciinema-player/dist/bundle/asciinema-player.css")) : own;
  const read = (folder, name) => readFileSync(join(folder, name), "utf8");
  return {
    styles: [read(player, "asciinema-player.css"), read(own, "report.css")],
    playerScript: read(player, "asciinema-player.min.js"),
    scripts: OWN_SCRIPTS.map((name) => read(own, name))
  };
}
var OWN_SCRIPTS = ["elements.js", "operations.js", "report.js"];

// src/report/cage-commands.ts
var CageCommands = class {
  #cages = /* @__PURE__ */ new Map();
  cage({ cage, event, command }) {
    if (event === "ended") this.#cages.delete(cage);
    else if (command !== null) this.#cages.set(cage, (this.#cages.get(cage) ?? /* @__PURE__ */ new Set()).add(command));
  }
  ended(command) {
    for (const commands of this.#cages.values()) commands.delete(command);
  }
  /** The command that a link is shown with: the only one that is in a cage; the cage itself while there is none, or several. */
  shown(link) {
    const commands = this.#cages.get(link);
    const [only] = commands ?? [];
    return commands?.size === 1 && only !== void 0 ? only : link;
  }
};

// src/report/cut.ts
var TEXT_CHARACTERS_MAX = 500;
var TEXTS_MAX = 20;
function cutText(text, charactersMax = TEXT_CHARACTERS_MAX) {
  return text.length <= charactersMax ? text : `${beginning(text, charactersMax)}\u2026 (${text.length} characters)`;
}
function beginning(text, charactersMax) {
  return text.slice(0, charactersMax).replace(/[\ud800-\udbff]$/, "");
}
function cutTexts(texts) {
  const shown = texts.slice(0, TEXTS_MAX).map((text) => cutText(text));
  const rest = texts.length - shown.length;
  return rest === 0 ? shown : [...shown, `\u2026 and ${rest} more`];
}

// src/report/chain-tree.ts
var LINKS_MAX = 2e3;
var ChainTree = class {
  #roots = [];
  /** By command or cage: the last link of its chain, so far. */
  #last = /* @__PURE__ */ new Map();
  #nodes = 0;
  #leftOut = 0;
  session({ chain }) {
    for (const { principal, duty } of chain)
      this.#put(this.#job, { kind: "job", link: "job", name: cutText(principal), duty: cutText(duty) });
  }
  /** A command of the job's own, unless another delegated to it. */
  started({ link, argv }) {
    if (this.#last.has(link)) return;
    const job = this.#job;
    const node = this.#put(job, { kind: "command", link, name: cutText(argv.join(" ")), duty: job?.duty ?? "" });
    if (node !== null) this.#last.set(link, node);
  }
  /** What several commands share: what comes out of it is of none of them alone. */
  cage(cage) {
    const job = this.#job;
    const node = this.#put(job, { kind: "cage", link: cage, name: cutText(cage), duty: job?.duty ?? "" });
    if (node !== null) this.#last.set(cage, node);
  }
  delegation({ link, parent, executable, duty }) {
    const node = this.#put(this.#last.get(parent), { kind: "delegated", link, name: cutText(executable), duty: cutText(duty) });
    if (node !== null) this.#last.set(link, node);
  }
  agent({ link, agent, executable, why, duty }) {
    const name = executable ?? why ?? "nobody knows who";
    const node = this.#put(this.#last.get(link), { kind: "agent", link: agent, name: cutText(name), duty: cutText(duty) });
    if (node !== null) this.#last.set(link, node);
  }
  decision({ link, outcome }) {
    const node = this.#last.get(link);
    if (node === void 0) return;
    if (outcome === "allow" || outcome === "hold") node.allowed += 1;
    else node.refused += 1;
  }
  shown() {
    return { chains: this.#roots.flatMap((node) => flattened(node, 0)), linksLeftOut: this.#leftOut };
  }
  get #job() {
    let job = this.#roots[0];
    for (let below = job; below?.kind === "job"; below = below.below.find(({ kind }) => kind === "job")) job = below;
    return job;
  }
  #put(above, made) {
    if (this.#nodes >= LINKS_MAX) {
      this.#leftOut += 1;
      return null;
    }
    this.#nodes += 1;
    const node = { ...made, allowed: 0, refused: 0, below: [] };
    (above?.below ?? this.#roots).push(node);
    return node;
  }
};
function flattened({ below, ...node }, depth) {
  const flat = [];
  const waiting = [{ node: { ...node, below }, depth }];
  for (let next = waiting.pop(); next !== void 0; next = waiting.pop()) {
    const { below: under, ...shown } = next.node;
    flat.push({ ...shown, depth: next.depth });
    for (const each of under.toReversed()) waiting.push({ node: each, depth: next.depth + 1 });
  }
  return flat;
}

// src/report/describe-pair.ts
function describePair({ effect, object }) {
  const { kind, path, name, what, why } = object;
  switch (kind) {
    case "none":
      return effect;
    case "catalog":
    case "relation":
      return `${effect} ${describePath(path)}`;
    case "function":
      return `${effect} function ${describePath(path)}`;
    case "setting":
      return `${effect} setting ${describeName(name)}`;
    case "other":
      return `${effect} ${typeof what === "string" ? what : "object"} ${describeName(name)}`;
    case "undecidable":
      return `${effect}: ${typeof why === "string" ? why : "nobody can tell"}`;
    default:
      return `${effect} ${kind}`;
  }
}
function describePath(path) {
  return Array.isArray(path) && path.length > 0 ? path.map(describeName).join(".") : "of no name";
}
function describeName(name) {
  if (typeof name !== "string") return "of no name";
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

// src/report/shown-operations.ts
var OPERATIONS_MAX = 1e4;
var OPERATIONS_CHARACTERS_MAX = 8 * 1024 * 1024;
var STATEMENT_CHARACTERS_MAX = 4e3;
var ShownOperations = class {
  #operations = [];
  #underWay = /* @__PURE__ */ new Map();
  #room = {
    allowed: { operations: OPERATIONS_MAX, characters: OPERATIONS_CHARACTERS_MAX },
    refused: { operations: OPERATIONS_MAX, characters: OPERATIONS_CHARACTERS_MAX }
  };
  #leftOut = { allowed: 0, refused: 0 };
  decision(place, entry) {
    const mayRun = entry.outcome === "allow" || entry.outcome === "hold";
    const sort = mayRun ? "allowed" : "refused";
    const room = this.#room[sort];
    const operation = this.#leftOut[sort] > 0 || room.operations === 0 ? null : shownOf(place, entry);
    if (operation === null || room.characters < charactersOf(operation)) {
      this.#leftOut[sort] += 1;
      return;
    }
    room.operations -= 1;
    room.characters -= charactersOf(operation);
    this.#operations.push(operation);
    if (mayRun) this.#underWay.set(entry.decision, operation);
  }
  /** An operation that waited goes on, or does not. */
  release({ decision, outcome }) {
    const operation = this.#underWay.get(decision);
    if (operation !== void 0) operation.outcome = outcome;
  }
  outcome({ decision, status, code, rows, masked, durationMicros }) {
    const operation = this.#underWay.get(decision);
    this.#underWay.delete(decision);
    if (operation !== void 0)
      operation.end = { status, code: code === null ? null : cutText(code), rows, masked, micros: durationMicros };
  }
  shown() {
    return { operations: this.#operations, operationsLeftOut: { ...this.#leftOut } };
  }
};
function shownOf({ at, n, link }, entry) {
  const { target, duty, outcome, pairs, rules, reasons, parameters } = entry;
  const statement = beginning(entry.statement, STATEMENT_CHARACTERS_MAX);
  return {
    ...{ n, at, link, outcome, target: cutText(target), duty: cutText(duty) },
    effects: cutTexts(pairs.map(describePair)),
    rules: cutTexts(rules),
    reasons: cutTexts(reasons),
    statement,
    cut: entry.statement.length - statement.length,
    parameters: cutTexts(parameters.map((value) => value === null ? "NULL" : `'${value}'`)),
    end: null
  };
}
function charactersOf({ target, duty, statement, effects, rules, reasons, parameters }) {
  return [target, duty, statement, ...effects, ...rules, ...reasons, ...parameters].reduce((sum, text) => sum + text.length, 0);
}

// src/report/gatherer.ts
var COMMANDS_MAX = 1e3;
var CONNECTIONS_MAX = 1e3;
var INCIDENTS_MAX = 20;
var CONNECTIONS_OPEN_MAX = 1e5;
var Gatherer = class {
  #entriesMax;
  #entries = EMPTY_CHAIN.entries;
  #last = EMPTY_CHAIN.last;
  #isChain = true;
  #operations = new ShownOperations();
  #chains = new ChainTree();
  #cages = new CageCommands();
  #commands = /* @__PURE__ */ new Map();
  #commandsLeftOut = 0;
  #connections = [];
  #connectionsShown = { opened: 0, refused: 0 };
  #connectionsLeftOut = 0;
  #open = /* @__PURE__ */ new Map();
  #incidents = [];
  /** @param entriesMax how many lines were found intact */
  constructor(entriesMax) {
    this.#entriesMax = entriesMax;
  }
  /** @param bytes one line, without its end. */
  take(bytes) {
    if (this.#entries >= this.#entriesMax) return;
    const line = parseLine(bytes);
    this.#isChain &&= line !== null && line.prev === this.#last;
    this.#entries += 1;
    this.#last = sha256Hex(bytes);
    if (line === null) return;
    const read = readEntry(line.entry);
    if ("known" in read && read.known) this.#entry(line, read.entry);
  }
  /** Whether it was given as many lines as were found intact. */
  get isComplete() {
    return this.#entries === this.#entriesMax;
  }
  /** Whether these were the lines of which the last has that hash, and no others. */
  isChainTo(last) {
    return this.isComplete && this.#isChain && this.#last === last;
  }
  gathered() {
    return {
      ...this.#operations.shown(),
      ...this.#chains.shown(),
      commands: [...this.#commands.values()],
      commandsLeftOut: this.#commandsLeftOut,
      connections: this.#connections,
      connectionsLeftOut: this.#connectionsLeftOut,
      incidents: this.#incidents
    };
  }
  #entry({ at, n }, entry) {
    switch (entry.kind) {
      case "connection":
        this.#connection(at, entry);
        break;
      case "egress":
        if (entry.event !== "asked") this.#connection(at, connectionOf({ ...entry, event: entry.event }));
        break;
      case "decision":
        this.#operations.decision({ at, n, link: this.#cages.shown(entry.link) }, entry);
        this.#chains.decision(entry);
        break;
      case "outcome":
        this.#operations.outcome(entry);
        break;
      case "command":
        this.#command(at, entry);
        if (entry.event === "started") this.#chains.started(entry);
        else this.#cages.ended(entry.link);
        break;
      case "cage":
        this.#cages.cage(entry);
        if (entry.event === "made") this.#chains.cage(entry.cage);
        break;
      case "recording":
        this.#recording(entry);
        break;
      case "incident":
        if (this.#incidents.length < INCIDENTS_MAX)
          this.#incidents.push({ at, incident: cutText(entry.incident), clientKey: cutText(entry.clientKey) });
        break;
      case "release":
        this.#operations.release(entry);
        break;
      case "session":
        this.#chains.session(entry);
        break;
      case "delegation":
        this.#chains.delegation(entry);
        break;
      case "agent":
        this.#chains.agent(entry);
        break;
      case "hold":
      case "approval":
      case "mint":
      case "confinement":
      case "checkpoint":
      case "seal":
        break;
    }
  }
  #connection(at, { connection, link, target, event, why }) {
    if (event === "closed") {
      const shown2 = this.#open.get(connection)?.shown ?? null;
      this.#open.delete(connection);
      if (shown2 !== null) Object.assign(shown2, { closed: at, why: why === null ? null : cutText(why) });
      return;
    }
    const refused = event === "refused";
    const sort = refused ? "refused" : "opened";
    let shown = null;
    if (this.#connectionsShown[sort] < CONNECTIONS_MAX) {
      this.#connectionsShown[sort] += 1;
      shown = {
        at,
        link: this.#cages.shown(link),
        target: cutText(target),
        refused,
        why: why === null ? null : cutText(why),
        closed: null
      };
      this.#connections.push(shown);
    } else this.#connectionsLeftOut += 1;
    if (!refused && this.#open.size < CONNECTIONS_OPEN_MAX) this.#open.set(connection, { link, shown });
  }
  #command(at, { link, event, argv, exitCode, signal }) {
    const known = this.#commands.get(link);
    if (event === "ended") {
      if (known === void 0) return;
      known.ended = at;
      known.result = { exitCode, signal: signal === null ? null : cutText(signal) };
    } else if (this.#commands.size >= COMMANDS_MAX) this.#commandsLeftOut += 1;
    else if (known === void 0) {
      const started = { link, argv: cutText(argv.join(" "), ARGV_CHARACTERS_MAX), started: at };
      this.#commands.set(link, { ...started, ended: null, result: null, recorded: [] });
    }
  }
  #recording({ file, bytes }) {
    const recording = parseRecordingPath(file);
    if (recording?.of !== "terminal" || recording.type !== "rec") return;
    const recorded = this.#commands.get(recording.link)?.recorded;
    const known = recorded?.find(({ path }) => path === file);
    if (known === void 0) recorded?.push({ path: file, bytes });
    else known.bytes += bytes;
  }
};
var ARGV_CHARACTERS_MAX = 2e3;
function parseLine(bytes) {
  try {
    const parsed = LineEnvelope.safeParse(JSON.parse(decodeUtf8(bytes) ?? ""));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
function connectionOf({ attempt, link, host, port, event, why, times }) {
  const target = `${host === "" ? "other names" : host}${port === null ? "" : `:${port}`}`;
  const reason = times === 1 ? why : `${why ?? ""} (${times} times)`;
  return { kind: "connection", connection: `egress ${attempt}`, link, target, event, why: reason };
}

// src/report/head.ts
var CLAIMS_MAX = 50;
var CHAIN_MAX = 20;
var PROOF_CHARACTERS_MAX = 64 * 1024;
function reportHead(verification) {
  const { session, counts, last, problems, notes } = verification;
  return {
    ...words(verification),
    problems: problems.map(({ where, what }) => cutText(`${where}: ${what}`)),
    notes: notes.map((note) => cutText(note)),
    ...{ counts, last },
    facts: session === null ? [] : factsOf(verification, session),
    factsAre: whoseWord(verification),
    claims: Object.entries(session?.claims ?? {}).slice(0, CLAIMS_MAX).map(([name, value]) => [cutText(name), cutText(value)]),
    duty: session === null ? null : cutText(session.chain.at(-1)?.duty ?? ""),
    unconfined: session?.confinement === "unconfined",
    proof: cutText(verificationPage(verification), PROOF_CHARACTERS_MAX)
  };
}
function words({ verdict, anchoring, counts, session }) {
  switch (verdict) {
    case "broken":
      return {
        mood: "bad",
        title: "Broken: do not rely on this evidence",
        meaning: `It is not as it was written. Shown below is only what still forms one chain from its beginning, ${entries(counts.entries)}; even for that nobody vouches.`
      };
    case "unsealed":
      return {
        mood: "fair",
        title: "Not sealed: the end is missing",
        meaning: `The session did not end well, or its end was taken away. What is here, ${entries(counts.entries)}, is consistent and is signed by nobody: whoever could write these files could have written others.`
      };
    case "sealed":
      return sealedWords(anchoring, session?.issuer ?? "");
  }
}
function sealedWords(anchoring, issuer) {
  switch (anchoring) {
    case "anchored":
      return {
        mood: "good",
        title: "Sealed, complete and vouched for",
        meaning: `Nothing was changed, dropped or added since it was signed, and ${cutText(issuer)} vouches that this job named the key that signed it.`
      };
    case "local":
      return {
        mood: "fair",
        title: "Sealed and complete; only its own machine vouches for it",
        meaning: "Nothing was changed, dropped or added since it was signed. Nobody outside the machine where it was made (issuer local) vouches for the key that signed it."
      };
    case "unanchored":
      return {
        mood: "fair",
        title: "Sealed and complete; nobody known vouches for it",
        meaning: "Nothing was changed, dropped or added since it was signed. Whether its issuer vouches for the key that signed it cannot be told without the issuer's key from outside the evidence: duty-gate verify --keys."
      };
  }
}
function entries(count) {
  return count === 1 ? "1 entry" : `${count} entries`;
}
function whoseWord({ anchoring, session }) {
  if (session === null) return "There is no intact session entry: nothing tells whose evidence this is.";
  switch (anchoring) {
    case "anchored":
      return "Actor, repository, run, workflow and environment are as the issuer signed them for the job; the rest is as the gateway wrote it.";
    case "local":
      return "As the machine itself says.";
    case "unanchored":
      return "As the evidence itself says: anybody can make evidence that says the same.";
  }
}
function factsOf({ from, to }, session) {
  const { chain, claims, issuer, policySource: source, policySha256 } = session;
  const facts = [
    [
      "Duty",
      chain.slice(0, CHAIN_MAX).map(({ duty }) => duty).join(" \u2192 ")
    ],
    ["Who", chain.slice(0, CHAIN_MAX).map(linkWords).join(" \u2192 ")],
    ["Actor", claims["actor"]],
    ["Repository", claims["repository"]],
    ["Run", runWords(claims)],
    ["Workflow", claims["workflow_ref"]],
    ["Environment", claims["environment"]],
    ["Issuer", issuer],
    ["When", from === null ? null : `${period(from, to ?? from)} UTC, by the gateway's clock`],
    [
      "Policy",
      source === null ? "a file of the machine" : `${source.path} of ${source.repository}, ${source.ref} at commit ${source.commit}`
    ],
    ["Policy hash", `SHA-256 ${policySha256}`],
    ["Session", session.session],
    ["Gateway", session.gateway],
    ["Confinement", `${session.confinement}, as the wrapper claims`]
  ];
  return facts.flatMap(([name, value]) => value ? [[name, cutText(value)]] : []);
}
function linkWords({ principal, executable }) {
  return executable === "" ? principal : `${principal} by ${executable}`;
}
function runWords(claims) {
  const { run_id: id, run_attempt: attempt, event_name: event, ref } = claims;
  if (id === void 0) return null;
  const trigger = event === void 0 ? "" : `, ${event}${ref === void 0 ? "" : ` on ${ref}`}`;
  return `${id}${attempt === void 0 ? "" : `, attempt ${attempt}`}${trigger}`;
}
function period(from, to) {
  const [day, lastDay] = [from.slice(0, 10), to.slice(0, 10)];
  return `${day} ${from.slice(11, 19)} to ${lastDay === day ? "" : `${lastDay} `}${to.slice(11, 19)}`;
}

// src/report/out-file.ts
import { randomBytes } from "node:crypto";
import { lstatSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname as dirname2, join as join2, resolve, sep } from "node:path";
var ReportFault = class extends Error {
  name = "ReportFault";
  code;
  constructor(code, message) {
    super(message);
    this.code = code;
  }
};
function outPath(bundle, out) {
  const folder = realFolder(out);
  const inside = realpathSync(bundle);
  if (folder === inside || folder.startsWith(`${inside}${sep}`))
    throw new ReportFault("inside-bundle", "Cannot write the report: its place is inside the bundle, expected another");
  const path = join2(folder, basename(resolve(out)));
  if (path === inside) throw new ReportFault("inside-bundle", "Cannot write the report: its place is that of the bundle, expected another");
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== void 0 && !there.isFile())
    throw new ReportFault("not-a-file", "Cannot write the report: in its place is a link, folder or device, expected a file or nothing");
  return path;
}
function putReport(path, page) {
  const draft = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  try {
    writeFileSync(draft, page, { mode: 384, flag: "wx" });
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw cause;
  }
}
function realFolder(out) {
  try {
    return realpathSync(dirname2(resolve(out)));
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "failed";
    throw new ReportFault("no-folder", `Cannot write the report: its folder gives ${code}, expected a folder that exists`);
  }
}

// src/report/page.ts
import { createHash } from "node:crypto";
function reportPage(facts, { styles, playerScript, scripts }) {
  const policy = [
    "default-src 'none'",
    `script-src ${[playerScript, ...scripts].map(hash).join(" ")} 'wasm-unsafe-eval'`,
    `style-src ${styles.map(hash).join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'"
  ].join("; ");
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>duty-gate report</title>
${styles.map((style) => `<style>${style}</style>`).join("\n")}
</head>
<body>
<main id="report"><noscript>This report needs JavaScript, which it brings along; it loads nothing from anywhere.</noscript></main>
<script type="application/json" id="facts">${json(facts)}</script>
<script>${playerScript}</script>
${scripts.map((script) => `<script type="module">${script}</script>`).join("\n")}
</body>
</html>
`;
}
function hash(text) {
  if (/<\/(?:script|style)|<!--/i.test(text)) throw new RangeError("Cannot make a report: a script or style of ours would end itself");
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}
function json(facts) {
  return JSON.stringify(facts).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

// src/report/terminal-cast.ts
var CAST_CHARACTERS_MAX = 8 * 1024 * 1024;
var COLUMNS_MAX = 500;
var ROWS_MAX = 200;
var RESIZES_MAX = 1e3;
var CELLS_DRAWN_MAX = 5e7;
var TerminalCastMaker = class {
  #charactersMax;
  #decoder = new FrameDecoder();
  #playback = new Playback({ speed: 1, idleMsMax: null, instant: true });
  #writer = new AsciicastWriter();
  #text = "";
  #cut = null;
  #cells = DEFAULT_CELLS;
  #drawn = 0;
  #resizes = 0;
  constructor(charactersMax = CAST_CHARACTERS_MAX) {
    this.#charactersMax = Math.min(charactersMax, CAST_CHARACTERS_MAX);
  }
  push(piece) {
    if (this.#cut !== null) return;
    try {
      for (const frame of this.#decoder.push(piece)) this.#frame(frame);
    } catch (cause) {
      if (!(cause instanceof FrameFault)) throw cause;
      this.#cut = "the rest of it is no recording";
    }
  }
  end() {
    return { text: this.#text + (this.#cut === null ? this.#writer.end().v2 : ""), cut: this.#cut };
  }
  #frame(frame) {
    if (this.#cut !== null) return;
    const safe = frame.stream === "output" ? this.#output(frame) : frame.stream === "resize" ? this.#resize(frame) : null;
    if (safe === null) return;
    const lines = this.#writer.frame(safe).v2;
    if (this.#text.length + lines.length > this.#charactersMax) this.#cut = "the rest of it is too long for this page";
    else if (this.#drawn > CELLS_DRAWN_MAX) this.#cut = "the rest of it draws too much for this page";
    else this.#text += lines;
  }
  /** Null where nothing of it draws. What was typed is echoed in the output, and markers are of later versions: neither is shown. */
  #output(frame) {
    const text = this.#playback.frame(frame)?.text ?? "";
    for (const [, body = "", final = ""] of text.matchAll(SEQUENCE)) this.#drawn += this.#cellsOf(body, final);
    return text === "" ? null : { ...frame, payload: Buffer.from(text, "utf8") };
  }
  #cellsOf(body, final) {
    if (final === "J" || final === "h" || final === "l") return this.#cells;
    return MANY_AT_ONCE.has(final) ? Math.max(1, Number.parseInt(body, 10) || 1) : 1;
  }
  #resize(frame) {
    const size = parseResize(frame.payload);
    this.#resizes += 1;
    if (size === null || this.#resizes > RESIZES_MAX) return null;
    const [columns, rows] = [Math.min(size.columns, COLUMNS_MAX), Math.min(size.rows, ROWS_MAX)];
    this.#cells = columns * rows;
    this.#drawn += this.#cells;
    const encoded = encodeResize(frame.micros, columns, rows);
    return { ...frame, payload: encoded.subarray(encoded.length - `${columns}x${rows}`.length) };
  }
};
var DEFAULT_CELLS = 80 * 24;
var SEQUENCE = /\x1b\[([?0-9;:]*)([A-Za-z@`])/g;
var MANY_AT_ONCE = new Set("bSTLM@PXIZ");

// src/report/write-report.ts
var RECORDINGS_CHARACTERS_MAX = 32 * 1024 * 1024;
async function writeReport(bundle, out, verification) {
  const path = outPath(bundle, out);
  const folder = openBundleFolder(bundle);
  try {
    await writeReportOf(folder, path, verification);
  } finally {
    folder.close();
  }
}
async function writeReportOf(reader, path, verification) {
  const files = new Map((await reader.members()).filter(({ kind }) => kind === "file").map((member) => [member.path, member]));
  const gathered = await gather(reader, files, verification);
  const recordings = await gatherRecordings(reader, files, gathered.commands);
  putReport(path, reportPage({ head: reportHead(verification), ...gathered, recordings }, readAssets()));
}
async function gather(reader, files, { counts, last }) {
  const gatherer = new Gatherer(counts.entries);
  const lines = new LineSplitter(LINE_BYTES_MAX, (bytes) => gatherer.take(bytes));
  if (counts.entries > 0) {
    for await (const piece of auditPieces(reader, files.values())) if (!lines.push(piece) || gatherer.isComplete) break;
  }
  if (!gatherer.isChainTo(last))
    throw new ReportFault("bundle-changed", "Cannot make the report: the bundle has changed since it was verified, expected it to stay");
  return gatherer.gathered();
}
async function gatherRecordings(reader, files, commands) {
  const recordings = [];
  let room = RECORDINGS_CHARACTERS_MAX;
  for (const { link, recorded } of commands) {
    if (recorded.length === 0) continue;
    const maker = new TerminalCastMaker(room);
    for (const { path, bytes } of recorded) {
      const member = files.get(path);
      if (member === void 0) continue;
      for await (const piece of reader.read(path, Math.min(bytes, member.bytes))) maker.push(piece);
    }
    const { text, cut } = maker.end();
    room -= text.length;
    recordings.push({ link, cast: text, cut });
  }
  return recordings;
}

export {
  ReportFault,
  outPath,
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
};
