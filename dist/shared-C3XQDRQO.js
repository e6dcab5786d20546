import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  Ed25519Jwk,
  canonicalJson,
  canonicalString,
  decodeBase64url,
  external_exports,
  isCanonicalJson,
  sha256Hex
} from "./shared-3DBFPAHH.js";

// src/core/audit/encode-entry.ts
function encodeEntry(entry) {
  switch (entry.kind) {
    case "decision":
      return encodeDecision(entry);
    case "outcome":
      return encodeOutcome(entry);
    case "session":
    case "connection":
    case "recording":
    case "command":
    case "incident":
    case "seal":
      return canonicalJson(entry);
  }
}
function encodeDecision(entry) {
  return `{"connection":${canonicalString(entry.connection)},"decision":${canonicalString(entry.decision)},"duty":${canonicalString(entry.duty)},"kind":"decision","outcome":"${entry.outcome}","pairs":${encodePairs(entry.pairs)},"parameters":${encodeParameters(entry.parameters)},"reasons":${encodeStrings(entry.reasons)},"rules":${encodeStrings(entry.rules)},"statement":${canonicalString(entry.statement)},"target":${canonicalString(entry.target)}}`;
}
function encodeOutcome(entry) {
  return `{"bytes":${encodeCount(entry.bytes)},"code":${entry.code === null ? "null" : canonicalString(entry.code)},"decision":${canonicalString(entry.decision)},"durationMicros":${encodeCount(entry.durationMicros)},"kind":"outcome","masked":${encodeCount(entry.masked)},"rows":${encodeCount(entry.rows)},"status":"${entry.status}"}`;
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

// src/core/audit/entry-schema.ts
var Count = external_exports.int().min(0);
var Sha256 = external_exports.string().regex(/^[0-9a-f]{64}$/);
var Thumbprint = external_exports.string().regex(/^[A-Za-z0-9_-]{43}$/);
var Timestamp = external_exports.string().refine(isTimestamp, "expected RFC 3339 in UTC with milliseconds");
var Strings = external_exports.array(external_exports.string());
var Link = external_exports.object({ principal: external_exports.string(), duty: external_exports.string(), executable: external_exports.string(), started: Timestamp, keyThumbprint: external_exports.string() });
var PolicySource = external_exports.object({ repository: external_exports.string(), repositoryId: external_exports.string(), path: external_exports.string(), ref: external_exports.string(), commit: external_exports.string() });
var LinkId = external_exports.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
var Session = external_exports.object({
  kind: external_exports.literal("session"),
  session: external_exports.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  gateway: external_exports.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  issuer: external_exports.string(),
  claims: external_exports.record(external_exports.string(), external_exports.string()),
  chain: external_exports.array(Link),
  policySha256: Sha256,
  policySource: PolicySource.nullable(),
  clientKey: Thumbprint,
  evidenceKey: Thumbprint,
  nonce: external_exports.string(),
  confinement: external_exports.enum(["confined", "unconfined"])
});
var Decision = external_exports.object({
  kind: external_exports.literal("decision"),
  decision: external_exports.string().min(1).max(128),
  connection: external_exports.string(),
  target: external_exports.string(),
  duty: external_exports.string(),
  outcome: external_exports.enum(["allow", "deny", "unjudgeable", "over-limit"]),
  rules: Strings,
  // Effects and objects belong to protocols, of which later versions have more.
  pairs: external_exports.array(external_exports.object({ effect: external_exports.string(), object: external_exports.looseObject({ kind: external_exports.string() }) })),
  reasons: Strings,
  statement: external_exports.string(),
  parameters: external_exports.array(external_exports.string().nullable())
});
var Outcome = external_exports.object({
  kind: external_exports.literal("outcome"),
  decision: external_exports.string().min(1).max(128),
  status: external_exports.enum(["ok", "error", "suspended", "skipped", "cut"]),
  code: external_exports.string().nullable(),
  rows: Count,
  bytes: Count,
  masked: Count,
  durationMicros: Count
});
var Connection = external_exports.object({
  kind: external_exports.literal("connection"),
  connection: external_exports.string(),
  link: LinkId,
  target: external_exports.string(),
  event: external_exports.enum(["opened", "refused", "closed"]),
  why: external_exports.string().nullable()
});
var Recording = external_exports.object({ kind: external_exports.literal("recording"), file: external_exports.string(), offset: Count, bytes: Count.min(1), sha256: Sha256 });
var Command = external_exports.object({
  kind: external_exports.literal("command"),
  link: LinkId,
  event: external_exports.enum(["started", "ended"]),
  argv: Strings,
  exitCode: external_exports.int().nullable(),
  signal: external_exports.string().nullable()
});
var Seal = external_exports.object({ kind: external_exports.literal("seal"), entries: Count, allowed: Count, refused: Count, masked: Count });
var Incident = external_exports.object({ kind: external_exports.literal("incident"), incident: external_exports.string(), clientKey: external_exports.string() });
var KnownEntrySchema = external_exports.discriminatedUnion("kind", [Session, Decision, Outcome, Connection, Recording, Command, Incident, Seal]);
var KINDS = new Set(KnownEntrySchema.options.map((option) => option.shape.kind.value));
var LineEnvelope = external_exports.strictObject({
  at: Timestamp,
  entry: external_exports.looseObject({ kind: external_exports.string().regex(/^[a-z][a-z0-9-]{0,63}$/) }),
  n: Count,
  prev: Sha256,
  v: external_exports.literal(CHAIN_VERSION)
});
function readEntry(raw) {
  if (!KINDS.has(raw.kind)) return { known: false, entry: { kind: raw.kind } };
  const parsed = KnownEntrySchema.safeParse(raw);
  return parsed.success ? { known: true, entry: parsed.data } : { problem: describe(parsed.error) };
}
function describe(error) {
  return error.issues.slice(0, 3).map((issue) => `${issue.path.join(".") || "it"}: ${issue.message}`).join("; ");
}
function isTimestamp(text) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return false;
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString() === text;
}

// src/core/verify/manifest.ts
var AUDIT_FILE = "audit.jsonl";
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
var RECORDING = /^recordings\/([A-Za-z0-9_-]{1,64})\/terminal\.(rec|cast)$/;
function parseRecordingPath(path) {
  const match = RECORDING.exec(path);
  const [, link, type] = match ?? [];
  if (link === void 0) return null;
  return { link, type: type === "rec" ? "rec" : "cast" };
}
function recordingPath(link, type) {
  return `recordings/${link}/terminal.${type}`;
}
var Sha2562 = external_exports.string().regex(/^[0-9a-f]{64}$/);
var Digest = external_exports.strictObject({ bytes: external_exports.int().min(0), path: external_exports.string().max(256), sha256: Sha2562 });
var Manifest = external_exports.strictObject({
  /** Lines of audit.jsonl, the seal included; hashes of its first and last. */
  entries: external_exports.int().min(2),
  /** Every file but manifest.json and manifest.sig, sorted by path. */
  files: external_exports.array(Digest).max(BUNDLE_FILES_MAX).refine(isSortedByPath, "expected sorted by path, each path once"),
  first: Sha2562,
  gateway: external_exports.string(),
  last: Sha2562,
  session: external_exports.string(),
  v: external_exports.literal(1)
});
var ManifestSignature = external_exports.strictObject({
  alg: external_exports.literal("EdDSA"),
  key: Ed25519Jwk,
  /** 64 bytes, base64url in its only spelling. */
  sig: external_exports.string().refine((sig) => decodeBase64url(sig)?.length === 64, "expected 64 bytes in strict base64url")
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
  parseRecordingPath,
  recordingPath,
  Manifest,
  ManifestSignature,
  encodeManifest,
  manifestSigningInput,
  encodeSignature,
  decodeCanonical,
  decodeUtf8
};
