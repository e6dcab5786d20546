import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  AUDIT_FILE,
  AsciicastWriter,
  BUNDLE_FILES_MAX,
  EMPTY_CHAIN,
  LINE_BYTES_MAX,
  LineEnvelope,
  MANIFEST_BYTES_MAX,
  MANIFEST_FILE,
  Manifest,
  ManifestSignature,
  POLICY_BYTES_MAX,
  POLICY_FILE,
  SIGNATURE_BYTES_MAX,
  SIGNATURE_DRAFT_FILE,
  SIGNATURE_FILE,
  TOKEN_BYTES_MAX,
  TOKEN_FILE,
  claimStrings,
  decodeCanonical,
  decodeUtf8,
  describe,
  manifestSigningInput,
  parseRecordingPath,
  readEntry,
  recordingPath
} from "./shared-6TRFRCIE.js";
import {
  Ed25519Jwk,
  FrameDecoder,
  FrameFault,
  NotCanonicalizable,
  decodeBase64url,
  ed25519Thumbprint,
  external_exports,
  isCanonicalJson,
  isSignedBy,
  sessionAudience,
  sha256Hex,
  startSha256
} from "./shared-KWEBPZPV.js";

// src/adapters/files/bundle-folder.ts
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";

// src/core/verify/bundle-reader.ts
var BUNDLE_MEMBERS_MAX = 3 * BUNDLE_FILES_MAX;
async function readThrough(reader, { path, bytes }, take) {
  const sha256 = startSha256();
  let read = 0;
  for await (const piece of reader.read(path, bytes)) {
    sha256.update(piece);
    read += piece.length;
    take(piece);
  }
  return { path, bytes: read, sha256: sha256.hex() };
}
async function readWhole(reader, member) {
  const pieces = [];
  const digest = await readThrough(reader, member, (piece) => pieces.push(Uint8Array.from(piece)));
  return { digest, content: Buffer.concat(pieces) };
}

// src/adapters/files/bundle-folder.ts
var { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
var READ_BYTES = 1024 * 1024;
var DEPTH_MAX = 4;
function openBundleFolder(path) {
  const fd = openSync(path, O_RDONLY | O_DIRECTORY);
  const root = `/proc/self/fd/${fd}`;
  return {
    members: async () => list(root),
    read: (member, bytes) => readFile(`${root}/${member}`, bytes),
    close: () => closeSync(fd)
  };
}
function list(root) {
  const members = [];
  const visit = (below, depth) => {
    for (const name of readdirSync(`${root}/${below}`).sort()) {
      if (members.length > BUNDLE_MEMBERS_MAX) return;
      const member = describe2(root, below === "" ? name : `${below}/${name}`);
      members.push(member);
      if (member.kind === "folder" && depth < DEPTH_MAX) visit(member.path, depth + 1);
    }
  };
  visit("", 1);
  return members;
}
function describe2(root, path) {
  const stat = lstatSync(`${root}/${path}`);
  return { path, kind: stat.isFile() ? "file" : stat.isDirectory() ? "folder" : "other", bytes: stat.isFile() ? stat.size : 0 };
}
async function* readFile(path, bytes) {
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!fstatSync(fd).isFile()) throw new Error("Cannot read a file of the bundle: it became something else, expected a regular file");
    const piece = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(bytes, 1)));
    for (let left = bytes; left > 0; ) {
      const read = readSync(fd, piece, 0, Math.min(piece.length, left), null);
      if (read === 0) return;
      left -= read;
      yield piece.subarray(0, read);
    }
  } finally {
    closeSync(fd);
  }
}

// src/core/recording/safe-terminal.ts
var SEQUENCE_CHARS_MAX = 64;
var STRING_CHARS_MAX = 64 * 1024;
var SafeTerminal = class {
  #state = "ground";
  #held = "";
  #swallowed = 0;
  filter(text) {
    let safe = "";
    for (const char of text) safe += this.#char(char);
    return safe;
  }
  #char(char) {
    switch (this.#state) {
      case "ground":
        return this.#ground(char);
      case "escape":
        return this.#escape(char);
      case "charset":
        this.#state = "ground";
        if (char === "B" || char === "0") return `${ESC}(${char}`;
        return isControl(char) ? this.#ground(char) : "";
      case "sequence":
        return this.#sequence(char);
      case "string":
        return this.#string(char);
      case "string-escape":
        this.#state = "ground";
        return char === "\\" ? "" : this.#escape(char);
    }
  }
  #ground(char) {
    if (char === ESC) {
      this.#state = "escape";
      return "";
    }
    return isDrawn(char) ? char : "";
  }
  #escape(char) {
    this.#state = "ground";
    if (char === "[") {
      this.#state = "sequence";
      this.#held = "";
    } else if (char === "(") {
      this.#state = "charset";
    } else if (STRING_OPENERS.has(char)) {
      this.#state = "string";
      this.#swallowed = 0;
    } else if (char === "7" || char === "8" || char === "M" || char === "D" || char === "E") {
      return ESC + char;
    } else if (isControl(char)) {
      return this.#ground(char);
    } else if (char >= " " && char <= "/") {
      this.#state = "sequence";
      this.#held = DROPPED_ESCAPE;
    }
    return "";
  }
  #sequence(char) {
    if (isControl(char) || char > "~") {
      this.#state = "ground";
      return this.#ground(char);
    }
    if (this.#held === DROPPED_ESCAPE) {
      if (char >= "0") this.#state = "ground";
      return "";
    }
    if (char >= "@") {
      this.#state = "ground";
      return isSafeSequence(this.#held, char) ? `${ESC}[${this.#held}${char}` : "";
    }
    this.#held = this.#held.length < SEQUENCE_CHARS_MAX ? this.#held + char : TOO_LONG;
    return "";
  }
  #string(char) {
    this.#swallowed += 1;
    if (char === BEL || char === ST || char === CAN || char === SUB) this.#state = "ground";
    else if (char === ESC) this.#state = "string-escape";
    else if (this.#swallowed >= STRING_CHARS_MAX) this.#state = "ground";
    return "";
  }
};
var TERMINAL_RESET = "\x1B[?1049l\x1B[0m\x1B[r\x1B[?7h\x1B[?25h\x1B(B";
function printable(text) {
  return text.replace(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
var ESC = "\x1B";
var BEL = "\x07";
var CAN = "";
var SUB = "";
var ST = "\x9C";
var STRING_OPENERS = /* @__PURE__ */ new Set(["]", "P", "X", "^", "_", "k"]);
var DROPPED_ESCAPE = "!escape";
var TOO_LONG = "!long";
var UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
var HIDING = /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/;
function isControl(char) {
  return char < " " || char >= "\x7F" && char <= "\x9F";
}
function isDrawn(char) {
  if (char === "\n" || char === "\r" || char === "	" || char === "\b") return true;
  return !isControl(char) && !HIDING.test(char);
}
var PARAMETERS = /^(?:[0-9]{0,4}(?:[;:][0-9]{0,4}){0,31})$/;
var FINALS = new Set("ABCDEFGHIJKLMPXZ@STabdef`rmsu");
var DRAWING_MODES = /^\?(?:7|25|47|1047|1048|1049)$/;
function isSafeSequence(body, final) {
  if (final === "h" || final === "l") return DRAWING_MODES.test(body);
  if (!PARAMETERS.test(body) || !FINALS.has(final)) return false;
  switch (final) {
    case "J":
      return !body.includes("3");
    // 3J erases the reader's own scroll-back
    case "T":
    case "s":
    case "u":
      return !body.includes(";") && !body.includes(":");
    // with more they mean mouse tracking, margins, keyboard protocol
    default:
      return true;
  }
}

// src/core/verify/verification.ts
var PROBLEMS_MAX = 100;
function exitCodeOf({ verdict, anchoring }, allowLocal) {
  switch (verdict) {
    case "broken":
      return 1;
    case "unsealed":
      return 4;
    case "sealed":
      return anchoring === "anchored" || anchoring === "local" && allowLocal ? 0 : 3;
  }
}

// src/core/verify/lines.ts
var LineSplitter = class {
  #bytesMax;
  #line;
  #held = [];
  #heldBytes = 0;
  /** `line` gets each line without its LF; its bytes are only good during the call. */
  constructor(bytesMax, line) {
    this.#bytesMax = bytesMax;
    this.#line = line;
  }
  /** False once a line is longer than the maximum: nothing more is taken. */
  push(piece) {
    let rest = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF)) {
      if (this.#heldBytes + end > this.#bytesMax) return false;
      this.#line(this.#heldBytes === 0 ? rest.subarray(0, end) : Buffer.concat([...this.#held, rest.subarray(0, end)]));
      this.#held = [];
      this.#heldBytes = 0;
      rest = rest.subarray(end + 1);
    }
    if (this.#heldBytes + rest.length > this.#bytesMax) return false;
    if (rest.length > 0) this.#held.push(Buffer.from(rest));
    this.#heldBytes += rest.length;
    return true;
  }
  /** Bytes after the last LF. */
  get tornBytes() {
    return this.#heldBytes;
  }
};
var LF = 10;

// src/core/verify/structure.ts
var FILE_BYTES_MAX = 64 * 1024 * 1024 * 1024;
var FOLDER = /^recordings(?:\/[A-Za-z0-9_-]{1,64})?$/;
var LIMITS = /* @__PURE__ */ new Map([
  [AUDIT_FILE, FILE_BYTES_MAX],
  [POLICY_FILE, POLICY_BYTES_MAX],
  [TOKEN_FILE, TOKEN_BYTES_MAX],
  [MANIFEST_FILE, MANIFEST_BYTES_MAX],
  [SIGNATURE_FILE, SIGNATURE_BYTES_MAX],
  [SIGNATURE_DRAFT_FILE, SIGNATURE_BYTES_MAX]
]);
function checkStructure(members) {
  const files = new Map(members.filter((member) => member.kind === "file").map((member) => [member.path, member]));
  const sealed = files.has(SIGNATURE_FILE);
  if (members.length > BUNDLE_MEMBERS_MAX || files.size > BUNDLE_FILES_MAX) {
    return { files, sealed, problems: [problem("the bundle", `it holds more than ${BUNDLE_FILES_MAX} files`)] };
  }
  const problems = members.flatMap((member) => checkMember(member, sealed));
  if (sealed) problems.push(...checkComplete(members, files));
  if (!files.has(AUDIT_FILE)) problems.push(problem(AUDIT_FILE, "it is missing"));
  return { files, sealed, problems };
}
function checkMember({ path, kind, bytes }, sealed) {
  switch (kind) {
    case "other":
      return [problem(path, "it is a link or a special file, expected regular files and folders only")];
    case "folder":
      return FOLDER.test(path) ? [] : [problem(path, "a bundle has no folder of this name")];
    case "file": {
      const max = LIMITS.get(path) ?? (parseRecordingPath(path) === null ? null : FILE_BYTES_MAX);
      if (max === null || sealed && path === SIGNATURE_DRAFT_FILE) return [problem(path, "a bundle has no file of this name")];
      return bytes <= max ? [] : [problem(path, `it has ${bytes} bytes, expected at most ${max}`)];
    }
  }
}
function checkComplete(members, files) {
  const missing = [POLICY_FILE, TOKEN_FILE, MANIFEST_FILE].filter((path) => !files.has(path));
  const paths = [...files.keys()];
  const empty = members.filter(({ kind, path }) => kind === "folder" && !paths.some((file) => file.startsWith(`${path}/`)));
  return [...missing.map((path) => problem(path, "it is missing")), ...empty.map(({ path }) => problem(path, "it is an empty folder"))];
}
function problem(where, what) {
  return { code: "structure", where, what };
}

// src/core/verify/entry-rules.ts
var OPEN_DECISIONS_MAX = 1e6;
var CHUNKS_MAX = 1e6;
var EntryRules = class {
  session = null;
  sealed = false;
  chunks = /* @__PURE__ */ new Map();
  #open = /* @__PURE__ */ new Set();
  #chunkCount = 0;
  #counts = { entries: 0, allowed: 0, refused: 0, masked: 0, connections: 0, connectionsRefused: 0, commands: 0, incidents: 0, unknown: 0 };
  /** Null when the entry may stand at place `n`. */
  take(n, read) {
    if (this.sealed) return { code: "seal", what: "it comes after the seal" };
    if (n === 0 && read.entry.kind !== "session")
      return { code: "chain", what: `the first entry is of kind ${read.entry.kind}, expected session` };
    this.#counts.entries += 1;
    if (read.known) return this.#known(n, read.entry);
    this.#counts.unknown += 1;
    return null;
  }
  get counts() {
    return { ...this.#counts, withoutOutcome: this.#open.size };
  }
  #known(n, entry) {
    switch (entry.kind) {
      case "session":
        if (n > 0) return { code: "chain", what: "it is a second session entry: a chain has one beginning" };
        this.session = entry;
        return null;
      case "decision":
        return this.#decision(entry);
      case "outcome":
        return this.#outcome(entry);
      case "connection":
        if (entry.event === "opened") this.#counts.connections += 1;
        if (entry.event === "refused") this.#counts.connectionsRefused += 1;
        return null;
      case "recording":
        return this.#recording(entry);
      case "command":
        if (entry.event === "started") this.#counts.commands += 1;
        return null;
      case "incident":
        this.#counts.incidents += 1;
        return null;
      case "seal":
        return this.#seal(n, entry);
    }
  }
  #decision({ decision, outcome }) {
    if (this.#open.has(decision)) return { code: "order", what: `decision ${decision} was already made` };
    if (outcome !== "allow") {
      this.#counts.refused += 1;
      return null;
    }
    if (this.#open.size >= OPEN_DECISIONS_MAX) return { code: "entry", what: `more than ${OPEN_DECISIONS_MAX} operations are under way` };
    this.#open.add(decision);
    this.#counts.allowed += 1;
    return null;
  }
  /** INVARIANT (P1), as far as a reader can see it: nothing has an outcome that was not allowed before. */
  #outcome({ decision, masked }) {
    if (!this.#open.delete(decision)) {
      return { code: "order", what: `it is an outcome of ${decision}, which no decision before it allowed, or which has one already` };
    }
    this.#counts.masked += masked;
    return null;
  }
  #recording({ file, offset, bytes, sha256 }) {
    if (parseRecordingPath(file)?.type !== "rec") return { code: "recording", what: "it names a file that is no recording" };
    const chunks = this.chunks.get(file) ?? [];
    const last = chunks.at(-1);
    const expected = last === void 0 ? 0 : last.offset + last.bytes;
    if (offset !== expected) return { code: "recording", what: `its chunk begins at ${offset}, expected at ${expected}` };
    if (this.#chunkCount >= CHUNKS_MAX) return { code: "recording", what: `there are more than ${CHUNKS_MAX} chunks` };
    this.#chunkCount += 1;
    chunks.push({ offset, bytes, sha256 });
    this.chunks.set(file, chunks);
    return null;
  }
  #seal(n, { entries, allowed, refused, masked }) {
    this.sealed = true;
    const counts = this.#counts;
    if (entries === n + 1 && allowed === counts.allowed && refused === counts.refused && masked === counts.masked) return null;
    const found = `${n + 1} entries, ${counts.allowed} allowed, ${counts.refused} refused, ${counts.masked} masked`;
    return {
      code: "seal",
      what: `it counts ${entries} entries, ${allowed} allowed, ${refused} refused, ${masked} masked; there are ${found}`
    };
  }
};

// src/core/verify/audit-check.ts
var AuditCheck = class {
  rules = new EntryRules();
  #lines = new LineSplitter(LINE_BYTES_MAX, (line) => this.#line(line));
  #entries = EMPTY_CHAIN.entries;
  #first = EMPTY_CHAIN.last;
  #last = EMPTY_CHAIN.last;
  #from = null;
  #to = null;
  #clockWentBack = 0;
  #problem = null;
  push(piece) {
    if (this.#problem !== null) return;
    if (!this.#lines.push(piece)) this.#fail("entry", `it is longer than ${LINE_BYTES_MAX} bytes`);
  }
  /** Number of intact entries, hashes of the first and the last of them. */
  get chain() {
    return { entries: this.#entries, first: this.#first, last: this.#last };
  }
  get times() {
    return { from: this.#from, to: this.#to, wentBack: this.#clockWentBack };
  }
  get problem() {
    return this.#problem;
  }
  /** Bytes of a last line without its LF. */
  get tornBytes() {
    return this.#lines.tornBytes;
  }
  #line(bytes) {
    if (this.#problem !== null) return;
    const line = this.#parse(bytes);
    if (line === null || !this.#isNext(line)) return;
    const read = readEntry(line.entry);
    if ("problem" in read) return this.#fail("entry", `its ${line.entry.kind} entry is malformed: ${read.problem}`);
    const broken = this.rules.take(line.n, read);
    if (broken !== null) return this.#fail(broken.code, broken.what);
    this.#accept(line, sha256Hex(bytes));
  }
  #parse(bytes) {
    const text = decodeUtf8(bytes);
    if (text === null) return this.#failed("entry", "it is not UTF-8");
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      return this.#failed("entry", "it is not JSON");
    }
    if (!isCanonicalJson(text, value)) return this.#failed("entry", "it is not canonical JSON (RFC 8785)");
    const parsed = LineEnvelope.safeParse(value);
    return parsed.success ? parsed.data : this.#failed("entry", `it is malformed: ${describe(parsed.error)}`);
  }
  #isNext({ n, prev }) {
    const expected = this.#entries;
    if (n > expected) this.#fail("chain", `the line is number ${n}: entries are missing, or out of order`);
    else if (n < expected) this.#fail("chain", `the line is number ${n} again: an entry is repeated, out of order, or the chain forks`);
    else if (prev !== this.#last)
      this.#fail("chain", "it does not follow the line before it: one of the two was changed, or the chain forks");
    return this.#problem === null;
  }
  #accept({ at }, hash) {
    if (this.#entries === 0) {
      this.#first = hash;
      this.#from = at;
    }
    if (this.#to !== null && at < this.#to) this.#clockWentBack += 1;
    this.#to = at;
    this.#last = hash;
    this.#entries += 1;
  }
  #failed(code, what) {
    this.#fail(code, what);
    return null;
  }
  #fail(code, what) {
    this.#problem = { code, where: `${AUDIT_FILE} entry ${this.#entries}`, what };
  }
};

// src/core/verify/manifest-check.ts
function checkManifest(facts) {
  const manifest = decodeCanonical(facts.manifest, Manifest);
  if (!manifest.ok) return [{ code: "manifest", where: MANIFEST_FILE, what: manifest.why }];
  return [...checkSignature(facts), ...checkHead(facts, manifest.value), ...checkFiles(facts.digests, manifest.value.files)];
}
function checkSignature({ manifest, signature, session }) {
  const decoded = decodeCanonical(signature, ManifestSignature);
  if (!decoded.ok) return [{ code: "signature", where: SIGNATURE_FILE, what: decoded.why }];
  const { key, sig } = decoded.value;
  if (ed25519Thumbprint(key) !== session.evidenceKey) {
    return [{ code: "signature", where: SIGNATURE_FILE, what: "it is of another key than the session entry names" }];
  }
  if (isSignedBy(key, manifestSigningInput(manifest), Buffer.from(sig, "base64url"))) return [];
  return [{ code: "signature", where: SIGNATURE_FILE, what: "it is not a signature of this manifest" }];
}
function checkHead({ session, chain }, manifest) {
  const pairs = [
    ["session", manifest.session, session.session],
    ["gateway", manifest.gateway, session.gateway],
    ["entries", manifest.entries, chain.entries],
    ["first", manifest.first, chain.first],
    ["last", manifest.last, chain.last]
  ];
  return pairs.filter(([, said, found]) => said !== found).map(([name]) => ({ code: "manifest", where: MANIFEST_FILE, what: `its "${name}" is not that of the chain` }));
}
function checkFiles(digests, listed) {
  const problems = [];
  const names = new Set(listed.map(({ path }) => path));
  for (const { path, bytes, sha256 } of listed) {
    const found = digests.get(path);
    if (found === void 0) problems.push({ code: "manifest", where: path, what: "the manifest lists it, and it is missing" });
    else if (found.bytes !== bytes || found.sha256 !== sha256) {
      problems.push({ code: "manifest", where: path, what: "it is not the file that the manifest lists: its bytes differ" });
    }
  }
  for (const path of digests.keys()) {
    if (!names.has(path)) problems.push({ code: "manifest", where: path, what: "the manifest does not list it" });
  }
  return problems;
}

// src/core/verify/recording-check.ts
var RecordingCheck = class {
  #path;
  #chunks;
  #decoder = new FrameDecoder();
  #cast = new AsciicastWriter();
  #castSha256 = startSha256();
  #castBytes = 0;
  #position = 0;
  #next = 0;
  #range = startSha256();
  #problem = null;
  constructor(path, chunks) {
    this.#path = path;
    this.#chunks = chunks;
  }
  push(piece) {
    let rest = piece;
    while (rest.length > 0 && this.#problem === null) {
      const chunk = this.#chunks[this.#next];
      if (chunk === void 0) break;
      const part = rest.subarray(0, chunk.offset + chunk.bytes - this.#position);
      this.#take(part, chunk);
      rest = rest.subarray(part.length);
    }
  }
  /** Bytes that entries cover, of those that were read. */
  get coveredBytes() {
    return this.#position;
  }
  /** Ends it. The digest is that of the asciicast which these frames make. */
  end() {
    if (this.#problem === null && this.#next < this.#chunks.length) this.#fail("it is shorter than the chunks that the chain names");
    if (this.#problem === null) this.#decoding(() => this.#decoder.end());
    this.#derive(this.#cast.end());
    return { problem: this.#problem, cast: { bytes: this.#castBytes, sha256: this.#castSha256.hex() } };
  }
  #take(part, chunk) {
    this.#range.update(part);
    this.#position += part.length;
    this.#decoding(() => {
      for (const frame of this.#decoder.push(part)) this.#derive(this.#cast.frame(frame));
    });
    if (this.#position < chunk.offset + chunk.bytes) return;
    if (this.#range.hex() !== chunk.sha256) this.#fail(`bytes ${chunk.offset} to ${this.#position} are not those that the chain names`);
    this.#range = startSha256();
    this.#next += 1;
  }
  #decoding(decode) {
    try {
      decode();
    } catch (cause) {
      if (!(cause instanceof FrameFault)) throw cause;
      this.#fail(cause.message);
    }
  }
  #derive(text) {
    const bytes = Buffer.from(text, "utf8");
    this.#castSha256.update(bytes);
    this.#castBytes += bytes.length;
  }
  #fail(what) {
    this.#problem ??= { code: "recording", where: this.#path, what };
  }
};

// src/core/verify/token-check.ts
var TOKEN_SKEW_SECONDS_MAX = 60;
var LocalHeader = external_exports.object({ alg: external_exports.literal("EdDSA"), typ: external_exports.literal("JWT"), jwk: external_exports.object(Ed25519Jwk.shape) });
var Claims = external_exports.looseObject({ iss: external_exports.string(), aud: external_exports.string(), iat: external_exports.number(), exp: external_exports.number(), sub: external_exports.string(), jti: external_exports.string() });
function checkToken(content, session, openedAt) {
  const token = parseToken(content);
  if (typeof token === "string") return { anchoring: "unanchored", problems: [problem2(token)] };
  const whats = checkClaims(token, session, Date.parse(openedAt) / 1e3);
  if (session.issuer !== "local") return { anchoring: "unanchored", problems: whats.map(problem2) };
  const unsigned = checkLocalSignature(token, session);
  if (unsigned !== null) whats.push(unsigned);
  return { anchoring: "local", problems: whats.map(problem2) };
}
function parseToken(content) {
  const [head = "", body = "", sig = "", ...more] = (decodeUtf8(content) ?? "").split(".");
  const [header, claims, signature] = [decodePart(head), decodePart(body), decodeBase64url(sig)];
  if (more.length > 0 || header === void 0 || claims === void 0 || signature === null)
    return "it is not a compact JWS in strict base64url";
  const parsed = Claims.safeParse(claims);
  if (!parsed.success) return `its claims are malformed: ${describe(parsed.error)}`;
  return { header, claims: parsed.data, input: Buffer.from(`${head}.${body}`, "latin1"), signature };
}
function decodePart(part) {
  const bytes = decodeBase64url(part);
  const text = bytes === null ? null : decodeUtf8(bytes);
  try {
    return text === null ? void 0 : JSON.parse(text);
  } catch {
    return void 0;
  }
}
function checkClaims({ claims }, session, openedSeconds) {
  const whats = [];
  if (claims.iss !== session.issuer) whats.push("it is from another issuer than the session entry says");
  if (claims.aud !== sessionAudience(session)) whats.push("its audience is not made of the gateway, nonce and keys in the session entry");
  if (openedSeconds < claims.iat - TOKEN_SKEW_SECONDS_MAX || openedSeconds > claims.exp + TOKEN_SKEW_SECONDS_MAX) {
    whats.push("it was not valid when the session was opened");
  }
  const differing = Object.entries(session.claims).filter(([name, value]) => !carries(claims, name, value));
  if (differing.length > 0)
    whats.push(`it does not carry these claims of the session entry: ${differing.map(([name]) => name).join(", ")}`);
  return whats;
}
function carries(claims, name, value) {
  if (!Object.hasOwn(claims, name)) return false;
  try {
    return claimStrings({ [name]: claims[name] })[name] === value;
  } catch (cause) {
    if (cause instanceof NotCanonicalizable) return false;
    throw cause;
  }
}
function checkLocalSignature({ header, input, signature }, session) {
  const parsed = LocalHeader.safeParse(header);
  if (!parsed.success) return `its header is malformed: ${describe(parsed.error)}`;
  const { jwk } = parsed.data;
  if (ed25519Thumbprint(jwk) !== session.clientKey) return "it is signed by another key than the session entry names";
  return isSignedBy(jwk, input, signature) ? null : "its signature is not the one of its key";
}
function problem2(what) {
  return { code: "token", where: TOKEN_FILE, what };
}

// src/core/verify/verify-bundle.ts
async function verifyBundle(reader) {
  const structure = checkStructure(await reader.members());
  const work = startWork(reader, structure);
  if (structure.problems.length === 0) {
    await checkAudit(work);
    await checkPolicyAndToken(work);
    await checkRecordings(work);
    await checkSealing(work);
  }
  return conclude(work);
}
function startWork(reader, { files, sealed, problems }) {
  const start = { anchoring: "unanchored", recordings: 0, recordedBytes: 0 };
  return { reader, files, sealed, audit: new AuditCheck(), digests: /* @__PURE__ */ new Map(), problems: [...problems], notes: [], ...start };
}
async function checkAudit(work) {
  const member = work.files.get(AUDIT_FILE);
  if (member === void 0) return;
  const { audit } = work;
  keep(work, member, await readThrough(work.reader, member, (piece) => audit.push(piece)));
  if (audit.problem !== null) work.problems.push(audit.problem);
  else if (work.sealed) work.problems.push(...checkEnd(audit));
  else if (audit.tornBytes > 0)
    work.notes.push(`The last line was cut off while it was written (${audit.tornBytes} bytes); it counts for nothing.`);
  if (audit.times.wentBack > 0)
    work.notes.push(`The gateway's clock went back ${audit.times.wentBack} times; the order of entries is that of the chain.`);
}
function checkEnd(audit) {
  const problems = [];
  if (audit.tornBytes > 0) problems.push({ code: "chain", where: AUDIT_FILE, what: "its last line has no end" });
  if (!audit.rules.sealed) problems.push({ code: "seal", where: AUDIT_FILE, what: "its last entry is no seal: the end was cut off" });
  return problems;
}
async function checkPolicyAndToken(work) {
  const { session } = work.audit.rules;
  const { from } = work.audit.times;
  if (session === null || from === null) return;
  const policy = await small(work, POLICY_FILE);
  if (policy !== null && policy.digest.sha256 !== session.policySha256) {
    work.problems.push({ code: "policy", where: POLICY_FILE, what: "it is not the policy that the session entry names: its hash differs" });
  }
  const token = await small(work, TOKEN_FILE);
  if (token === null) return;
  const finding = checkToken(token.content, session, from);
  work.anchoring = finding.anchoring;
  work.problems.push(...finding.problems);
}
async function small(work, path) {
  const member = work.files.get(path);
  if (member === void 0) {
    work.problems.push({ code: "structure", where: path, what: "it is missing" });
    return null;
  }
  const whole = await readWhole(work.reader, member);
  keep(work, member, whole.digest);
  return whole;
}
async function checkRecordings(work) {
  const named = new Set(work.audit.rules.chunks.keys());
  for (const [path, member] of work.files) {
    const recording = parseRecordingPath(path);
    if (recording === null) continue;
    if (recording.type === "rec") {
      named.delete(path);
      await checkRecording(work, member, recording.link);
    } else if (work.sealed && !work.files.has(recordingPath(recording.link, "rec"))) {
      work.problems.push({ code: "recording", where: path, what: "the recording it would be derived from is missing" });
    }
  }
  for (const path of named) work.problems.push({ code: "recording", where: path, what: "the chain names it, and it is missing" });
}
async function checkRecording(work, member, link) {
  const check = new RecordingCheck(member.path, work.audit.rules.chunks.get(member.path) ?? []);
  keep(work, member, await readThrough(work.reader, member, (piece) => check.push(piece)));
  const { problem: problem3, cast } = check.end();
  if (problem3 !== null) work.problems.push(problem3);
  work.recordings += 1;
  work.recordedBytes += check.coveredBytes;
  const uncovered = member.bytes - check.coveredBytes;
  if (work.sealed && problem3 === null && uncovered > 0) {
    work.problems.push({ code: "recording", where: member.path, what: `no entry of the chain covers its last ${uncovered} bytes` });
  }
  if (!work.sealed && uncovered > 0) work.notes.push(`The last ${uncovered} bytes of ${member.path} are covered by no entry yet.`);
  if (work.sealed) await checkCast(work, recordingPath(link, "cast"), cast);
}
async function checkCast(work, path, derived) {
  const member = work.files.get(path);
  if (member === void 0) {
    work.problems.push({ code: "recording", where: path, what: "it is missing" });
    return;
  }
  const digest = await readThrough(work.reader, member, () => {
  });
  keep(work, member, digest);
  if (digest.sha256 !== derived.sha256) work.problems.push({ code: "recording", where: path, what: "it is not what the recording gives" });
}
async function checkSealing(work) {
  const { session } = work.audit.rules;
  const [manifest, signature] = [work.files.get(MANIFEST_FILE), work.files.get(SIGNATURE_FILE)];
  if (manifest === void 0 || signature === void 0 || session === null) return;
  work.problems.push(
    ...checkManifest({
      manifest: (await readWhole(work.reader, manifest)).content,
      signature: (await readWhole(work.reader, signature)).content,
      session,
      chain: work.audit.chain,
      digests: work.digests
    })
  );
}
function keep(work, member, digest) {
  work.digests.set(member.path, digest);
  if (digest.bytes !== member.bytes)
    work.problems.push({ code: "structure", where: member.path, what: "its size changed while it was read" });
}
function conclude(work) {
  const { audit, problems, notes, sealed } = work;
  const session = audit.rules.session;
  const counts = {
    ...audit.rules.counts,
    entries: audit.chain.entries,
    recordings: work.recordings,
    recordedBytes: work.recordedBytes
  };
  if (problems.length === 0 && counts.withoutOutcome > 0) {
    notes.push(`${counts.withoutOutcome} allowed operations have no outcome: whether and how they ended is not in the evidence.`);
  }
  if (counts.incidents > 0) notes.push(`${counts.incidents} incidents are recorded: see the operations.`);
  if (counts.unknown > 0)
    notes.push(`${counts.unknown} entries are of kinds that this version does not know; they are in the chain all the same.`);
  if (!sealed && audit.rules.sealed)
    notes.push("The chain ends with a seal, and nobody signed the bundle: sealing was interrupted, or the signature was taken away.");
  return {
    verdict: problems.length > 0 ? "broken" : sealed ? "sealed" : "unsealed",
    anchoring: problems.length > 0 ? "unanchored" : work.anchoring,
    session,
    counts,
    last: audit.chain.last,
    from: audit.times.from,
    to: audit.times.to,
    problems: problems.slice(0, PROBLEMS_MAX),
    notes
  };
}

// src/cli/bundle-path.ts
import { existsSync, readdirSync as readdirSync2 } from "node:fs";
import { join } from "node:path";
function findBundle(path) {
  try {
    if (isBundle(path)) return { bundle: path };
    const inside = readdirSync2(path).filter((name) => isBundle(join(path, name)));
    const [only] = inside;
    if (only !== void 0 && inside.length === 1) return { bundle: join(path, only) };
    return { why: `Cannot find a bundle in ${path}: it holds ${inside.length}, expected one` };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "failed";
    return { why: `Cannot read ${path}: ${code}, expected the folder of a bundle` };
  }
}
function isBundle(path) {
  return [AUDIT_FILE, MANIFEST_FILE, SIGNATURE_FILE].some((name) => existsSync(join(path, name)));
}

export {
  openBundleFolder,
  SafeTerminal,
  TERMINAL_RESET,
  printable,
  exitCodeOf,
  LineSplitter,
  checkStructure,
  verifyBundle,
  findBundle
};
