import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  Ed25519Jwk,
  canonicalJson,
  canonicalString,
  decodeBase64url,
  isCanonicalJson,
  sha256Hex
} from "./shared-ICF2F4II.js";
import {
  _enum,
  array,
  discriminatedUnion,
  int,
  literal,
  looseObject,
  object,
  record,
  strictObject,
  string
} from "./shared-2T7SPHVJ.js";

// src/core/audit/encode-entry.ts
function encodeEntry(entry) {
  switch (entry.kind) {
    case "decision":
      return encodeDecision(entry);
    case "outcome":
      return encodeOutcome(entry);
    case "session":
    case "hold":
    case "approval":
    case "release":
    case "connection":
    case "cage":
    case "confinement":
    case "recording":
    case "command":
    case "delegation":
    case "agent":
    case "mint":
    case "egress":
    case "checkpoint":
    case "incident":
    case "seal":
      return canonicalJson(entry);
  }
}
function encodeDecision(entry) {
  return `{"connection":${canonicalString(entry.connection)},"decision":${canonicalString(entry.decision)},"duty":${canonicalString(entry.duty)},"kind":"decision","link":${canonicalString(entry.link)},"outcome":"${entry.outcome}","pairs":${encodePairs(entry.pairs)},"parameters":${encodeParameters(entry.parameters)},"reasons":${encodeStrings(entry.reasons)},"rules":${encodeStrings(entry.rules)},"statement":${canonicalString(entry.statement)},"target":${canonicalString(entry.target)}}`;
}
function encodeOutcome(entry) {
  return `{"bytes":${encodeCount(entry.bytes)},"code":${entry.code === null ? "null" : canonicalString(entry.code)},"decision":${canonicalString(entry.decision)},"durationMicros":${encodeCount(entry.durationMicros)},"kind":"outcome","masked":${encodeCount(entry.masked)},"responseSha256":${entry.responseSha256 === null ? "null" : `"${entry.responseSha256}"`},"rows":${encodeCount(entry.rows)},"status":"${entry.status}"}`;
}
var encodedPairs = /* @__PURE__ */ new WeakMap();
function encodePairs(pairs) {
  const known = encodedPairs.get(pairs);
  if (known !== void 0) return known;
  const text = canonicalJson(pairs);
  encodedPairs.set(pairs, text);
  return text;
}
function encodeParameters(parameters) {
  if (parameters.length === 0) return "[]";
  return `[${parameters.map((value) => value === null ? "null" : canonicalString(value)).join(",")}]`;
}
function encodeStrings(strings) {
  return strings.length === 0 ? "[]" : `[${strings.map(canonicalString).join(",")}]`;
}
function encodeCount(count) {
  return Number.isSafeInteger(count) ? String(count + 0) : canonicalJson(count);
}

// src/core/audit/chain.ts
var CHAIN_VERSION = 1;
var GENESIS_PREV = "0".repeat(64);
var LINE_BYTES_MAX = 16 * 1024 * 1024;
var EMPTY_CHAIN = { entries: 0, last: GENESIS_PREV };
function chainEncoded(state, at, entry) {
  const line = `{"at":"${at}","entry":${entry},"n":${state.entries},"prev":"${state.last}","v":${CHAIN_VERSION}}`;
  return { line, state: { entries: state.entries + 1, last: sha256Hex(line) } };
}

// src/core/audit/timestamp.ts
var TIMESTAMP_FORM = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
var FORM = new RegExp(`^${TIMESTAMP_FORM}$`);
function isTimestamp(text) {
  return FORM.test(text) && isTime(text);
}
function isTime(text) {
  const [year, month, day] = [number(text, 0, 4), number(text, 5, 2), number(text, 8, 2)];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  return number(text, 11, 2) < 24 && number(text, 14, 2) < 60 && number(text, 17, 2) < 60;
}
function daysIn(year, month) {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
function number(text, from, digits) {
  let value = 0;
  for (let at = from; at < from + digits; at += 1) value = value * 10 + text.charCodeAt(at) - DIGIT_ZERO;
  return value;
}
var DIGIT_ZERO = 48;

// src/core/audit/entry-schema.ts
var Count = int().min(0);
var Sha256 = string().regex(/^[0-9a-f]{64}$/);
var Thumbprint = string().regex(/^[A-Za-z0-9_-]{43}$/);
var Timestamp = string().refine(isTimestamp, "expected RFC 3339 in UTC with milliseconds");
var Strings = array(string());
var Link = object({ principal: string(), duty: string(), executable: string(), started: Timestamp, keyThumbprint: string() });
var PolicySource = object({ repository: string(), repositoryId: string(), path: string(), ref: string(), commit: string() });
var LinkId = string().regex(/^[A-Za-z0-9_-]{1,64}$/);
var Session = object({
  kind: literal("session"),
  session: string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  gateway: string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  issuer: string(),
  claims: record(string(), string()),
  chain: array(Link),
  policySha256: Sha256,
  policySource: PolicySource.nullable(),
  clientKey: Thumbprint,
  evidenceKey: Thumbprint,
  nonce: string(),
  keeps: object({
    recordings: _enum(["full", "encrypted", "none"]),
    responses: _enum(["full", "encrypted", "digest", "none"]),
    token: _enum(["at-once", "after-expiry"]),
    recipients: Strings.readonly()
  }),
  confinement: _enum(["confined", "unconfined"])
});
var Id = string().min(1).max(128);
var Decision = object({
  kind: literal("decision"),
  decision: Id,
  connection: string(),
  link: LinkId,
  target: string(),
  duty: string(),
  outcome: _enum(["allow", "hold", "deny", "unjudgeable", "over-limit"]),
  rules: Strings,
  // Effects and objects belong to protocols, of which later versions have more.
  pairs: array(object({ effect: string(), object: looseObject({ kind: string() }) })),
  reasons: Strings,
  statement: string(),
  parameters: array(string().nullable())
});
var Hold = object({
  kind: literal("hold"),
  hold: Id,
  decision: Id,
  operation: Sha256,
  environment: string(),
  expires: Timestamp
});
var Approval = object({
  kind: literal("approval"),
  hold: Id,
  verdict: _enum(["approved", "rejected", "expired", "withdrawn"]),
  approver: object({ id: string().regex(/^[1-9][0-9]{0,19}$/), login: string() }).nullable(),
  run: string().nullable(),
  receipt: string().nullable(),
  why: string().nullable()
});
var Release = object({ kind: literal("release"), decision: Id, outcome: _enum(["allow", "deny"]), reasons: Strings });
var Outcome = object({
  kind: literal("outcome"),
  decision: Id,
  status: _enum(["ok", "error", "suspended", "skipped", "cut"]),
  code: string().nullable(),
  rows: Count,
  bytes: Count,
  masked: Count,
  durationMicros: Count,
  responseSha256: Sha256.nullable()
});
var Connection = object({
  kind: literal("connection"),
  connection: string(),
  link: LinkId,
  target: string(),
  event: _enum(["opened", "refused", "closed"]),
  why: string().nullable()
});
var Cage = object({
  kind: literal("cage"),
  cage: LinkId,
  event: _enum(["made", "entered", "ended"]),
  command: LinkId.nullable()
});
var Confinement = object({
  kind: literal("confinement"),
  link: LinkId,
  entrance: string(),
  proved: Strings,
  escapes: object({ held: Strings, absent: Strings, open: Strings }).optional()
});
var Recording = object({ kind: literal("recording"), file: string(), offset: Count, bytes: Count.min(1), sha256: Sha256 });
var Command = object({
  kind: literal("command"),
  link: LinkId,
  event: _enum(["started", "ended"]),
  argv: Strings,
  exitCode: int().nullable(),
  signal: string().nullable()
});
var Delegation = object({
  kind: literal("delegation"),
  link: LinkId,
  parent: LinkId,
  principal: string(),
  duty: string(),
  executable: string(),
  started: Timestamp,
  keyThumbprint: Thumbprint.nullable(),
  duties: Strings,
  chainSha256: Sha256
});
var Mint = object({ kind: literal("mint"), link: LinkId, audience: string(), outcome: _enum(["granted", "refused"]) });
var Egress = object({
  kind: literal("egress"),
  link: LinkId,
  attempt: string(),
  event: _enum(["asked", "opened", "refused", "closed"]),
  host: string(),
  port: Count.nullable(),
  rule: string().nullable(),
  protocol: _enum(["tls", "http", "raw"]).nullable(),
  seen: string().nullable(),
  address: string().nullable(),
  why: string().nullable(),
  sent: Count,
  received: Count,
  durationMicros: Count,
  times: Count.min(1)
});
var Agent = object({
  kind: literal("agent"),
  link: LinkId,
  agent: LinkId,
  principal: string(),
  duty: string(),
  executable: string().nullable(),
  pid: int().min(1).nullable(),
  started: Timestamp,
  match: string().nullable(),
  proof: _enum(["executable", "script", "name", "unproved"]),
  why: string().nullable(),
  duties: Strings
});
var Checkpoint = object({
  kind: literal("checkpoint"),
  key: Ed25519Jwk,
  sig: string().refine((sig) => decodeBase64url(sig)?.length === 64, "expected 64 bytes in strict base64url")
});
var Seal = object({ kind: literal("seal"), entries: Count, allowed: Count, refused: Count, masked: Count });
var Incident = object({ kind: literal("incident"), incident: string(), clientKey: string() });
var KnownEntrySchema = discriminatedUnion("kind", [
  Session,
  Decision,
  Hold,
  Approval,
  Release,
  Outcome,
  Connection,
  Cage,
  Confinement,
  Recording,
  Command,
  Delegation,
  Agent,
  Mint,
  Egress,
  Checkpoint,
  Incident,
  Seal
]);
var KINDS = new Set(KnownEntrySchema.options.map((option) => option.shape.kind.value));
var LineEnvelope = strictObject({
  at: Timestamp,
  entry: looseObject({ kind: string().regex(/^[a-z][a-z0-9-]{0,63}$/) }),
  n: Count,
  prev: Sha256,
  v: literal(CHAIN_VERSION)
});
function readEntry(raw) {
  if (!KINDS.has(raw.kind)) return { known: false, entry: { kind: raw.kind } };
  const parsed = KnownEntrySchema.safeParse(raw);
  return parsed.success ? { known: true, entry: parsed.data } : { problem: describe(parsed.error) };
}
function describe(error) {
  return error.issues.slice(0, 3).map((issue) => `${issue.path.join(".") || "it"}: ${issue.message}`).join("; ");
}

// src/core/verify/manifest.ts
var AUDIT_FILE = "audit.jsonl";
var AUDIT_CONTINUED = /^audit-([1-9][0-9]{0,8})\.jsonl$/;
var POLICY_FILE = "policy.yml";
var TOKEN_FILE = "token.jwt";
var MANIFEST_FILE = "manifest.json";
var SIGNATURE_FILE = "manifest.sig";
var SIGNATURE_DRAFT_FILE = "manifest.sig.tmp";
var POLICY_BYTES_MAX = 4 * 1024 * 1024;
var TOKEN_BYTES_MAX = 64 * 1024;
var MANIFEST_BYTES_MAX = 16 * 1024 * 1024;
var SIGNATURE_BYTES_MAX = 1024;
var BUNDLE_FILES_MAX = 1e4;
function auditFileNumber(path) {
  if (path === AUDIT_FILE) return 1;
  const number2 = Number(AUDIT_CONTINUED.exec(path)?.[1] ?? 0);
  return number2 < 2 ? null : number2;
}
function auditFile(number2) {
  return number2 === 1 ? AUDIT_FILE : `audit-${number2}.jsonl`;
}
var RECORDING_TYPES = ["rec", "rec.age", "cast", "v3.cast"];
var RECORDING = /^recordings\/([A-Za-z0-9_-]{1,64})\/((terminal|responses)(?:-[1-9][0-9]{0,8})?)\.(rec|rec\.age|cast|v3\.cast)$/;
function parseRecordingPath(path) {
  const [, link, name, of, type] = RECORDING.exec(path) ?? [];
  const known = RECORDING_TYPES.find((each) => each === type);
  if (link === void 0 || name === void 0 || known === void 0) return null;
  if (of === "terminal") return { link, name, of, type: known };
  return known === "rec" || known === "rec.age" ? { link, name, of: "responses", type: known } : null;
}
function recordingPath(link, name, type) {
  return `recordings/${link}/${name}.${type}`;
}
function recordingName(of, number2) {
  return number2 === 1 ? of : `${of}-${number2}`;
}
var Sha2562 = string().regex(/^[0-9a-f]{64}$/);
var Digest = strictObject({ bytes: int().min(0), path: string().max(256), sha256: Sha2562 });
var Manifest = strictObject({
  /** Lines of audit.jsonl, the seal included; hashes of its first and last. */
  entries: int().min(2),
  /** Every file but manifest.json and manifest.sig, sorted by path. */
  files: array(Digest).max(BUNDLE_FILES_MAX).refine(isSortedByPath, "expected sorted by path, each path once"),
  first: Sha2562,
  gateway: string(),
  last: Sha2562,
  session: string(),
  v: literal(1)
});
var ManifestSignature = strictObject({
  alg: literal("EdDSA"),
  key: Ed25519Jwk,
  /** 64 bytes, base64url in its only spelling. */
  sig: string().refine((sig) => decodeBase64url(sig)?.length === 64, "expected 64 bytes in strict base64url")
});
function encodeManifest(manifest) {
  const files = [...manifest.files].sort((a, b) => a.path < b.path ? -1 : 1);
  return Buffer.from(canonicalJson({ ...manifest, files }), "utf8");
}
function manifestSigningInput(manifest) {
  return Buffer.concat([Buffer.from("duty-gate:manifest:v1\n", "latin1"), manifest]);
}
function encodeSignature(key, signature) {
  return Buffer.from(canonicalJson({ alg: "EdDSA", key, sig: Buffer.from(signature).toString("base64url") }), "utf8");
}
function decodeCanonical(bytes, schema) {
  const text = decodeUtf8(bytes);
  if (text === null) return { ok: false, why: "it is not UTF-8" };
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, why: "it is not JSON" };
  }
  if (!isCanonicalJson(text, value)) return { ok: false, why: "it is not canonical JSON (RFC 8785)" };
  const parsed = schema.safeParse(value);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, why: describe(parsed.error) };
}
function decodeUtf8(bytes) {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}
var strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function isSortedByPath(files) {
  return files.every((file, index) => index === 0 || (files[index - 1]?.path ?? "") < file.path);
}

export {
  encodeEntry,
  LINE_BYTES_MAX,
  EMPTY_CHAIN,
  chainEncoded,
  TIMESTAMP_FORM,
  isTimestamp,
  isTime,
  LineEnvelope,
  readEntry,
  describe,
  AUDIT_FILE,
  POLICY_FILE,
  TOKEN_FILE,
  MANIFEST_FILE,
  SIGNATURE_FILE,
  SIGNATURE_DRAFT_FILE,
  POLICY_BYTES_MAX,
  TOKEN_BYTES_MAX,
  MANIFEST_BYTES_MAX,
  SIGNATURE_BYTES_MAX,
  BUNDLE_FILES_MAX,
  auditFileNumber,
  auditFile,
  parseRecordingPath,
  recordingPath,
  recordingName,
  Manifest,
  ManifestSignature,
  encodeManifest,
  manifestSigningInput,
  encodeSignature,
  decodeCanonical,
  decodeUtf8
};
