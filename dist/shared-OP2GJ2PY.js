import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  claimStrings,
  hasRepeatedMember,
  isRs256SignedBy,
  parseCompactJws,
  parseIssuerHeader,
  signingKeys
} from "./shared-YN7JZZCD.js";
import {
  sessionAudience
} from "./shared-SXGBGS4B.js";
import {
  BUNDLE_MEMBERS_MAX,
  LineSplitter,
  readThrough,
  readWhole
} from "./shared-3QIPNHWR.js";
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
  decodeCanonical,
  decodeUtf8,
  describe,
  manifestSigningInput,
  parseRecordingPath,
  readEntry,
  recordingPath
} from "./shared-DO3Y22EE.js";
import {
  FrameDecoder,
  FrameFault
} from "./shared-DBOSDKD3.js";
import {
  Ed25519Jwk,
  NotCanonicalizable,
  ed25519Thumbprint,
  external_exports,
  isCanonicalJson,
  isSignedBy,
  sha256Hex,
  startSha256
} from "./shared-3DBFPAHH.js";

// src/core/verify/pinned-keys.ts
var PINNED_KEYS = [
  {
    issuer: "https://token.actions.githubusercontent.com",
    kid: "38826b17-6a30-5f9b-b169-8beb8202f723",
    n: "5Manmy-zwsk3wEftXNdKFZec4rSWENW4jTGevlvAcU9z3bgLBogQVvqYLtu9baVm2B3rfe5onadobq8po5UakJ0YsTiiEfXWdST7YI2Sdkvv-hOYMcZKYZ4dFvuSO1vQ2DgEkw_OZNiYI1S518MWEcNxnPU5u67zkawAGsLlmXNbOylgVfBRJrG8gj6scr-sBs4LaCa3kg5IuaCHe1pB-nSYHovGV_z0egE83C098FfwO1dNZBWeo4Obhb5Z-ZYFLJcZfngMY0zJnCVNmpHQWOgxfGikh3cwi4MYrFrbB4NTlxbrQ3bL-rGKR5X318veyDlo8Dyz2KWMobT4wB9U1Q",
    e: "AQAB",
    firstSeen: "2025-03-29",
    lastSeen: "2026-08-17"
  },
  {
    issuer: "https://token.actions.githubusercontent.com",
    kid: "cc413527-173f-5a05-976e-9c52b1d7b431",
    n: "w4M936N3ZxNaEblcUoBm-xu0-V9JxNx5S7TmF0M3SBK-2bmDyAeDdeIOTcIVZHG-ZX9N9W0u1yWafgWewHrsz66BkxXq3bscvQUTAw7W3s6TEeYY7o9shPkFfOiU3x_KYgOo06SpiFdymwJflRs9cnbaU88i5fZJmUepUHVllP2tpPWTi-7UA3AdP3cdcCs5bnFfTRKzH2W0xqKsY_jIG95aQJRBDpbiesefjuyxcQnOv88j9tCKWzHpJzRKYjAUM6OPgN4HYnaSWrPJj1v41eEkFM1kORuj-GSH2qMVD02VklcqaerhQHIqM-RjeHsN7G05YtwYzomE5G-fZuwgvQ",
    e: "AQAB",
    firstSeen: "2026-08-17",
    lastSeen: "2026-08-17"
  }
];

// src/core/verify/issuer-keys.ts
var KEYS_FILE_BYTES_MAX = 1024 * 1024;
var ISSUERS_MAX = 100;
var KEYS_MAX = 100;
var KeysFile = external_exports.strictObject({
  issuers: external_exports.array(external_exports.strictObject({ issuer: external_exports.string().min(1).max(1024), keys: external_exports.array(external_exports.unknown()).min(1).max(KEYS_MAX) })).min(1).max(ISSUERS_MAX)
});
function pinnedKeys() {
  return lookUp(PINNED_KEYS);
}
function withKeysFile(text, pinned = PINNED_KEYS) {
  const parsed = KeysFile.safeParse(parseJson(text));
  if (!parsed.success) return 'it is not {"issuers":[{"issuer":"\u2026","keys":[\u2026]}]}';
  const { issuers } = parsed.data;
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length) return "it names an issuer twice";
  const given = issuers.flatMap(({ issuer, keys }) => signingKeys(keys).map((key) => ({ issuer, ...key })));
  const without = issuers.find(({ issuer }) => !given.some((key) => key.issuer === issuer));
  if (without !== void 0)
    return `it has no key for ${JSON.stringify(without.issuer)}, expected RSA, "use":"sig", RS256, 2048 bits or more`;
  const other = given.find((key) => pinned.some((pin) => isSameId(pin, key) && (pin.n !== key.n || pin.e !== key.e)));
  if (other !== void 0)
    return `it has another key ${JSON.stringify(other.kid)} of ${JSON.stringify(other.issuer)} than this version knows`;
  return lookUp([...pinned, ...given]);
}
function lookUp(keys) {
  return { find: (issuer, kid) => keys.find((key) => isSameId(key, { issuer, kid })) ?? null };
}
function isSameId(a, b) {
  return a.issuer === b.issuer && a.kid === b.kid;
}
function parseJson(text) {
  try {
    const value = JSON.parse(text);
    return hasRepeatedMember(text) ? void 0 : value;
  } catch {
    return void 0;
  }
}

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

// src/core/verify/entry-rules.ts
var OPEN_DECISIONS_MAX = 1e6;
var CHUNKS_MAX = 1e6;
var COMMANDS_MAX = 1e5;
var EntryRules = class {
  session = null;
  sealed = false;
  chunks = /* @__PURE__ */ new Map();
  #open = /* @__PURE__ */ new Set();
  #commands = /* @__PURE__ */ new Map();
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
        return this.#ofCommand(entry.link);
      case "recording":
        return this.#recording(entry);
      case "command":
        return this.#command(entry);
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
  #command({ link, event }) {
    if (event === "ended") {
      const stray = this.#ofCommand(link);
      this.#commands.set(link, "ended");
      return stray;
    }
    if (this.#commands.has(link)) return { code: "order", what: `command ${link} was already started` };
    if (this.#commands.size >= COMMANDS_MAX) return { code: "entry", what: `there are more than ${COMMANDS_MAX} commands` };
    this.#commands.set(link, "running");
    this.#counts.commands += 1;
    return null;
  }
  #ofCommand(link) {
    const state = this.#commands.get(link);
    if (state === "running") return null;
    return { code: "order", what: `it is of command ${link}, which ${state === "ended" ? "has ended" : "was not started"} before it` };
  }
  #recording({ file, offset, bytes, sha256 }) {
    const path = parseRecordingPath(file);
    if (path?.type !== "rec") return { code: "recording", what: "it names a file that is no recording" };
    const stray = this.#ofCommand(path.link);
    if (stray !== null) return stray;
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
function checkToken(content, session, openedAt, keys) {
  const token = parseToken(content);
  if (typeof token === "string") return { anchoring: "unanchored", problems: [problem2(token)], unknownKey: null };
  const whats = checkClaims(token, session, Date.parse(openedAt) / 1e3);
  const { anchoring, what, unknownKey } = session.issuer === "local" ? checkLocalSignature(token, session) : checkIssuerSignature(token, session, keys);
  if (what !== null) whats.push(what);
  return { anchoring: whats.length > 0 ? "unanchored" : anchoring, problems: whats.map(problem2), unknownKey };
}
function parseToken(content) {
  const jws = parseCompactJws(decodeUtf8(content) ?? "");
  if (typeof jws === "string") return jws;
  const parsed = Claims.safeParse(jws.claims);
  return parsed.success ? { ...jws, claims: parsed.data } : `its claims are malformed: ${describe(parsed.error)}`;
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
  const found = (what) => ({ anchoring: "local", what, unknownKey: null });
  const parsed = LocalHeader.safeParse(header);
  if (!parsed.success) return found(`its header is malformed: ${describe(parsed.error)}`);
  const { jwk } = parsed.data;
  if (ed25519Thumbprint(jwk) !== session.clientKey) return found("it is signed by another key than the session entry names");
  return found(isSignedBy(jwk, input, signature) ? null : "its signature is not the one of its key");
}
function checkIssuerSignature({ header, input, signature }, session, keys) {
  const parsed = parseIssuerHeader(header);
  if (typeof parsed === "string") return { anchoring: "unanchored", what: parsed, unknownKey: null };
  const key = keys.find(session.issuer, parsed.kid);
  if (key === null) return { anchoring: "unanchored", what: null, unknownKey: parsed.kid };
  const what = isRs256SignedBy(key, input, signature) ? null : `its signature is not the one of key ${parsed.kid} of its issuer`;
  return { anchoring: "anchored", what, unknownKey: null };
}
function problem2(what) {
  return { code: "token", where: TOKEN_FILE, what };
}

// src/core/verify/verify-bundle.ts
async function verifyBundle(reader, keys = pinnedKeys()) {
  const structure = checkStructure(await reader.members());
  const work = startWork(reader, structure);
  if (structure.problems.length === 0) {
    await checkAudit(work);
    await checkPolicyAndToken(work, keys);
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
async function checkPolicyAndToken(work, keys) {
  const { session } = work.audit.rules;
  const { from } = work.audit.times;
  if (session === null || from === null) return;
  const policy = await small(work, POLICY_FILE);
  if (policy !== null && policy.digest.sha256 !== session.policySha256) {
    work.problems.push({ code: "policy", where: POLICY_FILE, what: "it is not the policy that the session entry names: its hash differs" });
  }
  const token = await small(work, TOKEN_FILE);
  if (token === null) return;
  const finding = checkToken(token.content, session, from, keys);
  work.anchoring = finding.anchoring;
  work.problems.push(...finding.problems);
  if (finding.unknownKey !== null)
    work.notes.push(`Key ${finding.unknownKey} of ${session.issuer} is not known from outside the bundle; --keys FILE can name it.`);
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

export {
  KEYS_FILE_BYTES_MAX,
  pinnedKeys,
  withKeysFile,
  checkStructure,
  exitCodeOf,
  verifyBundle
};
