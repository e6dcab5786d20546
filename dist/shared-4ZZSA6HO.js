import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  LineSplitter,
  auditFiles
} from "./shared-VBDUAGZA.js";
import {
  BUNDLE_MEMBERS_MAX,
  readThrough,
  readWhole
} from "./shared-33G7XI2G.js";
import {
  agentLink,
  chainDigest,
  claimStrings,
  delegatedLink,
  dutiesAlong,
  findCheckpoints,
  hasRepeatedMember,
  isGoodCheckpoint,
  isRs256SignedBy,
  parseCompactJws,
  parseIssuerHeader,
  rightText,
  sessionChain,
  signingKeys
} from "./shared-IC5W4FSN.js";
import {
  AsciicastWriter
} from "./shared-VXLA3JHL.js";
import {
  AUDIT_FILE,
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
  TIMESTAMP_FORM,
  TOKEN_BYTES_MAX,
  TOKEN_FILE,
  auditFile,
  auditFileNumber,
  decodeCanonical,
  decodeUtf8,
  describe,
  isTime,
  manifestSigningInput,
  parseRecordingPath,
  readEntry,
  recordingPath
} from "./shared-SRWRGWQG.js";
import {
  FrameDecoder,
  FrameFault
} from "./shared-ZTYEZK3O.js";
import {
  approvalAudience,
  sessionAudience
} from "./shared-XR5Q7YXY.js";
import {
  Ed25519Jwk,
  NotCanonicalizable,
  ed25519Thumbprint,
  isCanonicalJson,
  isSignedBy,
  sha256Hex,
  startSha256
} from "./shared-ICF2F4II.js";
import {
  array,
  literal,
  looseObject,
  number,
  object,
  strictObject,
  string,
  unknown
} from "./shared-2T7SPHVJ.js";

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
var KeysFile = strictObject({
  issuers: array(strictObject({ issuer: string().min(1).max(1024), keys: array(unknown()).min(1).max(KEYS_MAX) })).min(1).max(ISSUERS_MAX)
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
  [POLICY_FILE, POLICY_BYTES_MAX],
  [TOKEN_FILE, TOKEN_BYTES_MAX],
  [MANIFEST_FILE, MANIFEST_BYTES_MAX],
  [SIGNATURE_FILE, SIGNATURE_BYTES_MAX],
  [SIGNATURE_DRAFT_FILE, SIGNATURE_BYTES_MAX]
]);
function checkStructure(members) {
  const files = new Map(members.filter((member) => member.kind === "file").map((member) => [member.path, member]));
  const sealed = files.has(SIGNATURE_FILE);
  if (new Set(members.map(({ path }) => path)).size < members.length) {
    return { files, sealed, problems: [problem("the bundle", "it holds two members of one name")] };
  }
  if (members.length > BUNDLE_MEMBERS_MAX || files.size > BUNDLE_FILES_MAX) {
    return { files, sealed, problems: [problem("the bundle", `it holds more than ${BUNDLE_FILES_MAX} files`)] };
  }
  const problems = members.flatMap((member) => checkMember(member, sealed));
  if (sealed) problems.push(...checkComplete(members, files));
  problems.push(...checkAuditFiles(files));
  return { files, sealed, problems };
}
function checkAuditFiles(files) {
  const numbers = auditFiles(files.values()).map(({ path }) => auditFileNumber(path));
  const missing = numbers.findIndex((number2, index) => number2 !== index + 1);
  if (numbers.length > 0 && missing < 0) return [];
  return [problem(auditFile(Math.max(missing, 0) + 1), "it is missing")];
}
function checkMember({ path, kind, bytes }, sealed) {
  switch (kind) {
    case "other":
      return [problem(path, "it is a link or a special file, expected regular files and folders only")];
    case "folder":
      return FOLDER.test(path) ? [] : [problem(path, "a bundle has no folder of this name")];
    case "file": {
      const max = LIMITS.get(path) ?? (isLarge(path) ? FILE_BYTES_MAX : null);
      if (max === null || sealed && path === SIGNATURE_DRAFT_FILE) return [problem(path, "a bundle has no file of this name")];
      return bytes <= max ? [] : [problem(path, `it has ${bytes} bytes, expected at most ${max}`)];
    }
  }
}
function isLarge(path) {
  return parseRecordingPath(path) !== null || auditFileNumber(path) !== null;
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

// src/core/verify/issuer-signature.ts
function checkIssuerSignature({ header, input, signature }, issuer, keys) {
  const parsed = parseIssuerHeader(header);
  if (typeof parsed === "string") return { kind: "bad", what: parsed };
  const key = keys.find(issuer, parsed.kid);
  if (key === null) return { kind: "unknown-key", kid: parsed.kid };
  if (isRs256SignedBy(key, input, signature)) return { kind: "good" };
  return { kind: "bad", what: `its signature is not the one of key ${parsed.kid} of its issuer` };
}

// src/core/verify/receipt-check.ts
var SKEW_SECONDS_MAX = 60;
var Claims = looseObject({
  ...{ iss: string(), aud: string(), sub: string(), jti: string(), iat: number(), exp: number() },
  ...{ run_id: string(), run_attempt: string(), environment: string(), repository_id: string() }
});
function checkReceipt(receipt, keys) {
  const { session, token } = receipt;
  const bad = (what) => ({ what, unknownKey: null });
  if (session.issuer === "local") return bad("an issuer local has nobody to approve");
  if (token.length > TOKEN_BYTES_MAX) return bad(`its receipt is longer than ${TOKEN_BYTES_MAX} bytes`);
  const jws = parseCompactJws(token);
  if (typeof jws === "string") return bad(`its receipt: ${jws}`);
  const claims = Claims.safeParse(jws.claims);
  if (!claims.success) return bad(`its receipt's claims are malformed: ${describe(claims.error)}`);
  const wrong = wrongClaims(claims.data, receipt);
  if (wrong !== null) return bad(`its receipt ${wrong}`);
  const signature = checkIssuerSignature(jws, session.issuer, keys);
  switch (signature.kind) {
    case "good":
      return { what: null, unknownKey: null };
    case "unknown-key":
      return { what: null, unknownKey: signature.kid };
    case "bad":
      return bad(`its receipt: ${signature.what}`);
  }
}
function wrongClaims(claims, { session, hold, heldAt, approver, run }) {
  const { gateway, issuer } = session;
  const { actor_id: actor, repository_id: repository } = session.claims;
  if (actor === void 0 || repository === void 0)
    return "has nothing to be held against: the session names no actor_id or repository_id";
  if (approver.id === actor) return "is of the person behind the operation: nobody approves what is done in his own name";
  if (claims.iss !== issuer) return "is from another issuer than the session";
  if (claims.aud !== approvalAudience({ gateway, request: hold.hold, operation: hold.operation, run, approvers: [approver.id] }))
    return "is not of this operation, request, run and approver";
  if (claims.run_id !== run || claims.run_attempt !== "1") return "is of another run, or not of its first attempt";
  if (claims.environment !== hold.environment) return "is of another environment";
  if (claims.repository_id !== repository) return "is of another repository";
  if (claims.iat < Date.parse(heldAt) / 1e3 - SKEW_SECONDS_MAX) return "is older than the request";
  if (claims.iat > Date.parse(hold.expires) / 1e3) return "is younger than the request lasts";
  return null;
}

// src/core/verify/approval-rules.ts
var HOLDS_MAX = 1e5;
var ApprovalRules = class {
  #keys;
  #ids = /* @__PURE__ */ new Set();
  /** Holds by id, and by the decision that waits for them; gone once it does so no more. */
  #holds = /* @__PURE__ */ new Map();
  #waiting = /* @__PURE__ */ new Map();
  unknownKeys = /* @__PURE__ */ new Set();
  approved = 0;
  constructor(keys) {
    this.#keys = keys;
  }
  /** A decision that waits from now on. */
  wait(decision) {
    this.#waiting.set(decision, []);
  }
  get waiting() {
    return this.#waiting.size;
  }
  isWaiting(decision) {
    return this.#waiting.has(decision);
  }
  hold(entry, at) {
    const holds = this.#waiting.get(entry.decision);
    if (holds === void 0) return broken(`decision ${entry.decision} does not wait for approval`);
    if (this.#ids.has(entry.hold)) return broken(`hold ${entry.hold} was already made`);
    if (this.#ids.size >= HOLDS_MAX) return { code: "entry", what: `there are more than ${HOLDS_MAX} holds` };
    const hold = { entry, at, verdict: null, approver: null };
    this.#ids.add(entry.hold);
    this.#holds.set(entry.hold, hold);
    holds.push(hold);
    return null;
  }
  approval({ hold: id, verdict, approver, run, receipt }, session) {
    const hold = this.#holds.get(id);
    if (hold === void 0 || hold.verdict !== null) return broken(`it ends hold ${id}, which is not open`);
    hold.verdict = verdict;
    if (verdict !== "approved") return receipt === null ? null : broken(`it is ${verdict} and has a receipt`);
    if (approver === null || run === null || receipt === null) return broken("it is approved without approver, run or receipt");
    const found = checkReceipt({ session, hold: hold.entry, heldAt: hold.at, approver, run, token: receipt }, this.#keys);
    if (found.what !== null) return { code: "approval", what: found.what };
    if (found.unknownKey !== null) this.unknownKeys.add(found.unknownKey);
    hold.approver = approver.id;
    this.approved += 1;
    return null;
  }
  release({ decision, outcome }) {
    const holds = this.#waiting.get(decision);
    if (holds === void 0) return broken(`decision ${decision} does not wait for approval`);
    this.#waiting.delete(decision);
    for (const { entry } of holds) this.#holds.delete(entry.hold);
    if (outcome === "deny") return null;
    const approvers = new Set(holds.map(({ approver }) => approver));
    if (holds.length === 0 || approvers.has(null)) return { code: "approval", what: `it lets ${decision} go on, which was not approved` };
    if (approvers.size < holds.length) return { code: "approval", what: `it lets ${decision} go on, which one person approved twice` };
    return null;
  }
};
function broken(what) {
  return { code: "order", what };
}

// src/core/verify/chain-rules.ts
var DEPTH_MAX = 32;
var AGENTS_MAX = 200;
var ChainRules = class {
  #session;
  #steps = /* @__PURE__ */ new Map();
  /** Until an agent is seen. */
  #rights = /* @__PURE__ */ new Map();
  constructor({ chain }) {
    this.#session = sessionChain(chain);
  }
  /** That `entry.parent` runs, and `entry.link` was not started, is for the caller to see. */
  delegation(entry) {
    const { link, parent } = entry;
    if (this.#steps.has(link)) return { code: "order", what: `command ${link} was delegated to, or had an agent, before` };
    const depth = (this.#steps.get(parent)?.depth ?? 0) + 1;
    if (depth > DEPTH_MAX) return { code: "entry", what: `a chain has more than ${DEPTH_MAX} commands` };
    this.#steps.set(link, { parent, depth, own: [delegatedLink(entry)], agents: 0 });
    const chain = this.chainOf(link);
    if (entry.chainSha256 !== chainDigest(chain))
      return { code: "chain", what: `its chain is not that of command ${parent} and its own link` };
    return sameDuties(entry.duties, chain);
  }
  /** That `entry.link` runs is for the caller to see. */
  agent(entry) {
    const { link, agent } = entry;
    const step = this.#steps.get(link) ?? { parent: null, depth: 0, own: [], agents: 0 };
    step.agents += 1;
    if (agent !== `${link}-${step.agents}`) return { code: "order", what: `it is agent ${agent}, expected ${link}-${step.agents}` };
    if (step.agents > AGENTS_MAX) return { code: "entry", what: `more than ${AGENTS_MAX} agents were seen in one cage` };
    step.own.push(agentLink(entry));
    this.#steps.set(link, step);
    this.#rights.clear();
    return sameDuties(entry.duties, this.chainOf(link));
  }
  /** Whether a decision names exactly the duties that hold for its command, where it stands. */
  decision(link, duty) {
    let right = this.#rights.get(link);
    if (right === void 0) {
      right = rightText(dutiesAlong(this.chainOf(link)));
      this.#rights.set(link, right);
    }
    return duty === right ? null : { code: "chain", what: `it was decided under "${duty}", where "${right}" holds` };
  }
  chainOf(link) {
    const step = this.#steps.get(link);
    if (step === void 0) return this.#session;
    return [...step.parent === null ? this.#session : this.chainOf(step.parent), ...step.own];
  }
};
function sameDuties(duties, chain) {
  const expected = dutiesAlong(chain);
  if (duties.length === expected.length && duties.every((duty, index) => duty === expected[index])) return null;
  return { code: "chain", what: `it names the duties "${rightText(duties)}", where "${rightText(expected)}" hold` };
}

// src/core/verify/entry-rules.ts
var OPEN_DECISIONS_MAX = 1e6;
var CHUNKS_MAX = 1e6;
var COMMANDS_MAX = 1e5;
var EntryRules = class {
  session = null;
  sealed = false;
  /** Lines that the last checkpoint signs. */
  signed = 0;
  approvals;
  #chains = null;
  chunks = /* @__PURE__ */ new Map();
  #open = /* @__PURE__ */ new Set();
  /** Commands and cages: what they are, while they are there. */
  #links = /* @__PURE__ */ new Map();
  #chunkCount = 0;
  #counts = {
    ...{ entries: 0, allowed: 0, refused: 0, masked: 0, connections: 0, connectionsRefused: 0 },
    ...{ commands: 0, delegations: 0, agents: 0, incidents: 0, checkpoints: 0, unknown: 0 }
  };
  constructor(keys) {
    this.approvals = new ApprovalRules(keys);
  }
  /** Null when the entry may stand there. */
  take(place, read) {
    if (this.sealed) return { code: "seal", what: "it comes after the seal" };
    if (place.n === 0 && read.entry.kind !== "session")
      return { code: "chain", what: `the first entry is of kind ${read.entry.kind}, expected session` };
    this.#counts.entries += 1;
    if (read.known) return this.#known(place, read.entry);
    this.#counts.unknown += 1;
    return null;
  }
  get counts() {
    const { waiting, approved } = this.approvals;
    return { ...this.#counts, withoutOutcome: this.#open.size, waiting, approved };
  }
  #known(place, entry) {
    if (entry.kind === "session") return this.#session(place, entry);
    return this.session === null ? null : this.#ofSession(place, entry, this.session);
  }
  #session({ n }, entry) {
    if (n > 0) return { code: "chain", what: "it is a second session entry: a chain has one beginning" };
    this.session = entry;
    this.#chains = new ChainRules(entry);
    return null;
  }
  #ofSession(place, entry, session) {
    switch (entry.kind) {
      case "decision":
        return this.#decision(entry);
      case "hold":
        return this.approvals.hold(entry, place.at);
      case "approval":
        return this.approvals.approval(entry, session);
      case "release":
        return this.#release(entry);
      case "outcome":
        return this.#outcome(entry);
      case "connection":
        if (entry.event === "opened") this.#counts.connections += 1;
        if (entry.event === "refused") this.#counts.connectionsRefused += 1;
        return this.#ofCommand(entry.link);
      case "confinement":
        return this.#ofCommand(entry.link);
      case "cage":
        return this.#cage(entry);
      case "recording":
        return this.#recording(entry);
      case "command":
        return this.#command(entry);
      case "delegation":
        this.#counts.delegations += 1;
        return this.#delegation(entry);
      case "agent":
        this.#counts.agents += 1;
        return this.#ofCommand(entry.link) ?? this.#chains?.agent(entry) ?? null;
      case "mint":
      case "egress":
        return this.#ofCommand(entry.link);
      case "checkpoint":
        return this.#checkpoint(place, entry, session);
      case "incident":
        this.#counts.incidents += 1;
        return null;
      case "seal":
        return this.#seal(place.n, entry);
    }
  }
  #decision({ decision, outcome, link, duty }) {
    const broken2 = this.#ofCommand(link) ?? this.#chains?.decision(link, duty) ?? null;
    if (broken2 !== null) return broken2;
    if (this.#open.has(decision) || this.approvals.isWaiting(decision))
      return { code: "order", what: `decision ${decision} was already made` };
    if (outcome !== "allow" && outcome !== "hold") {
      this.#counts.refused += 1;
      return null;
    }
    if (this.#open.size + this.approvals.waiting >= OPEN_DECISIONS_MAX)
      return { code: "entry", what: `more than ${OPEN_DECISIONS_MAX} operations are under way` };
    if (outcome === "hold") this.approvals.wait(decision);
    else this.#allow(decision);
    return null;
  }
  #allow(decision) {
    this.#open.add(decision);
    this.#counts.allowed += 1;
  }
  #release(entry) {
    const broken2 = this.approvals.release(entry);
    if (broken2 !== null) return broken2;
    if (entry.outcome === "allow") this.#allow(entry.decision);
    else this.#counts.refused += 1;
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
      const stray = this.#ofCommand(link, "command");
      this.#links.set(link, "ended");
      return stray;
    }
    const broken2 = this.#begin(link, "command");
    if (broken2 === null) this.#counts.commands += 1;
    return broken2;
  }
  /** What is of a cage comes between its making and its end, as with a command. */
  #cage({ cage, event, command }) {
    if (command === null !== (event === "ended")) return { code: "order", what: `cage ${cage} is ${event} by command ${command}` };
    const stray = command === null ? null : this.#ofCommand(command, "command");
    if (stray !== null) return stray;
    if (event === "made") return this.#begin(cage, "cage");
    const unknown2 = this.#ofCommand(cage, "cage");
    if (event === "ended") this.#links.set(cage, "ended");
    return unknown2;
  }
  #delegation(entry) {
    if (this.#links.has(entry.link)) return { code: "order", what: `command ${entry.link} was already started` };
    return this.#ofCommand(entry.parent) ?? this.#chains?.delegation(entry) ?? null;
  }
  #begin(link, as) {
    if (this.#links.has(link)) return { code: "order", what: `${as} ${link} was already started` };
    if (this.#links.size >= COMMANDS_MAX) return { code: "entry", what: `there are more than ${COMMANDS_MAX} commands and cages` };
    this.#links.set(link, as);
    return null;
  }
  /** @param as null: a cage of the job's will do. */
  #ofCommand(link, as = null) {
    const state = this.#links.get(link);
    if (state !== void 0 && state !== "ended" && (as === null || state === as)) return null;
    return {
      code: "order",
      what: `it is of ${as ?? "command"} ${link}, which ${state === "ended" ? "has ended" : "was not started"} before it`
    };
  }
  #recording({ file, offset, bytes, sha256 }) {
    const path = parseRecordingPath(file);
    if (path?.type !== "rec" && path?.type !== "rec.age") return { code: "recording", what: "it names a file that is no recording" };
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
  #checkpoint({ n, prev }, { key, sig }, session) {
    if (!isGoodCheckpoint({ session: session.session, entries: n, last: prev, key, sig }, session.evidenceKey))
      return { code: "checkpoint", what: "it is not the signature of the evidence key for the lines before it" };
    this.#counts.checkpoints += 1;
    this.signed = n;
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

// src/core/verify/log-check.ts
var LOG_CHECKPOINTS_MAX = 1e5;
var LOG_LINE_BYTES_MAX = 1024 * 1024;
var LogScan = class {
  found = [];
  /** There are more than are looked at: what they show is not known. */
  isTooMuch = false;
  #lines = this.#splitter();
  push(piece) {
    if (!this.#lines.push(piece)) this.#lines = this.#splitter();
  }
  end() {
    this.#lines.push(Buffer.from("\n"));
    return this.found;
  }
  #splitter() {
    return new LineSplitter(LOG_LINE_BYTES_MAX, (line) => {
      if (!line.includes("dgc1.")) return;
      for (const each of findCheckpoints(line.toString("latin1"))) {
        if (this.found.length < LOG_CHECKPOINTS_MAX) this.found.push(each);
        else this.isTooMuch = true;
      }
    });
  }
};
var LogCheck = class {
  #shown;
  /** Hashes of the last of so many lines. */
  #expected = /* @__PURE__ */ new Map();
  /** Checkpoints that the session's own key signed. */
  genuine = 0;
  constructor(shown) {
    this.#shown = shown;
  }
  begin({ session, evidenceKey }) {
    for (const each of this.#shown) {
      if (each.session !== session || each.entries === 0 || !isGoodCheckpoint(each, evidenceKey)) continue;
      this.genuine += 1;
      const hashes = this.#expected.get(each.entries) ?? /* @__PURE__ */ new Set();
      this.#expected.set(each.entries, hashes.add(each.last));
    }
  }
  /** Whether the line that makes the chain `entries` long is the one that was shown, where one was. */
  isLine(entries, hash) {
    const shown = this.#expected.get(entries);
    if (shown === void 0) return true;
    this.#expected.delete(entries);
    return shown.size === 1 && shown.has(hash);
  }
  /** The most lines that were shown and not seen; null: all were. */
  get missing() {
    return this.#expected.size === 0 ? null : [...this.#expected.keys()].reduce((most, entries) => Math.max(most, entries), 0);
  }
};

// src/core/verify/plain-line.ts
var PAIRS_REMEMBERED_MAX = 1e4;
var PAIRS_CHARACTERS_MAX = 4096;
var PlainLines = class {
  #pairs = /* @__PURE__ */ new Set();
  /** Null: to be read in the ordinary way. */
  read(text) {
    return text.startsWith('"bytes"', ENTRY_AT) ? readOutcome(text) : this.#readDecision(text);
  }
  /** The `pairs` of a line that was read in the ordinary way, and was found good: they may come again. */
  learn(text) {
    const pairs = pairsOf(text);
    if (pairs !== null && this.#pairs.size < PAIRS_REMEMBERED_MAX) this.#pairs.add(pairs.text);
  }
  #readDecision(text) {
    const pairs = pairsOf(text);
    if (pairs === null || !this.#pairs.has(pairs.text)) return null;
    const head = DECISION_HEAD.exec(text.slice(0, pairs.start));
    const tail = DECISION_TAIL.exec(text.slice(pairs.end));
    const [, at = "", decision = "", duty = "", link = "", outcome = ""] = head ?? [];
    const [, n = "", prev = ""] = tail ?? [];
    if (head === null || tail === null || !isTime(at)) return null;
    return { at, n: Number(n), prev, entry: { kind: "decision", decision, duty, link, outcome: outcome === "allow" ? "allow" : "deny" } };
  }
};
var ENTRY_AT = '{"at":"2026-01-02T03:04:05.678Z","entry":{'.length;
var PLAIN = '[^"\\\\\\u0000-\\u001f\\ud800-\\udfff]*';
var STRINGS = `\\[(?:"${PLAIN}"(?:,"${PLAIN}")*)?\\]`;
var NULLABLE_STRINGS = `\\[(?:(?:"${PLAIN}"|null)(?:,(?:"${PLAIN}"|null))*)?\\]`;
var COUNT = "(?:0|[1-9]\\d{0,14})";
var PLACE = `"n":(${COUNT}),"prev":"([0-9a-f]{64})","v":1\\}`;
var OUTCOME = new RegExp(
  `^\\{"at":"(${TIMESTAMP_FORM})","entry":\\{"bytes":${COUNT},"code":(?:null|"${PLAIN}"),"decision":"([\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128})","durationMicros":${COUNT},"kind":"outcome","masked":(${COUNT}),"responseSha256":(?:null|"[0-9a-f]{64}"),"rows":${COUNT},"status":"(?:ok|error|suspended|skipped|cut)"\\},${PLACE}$`
);
var DECISION_HEAD = new RegExp(
  `^\\{"at":"(${TIMESTAMP_FORM})","entry":\\{"connection":"${PLAIN}","decision":"([\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128})","duty":"(${PLAIN})","kind":"decision","link":"([A-Za-z0-9_-]{1,64})","outcome":"(allow|deny|unjudgeable|over-limit)","pairs":$`
);
var DECISION_TAIL = new RegExp(
  `^,"parameters":${NULLABLE_STRINGS},"reasons":${STRINGS},"rules":${STRINGS},"statement":"${PLAIN}","target":"${PLAIN}"\\},${PLACE}$`
);
function readOutcome(text) {
  const match = OUTCOME.exec(text);
  if (match === null) return null;
  const [, at = "", decision = "", masked = "", n = "", prev = ""] = match;
  return isTime(at) ? { at, n: Number(n), prev, entry: { kind: "outcome", decision, masked: Number(masked) } } : null;
}
var PAIRS = '"pairs":';
var AFTER_PAIRS = ',"parameters":';
function pairsOf(text) {
  const start = text.indexOf(PAIRS) + PAIRS.length;
  const end = text.indexOf(AFTER_PAIRS, start);
  if (start < PAIRS.length || end < 0 || end - start > PAIRS_CHARACTERS_MAX) return null;
  return { text: text.slice(start, end), start, end };
}

// src/core/verify/audit-check.ts
var AuditCheck = class {
  rules;
  log;
  #plain = new PlainLines();
  #lines = new LineSplitter(LINE_BYTES_MAX, (line) => this.#line(line));
  #entries = EMPTY_CHAIN.entries;
  #first = EMPTY_CHAIN.last;
  #last = EMPTY_CHAIN.last;
  #from = null;
  #to = null;
  #clockWentBack = 0;
  #problem = null;
  /** @param log checkpoints that a log shows, whoever wrote them. */
  constructor(keys, log = []) {
    this.rules = new EntryRules(keys);
    this.log = new LogCheck(log);
  }
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
    const text = decodeUtf8(bytes);
    if (text === null) return this.#fail("entry", "it is not UTF-8");
    const plain = this.#plain.read(text);
    if (plain !== null) return this.#entry(plain, { known: true, entry: plain.entry }, bytes);
    const line = this.#parse(text);
    if (line === null) return;
    const read = readEntry(line.entry);
    if ("problem" in read) return this.#fail("entry", `its ${line.entry.kind} entry is malformed: ${read.problem}`);
    if (line.entry.kind === "decision") this.#plain.learn(text);
    this.#entry(line, read, bytes);
  }
  #entry(line, read, bytes) {
    if (!this.#isNext(line)) return;
    const broken2 = this.rules.take(line, read);
    if (broken2 !== null) return this.#fail(broken2.code, broken2.what);
    const hash = sha256Hex(bytes);
    if (line.n === 0 && this.rules.session !== null) this.log.begin(this.rules.session);
    if (!this.log.isLine(line.n + 1, hash)) return this.#fail("checkpoint", "it is not the entry that the log shows as signed");
    this.#accept(line, hash);
  }
  #parse(text) {
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
  #content;
  #position = 0;
  #next = 0;
  #range = startSha256();
  #problem = null;
  constructor(path, chunks, content) {
    this.#path = path;
    this.#chunks = chunks;
    this.#content = content;
  }
  async push(piece) {
    let rest = piece;
    while (rest.length > 0 && this.#problem === null) {
      const chunk = this.#chunks[this.#next];
      if (chunk === void 0) break;
      const part = rest.subarray(0, chunk.offset + chunk.bytes - this.#position);
      await this.#take(part, chunk);
      rest = rest.subarray(part.length);
    }
  }
  /** Bytes that entries cover, of those that were read. */
  get coveredBytes() {
    return this.#position;
  }
  /** Ends it. Null: nothing is wrong with it. */
  end() {
    if (this.#problem === null && this.#next < this.#chunks.length) this.#fail("it is shorter than the chunks that the chain names");
    if (this.#problem === null) this.#fail(this.#content?.end() ?? null);
    return this.#problem;
  }
  async #take(part, chunk) {
    this.#range.update(part);
    this.#position += part.length;
    this.#fail(this.#content?.take(part) ?? null);
    if (this.#position < chunk.offset + chunk.bytes) return;
    if (this.#range.hex() !== chunk.sha256) this.#fail(`bytes ${chunk.offset} to ${this.#position} are not those that the chain names`);
    else this.#fail(await this.#content?.endRange() ?? null);
    this.#range = startSha256();
    this.#next += 1;
  }
  #fail(what) {
    if (what !== null) this.#problem ??= { code: "recording", where: this.#path, what };
  }
};

// src/core/verify/recording-content.ts
var ENCRYPTED_RANGE_BYTES_MAX = 4 * 1024 * 1024;
var FrameContent = class {
  #decoder = new FrameDecoder();
  #writer = new AsciicastWriter();
  #v2 = new RunningDigest();
  #v3 = new RunningDigest();
  take(part) {
    return faultOf(() => {
      for (const frame of this.#decoder.push(part)) this.#derive(this.#writer.frame(frame));
    });
  }
  async endRange() {
    return null;
  }
  end() {
    this.#derive(this.#writer.end());
    return faultOf(() => this.#decoder.end());
  }
  /** Of the casts that these frames make; after the end. */
  get casts() {
    return { cast: this.#v2.digest(), "v3.cast": this.#v3.digest() };
  }
  #derive({ v2, v3 }) {
    this.#v2.update(v2);
    this.#v3.update(v3);
  }
};
var EncryptedContent = class {
  #decrypt;
  #frames = new FrameDecoder();
  #parts = [];
  #bytes = 0;
  /** No key that we have opens it. */
  unread = false;
  constructor(decrypt) {
    this.#decrypt = decrypt;
  }
  take(part) {
    this.#bytes += part.length;
    if (this.#bytes > ENCRYPTED_RANGE_BYTES_MAX) return `a range of it is longer than ${ENCRYPTED_RANGE_BYTES_MAX} bytes`;
    this.#parts.push(Buffer.from(part));
    return null;
  }
  async endRange() {
    const ciphertext = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    if (this.unread) return null;
    let plaintext;
    try {
      plaintext = await this.#decrypt(ciphertext);
    } catch {
      return "a range of it is not an age file";
    }
    if (plaintext !== null) return faultOf(() => void this.#frames.push(plaintext));
    this.unread = true;
    return null;
  }
  end() {
    return this.unread ? null : faultOf(() => this.#frames.end());
  }
};
var RunningDigest = class {
  #sha256 = startSha256();
  #bytes = 0;
  update(text) {
    const bytes = Buffer.from(text, "utf8");
    this.#sha256.update(bytes);
    this.#bytes += bytes.length;
  }
  digest() {
    return { bytes: this.#bytes, sha256: this.#sha256.hex() };
  }
};
function faultOf(act) {
  try {
    act();
    return null;
  } catch (cause) {
    if (cause instanceof FrameFault) return cause.message;
    throw cause;
  }
}

// src/core/verify/work.ts
function keepDigest(work, member, digest) {
  work.digests.set(member.path, digest);
  if (digest.bytes !== member.bytes)
    work.problems.push({ code: "structure", where: member.path, what: "its size changed while it was read" });
}

// src/core/verify/recordings-check.ts
async function checkRecordings(work, decrypt) {
  const named = new Set(work.audit.rules.chunks.keys());
  for (const [path, member] of work.files) {
    const recording = parseRecordingPath(path);
    if (recording === null) continue;
    named.delete(path);
    if (recording.type === "rec" || recording.type === "rec.age") await checkRecording(work, { member, recording, decrypt });
    else if (work.sealed && !work.files.has(recordingPath(recording.link, recording.name, "rec")))
      work.problems.push({ code: "recording", where: path, what: "the recording it would be derived from is missing" });
  }
  for (const path of named) work.problems.push({ code: "recording", where: path, what: "the chain names it, and it is missing" });
}
async function checkRecording(work, { member, recording, decrypt }) {
  const { path } = member;
  const keeps = work.audit.rules.session?.keeps;
  if (keeps === void 0 || !isKept(recording, keeps))
    work.problems.push({ code: "recording", where: path, what: "the session entry says that there is none of this kind" });
  const content = contentOf(recording, decrypt);
  const check = new RecordingCheck(path, work.audit.rules.chunks.get(path) ?? [], content);
  keepDigest(work, member, await readThrough(work.reader, member, (piece) => check.push(piece)));
  const problem3 = check.end();
  if (problem3 !== null) work.problems.push(problem3);
  work.recordings += 1;
  work.recordedBytes += check.coveredBytes;
  if (problem3 === null) noteUncovered(work, path, member.bytes - check.coveredBytes);
  if (content instanceof EncryptedContent && content.unread) work.notes.push(`${path} is encrypted, and no identity given opens it.`);
  else if (content === null) work.notes.push(`${path} is encrypted: its content was not read; --identity FILE opens it.`);
  if (work.sealed && recording.of === "terminal" && content instanceof FrameContent) await checkCasts(work, recording, content.casts);
}
function isKept({ of, type }, keeps) {
  return keeps[of === "terminal" ? "recordings" : "responses"] === (type === "rec" ? "full" : "encrypted");
}
function contentOf({ type }, decrypt) {
  if (type === "rec") return new FrameContent();
  return decrypt === null ? null : new EncryptedContent(decrypt);
}
function noteUncovered(work, path, bytes) {
  if (bytes <= 0) return;
  if (work.sealed) work.problems.push({ code: "recording", where: path, what: `no entry of the chain covers its last ${bytes} bytes` });
  else work.notes.push(`The last ${bytes} bytes of ${path} are covered by no entry yet.`);
}
async function checkCasts(work, { link, name }, casts) {
  await checkCast(work, recordingPath(link, name, "cast"), casts.cast);
  await checkCast(work, recordingPath(link, name, "v3.cast"), casts["v3.cast"]);
}
async function checkCast(work, path, derived) {
  const member = work.files.get(path);
  if (member === void 0) {
    work.problems.push({ code: "recording", where: path, what: "it is missing" });
    return;
  }
  const digest = await readThrough(work.reader, member, () => {
  });
  keepDigest(work, member, digest);
  if (digest.sha256 !== derived.sha256) work.problems.push({ code: "recording", where: path, what: "it is not what the recording gives" });
}

// src/core/verify/token-check.ts
var TOKEN_SKEW_SECONDS_MAX = 60;
var LocalHeader = object({ alg: literal("EdDSA"), typ: literal("JWT"), jwk: Ed25519Jwk });
var REFUSED_HEADERS = ["jku", "x5u", "x5c", "crit", "b64", "zip"];
var Claims2 = looseObject({ iss: string(), aud: string(), iat: number(), exp: number(), sub: string(), jti: string() });
function checkToken(content, session, openedAt, keys) {
  const text = decodeUtf8(content) ?? "";
  const unsigned = session.keeps.token === "after-expiry" && text.endsWith(".");
  const token = parseToken(unsigned ? `${text}AA` : text);
  if (typeof token === "string") return { anchoring: "unanchored", problems: [problem2(token)], unknownKey: null };
  const whats = checkClaims(token, session, Date.parse(openedAt) / 1e3);
  const { anchoring, what, unknownKey } = unsigned ? UNSIGNED : checkSignature2(token, session, keys);
  if (what !== null) whats.push(what);
  return { anchoring: whats.length > 0 ? "unanchored" : anchoring, problems: whats.map(problem2), unknownKey };
}
var UNSIGNED = { anchoring: "unanchored", what: null, unknownKey: null };
function parseToken(text) {
  const jws = parseCompactJws(text);
  if (typeof jws === "string") return jws;
  const parsed = Claims2.safeParse(jws.claims);
  return parsed.success ? { ...jws, claims: parsed.data } : `its claims are malformed: ${describe(parsed.error)}`;
}
function checkClaims({ claims }, session, openedSeconds) {
  const whats = [];
  if (claims.iss !== session.issuer) whats.push("it is from another issuer than the session entry says");
  if (claims.aud !== sessionAudience(session)) whats.push("its audience is not made of the gateway, nonce and keys in the session entry");
  if (claims.iat > claims.exp || openedSeconds < claims.iat - TOKEN_SKEW_SECONDS_MAX || openedSeconds > claims.exp + TOKEN_SKEW_SECONDS_MAX) {
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
  if (REFUSED_HEADERS.some((name) => Object.hasOwn(header, name))) return found("its header has keys or conditions of its own");
  const { jwk } = parsed.data;
  if (ed25519Thumbprint(jwk) !== session.clientKey) return found("it is signed by another key than the session entry names");
  return found(isSignedBy(jwk, input, signature) ? null : "its signature is not the one of its key");
}
function checkSignature2(token, session, keys) {
  if (session.issuer === "local") return checkLocalSignature(token, session);
  const signature = checkIssuerSignature(token, session.issuer, keys);
  switch (signature.kind) {
    case "good":
      return { anchoring: "anchored", what: null, unknownKey: null };
    case "unknown-key":
      return { anchoring: "unanchored", what: null, unknownKey: signature.kid };
    case "bad":
      return { anchoring: "unanchored", what: signature.what, unknownKey: null };
  }
}
function problem2(what) {
  return { code: "token", where: TOKEN_FILE, what };
}

// src/core/verify/verify-bundle.ts
async function verifyBundle(reader, { keys = pinnedKeys(), log, decrypt } = {}) {
  const structure = checkStructure(await reader.members());
  const work = {
    ...{ reader, files: structure.files, sealed: structure.sealed, audit: new AuditCheck(keys, log), digests: /* @__PURE__ */ new Map() },
    ...{ problems: [...structure.problems], notes: [], anchoring: "unanchored", recordings: 0, recordedBytes: 0 }
  };
  if (structure.problems.length === 0) {
    await checkAudit(work);
    await checkPolicyAndToken(work, keys);
    await checkRecordings(work, decrypt ?? null);
    await checkSealing(work);
    checkLog(work, log !== void 0);
  }
  return conclude(work);
}
async function checkAudit(work) {
  const { audit } = work;
  const members = auditFiles(work.files.values());
  for (const [index, member] of members.entries()) {
    keepDigest(work, member, await readThrough(work.reader, member, (piece) => audit.push(piece)));
    const isLast = index === members.length - 1;
    if (audit.problem === null && !isLast && (member.bytes === 0 || audit.tornBytes > 0))
      work.problems.push({ code: "chain", where: member.path, what: "it does not end with a whole line, and is continued" });
  }
  if (audit.problem !== null) work.problems.push(audit.problem);
  else if (audit.rules.sealed && audit.tornBytes > 0)
    work.problems.push({ code: "seal", where: AUDIT_FILE, what: "bytes come after the seal" });
  else if (work.sealed) checkEnd(work, members.at(-1)?.bytes ?? 0);
  else if (audit.tornBytes > 0)
    work.notes.push(`The last line was cut off while it was written (${audit.tornBytes} bytes); it counts for nothing.`);
  if (audit.times.wentBack > 0)
    work.notes.push(`The gateway's clock went back ${audit.times.wentBack} times; the order of entries is that of the chain.`);
}
function checkEnd({ audit, problems }, lastBytes) {
  if (audit.tornBytes > 0) problems.push({ code: "chain", where: AUDIT_FILE, what: "its last line has no end" });
  if (lastBytes === 0) problems.push({ code: "chain", where: AUDIT_FILE, what: "its last file is empty" });
  if (!audit.rules.sealed) problems.push({ code: "seal", where: AUDIT_FILE, what: "its last entry is no seal: the end was cut off" });
}
async function checkPolicyAndToken(work, keys) {
  const { session } = work.audit.rules;
  const { from } = work.audit.times;
  if (session === null || from === null) return;
  const policy = await small(work, POLICY_FILE);
  if (policy !== null && policy.digest.sha256 !== session.policySha256) {
    work.problems.push({ code: "policy", where: POLICY_FILE, what: "it is not the policy that the session entry names: its hash differs" });
  }
  if (!work.sealed && session.keeps.token === "after-expiry" && !work.files.has(TOKEN_FILE)) {
    work.notes.push("The token was to go in after its expiry, and the session ended before: nobody vouches for its keys.");
    return;
  }
  const token = await small(work, TOKEN_FILE);
  if (token === null) return;
  const finding = checkToken(token.content, session, from, keys);
  work.anchoring = finding.anchoring;
  work.problems.push(...finding.problems);
  const unknown2 = new Set(work.audit.rules.approvals.unknownKeys);
  if (unknown2.size > 0) work.anchoring = "unanchored";
  if (finding.unknownKey !== null) unknown2.add(finding.unknownKey);
  for (const kid of unknown2)
    work.notes.push(`Key ${kid} of ${session.issuer} is not known from outside the bundle; --keys FILE can name it.`);
}
async function small(work, path) {
  const member = work.files.get(path);
  if (member === void 0) {
    work.problems.push({ code: "structure", where: path, what: "it is missing" });
    return null;
  }
  const whole = await readWhole(work.reader, member);
  keepDigest(work, member, whole.digest);
  return whole;
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
function checkLog({ audit, problems, notes }, given) {
  if (!given || problems.length > 0) return;
  const { genuine, missing } = audit.log;
  if (missing !== null) {
    const what = `the log shows ${missing} entries, signed, and ${audit.chain.entries} are here: the end was taken away`;
    problems.push({ code: "checkpoint", where: AUDIT_FILE, what });
  } else if (genuine === 0) notes.push("The log shows no checkpoint of this session.");
  else notes.push(`The log shows ${genuine} checkpoints of this session, and the chain is the one they sign.`);
}
function conclude(work) {
  const { audit, problems, notes, sealed } = work;
  const session = audit.rules.session;
  const { recordings, recordedBytes } = work;
  const counts = { ...audit.rules.counts, entries: audit.chain.entries, recordings, recordedBytes };
  if (problems.length === 0) notes.push(...openEnds(counts));
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
    signed: sealed ? counts.entries : audit.rules.signed,
    last: audit.chain.last,
    from: audit.times.from,
    to: audit.times.to,
    problems: problems.slice(0, PROBLEMS_MAX),
    notes
  };
}
function openEnds({ withoutOutcome, waiting }) {
  return [
    ...withoutOutcome > 0 ? [`${withoutOutcome} allowed operations have no outcome: whether and how they ended is not in the evidence.`] : [],
    ...waiting > 0 ? [`${waiting} operations waited for approval and were never let go on.`] : []
  ];
}

export {
  CHUNKS_MAX,
  LOG_CHECKPOINTS_MAX,
  LogScan,
  KEYS_FILE_BYTES_MAX,
  pinnedKeys,
  withKeysFile,
  ENCRYPTED_RANGE_BYTES_MAX,
  checkStructure,
  exitCodeOf,
  verifyBundle
};
