import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  openBundleFolder
} from "./shared-33G7XI2G.js";

// src/action/attest-error.ts
var AttestError = class extends Error {
  code;
  constructor(code, message, options) {
    super(message, options);
    this.name = "AttestError";
    this.code = code;
  }
};
function attestLevel(code) {
  return code === "unavailable" ? "notice" : "warning";
}
function signingError(cause, services) {
  if (cause instanceof AttestError) return cause;
  switch (textOf(cause, "code")) {
    case "IDENTITY_TOKEN_READ_ERROR":
    case "IDENTITY_TOKEN_PARSE_ERROR":
      return cannotAttest("token", "GitHub gave no identity token for Sigstore, expected one (permissions: id-token: write)");
    case "CA_CREATE_SIGNING_CERTIFICATE_ERROR":
      return serviceError("certificate", services.certificates, "a certificate", cause);
    case "TLOG_CREATE_ENTRY_ERROR":
    case "TLOG_FETCH_ENTRY_ERROR":
      return serviceError("log", services.log, "an entry in Sigstore's log", cause);
    case "TSA_CREATE_TIMESTAMP_ERROR":
      return serviceError("timestamp", services.timestamps, "a timestamp", cause);
    default:
      return cannotAttest("fault", `${faultName(cause)}, expected no fault of the signing itself`);
  }
}
function cannotAttest(code, rest) {
  return new AttestError(code, `Cannot attest the evidence: ${rest}`);
}
function serviceError(code, host, wanted, error) {
  const cause = error instanceof Error ? error.cause : void 0;
  const status = numberOf(cause, "statusCode");
  if (status === null) {
    const state = `${host} cannot be reached from this runner${systemCode(cause)}`;
    return cannotAttest(code, `${state}, expected it to answer over HTTPS: a firewall or proxy must let it through`);
  }
  const mend = status >= 500 || status === 408 || status === 429 ? "it to be well again in a later run" : "it to accept this job";
  return cannotAttest(code, `${host} gave no ${wanted.replace(/^an? /, "")} (HTTP ${status}), expected ${mend}`);
}
function systemCode(cause) {
  const code = textOf(cause, "code");
  return code !== null && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? ` (${code})` : "";
}
function faultName(cause) {
  const name = cause instanceof Error ? cause.name : "";
  return /^[A-Za-z]{1,64}$/.test(name) ? name : "an unknown fault";
}
function textOf(value, member) {
  const found = memberOf(value, member);
  return typeof found === "string" ? found : null;
}
function numberOf(value, member) {
  const found = memberOf(value, member);
  return typeof found === "number" && Number.isInteger(found) ? found : null;
}
function memberOf(value, member) {
  return typeof value === "object" && value !== null ? Reflect.get(value, member) : void 0;
}

// src/action/attest-evidence.ts
import { createHash } from "node:crypto";
var PREDICATE_TYPE = "https://duty-gate.dev/attestation/session/v1";
var SHA256 = /^[0-9a-f]{64}$/;
function evidenceStatement({ verification, manifestSha256: manifestSha2562, artifact, job }) {
  const { session, counts, verdict, last } = verification;
  if (session === null) return null;
  const files = [
    { name: "manifest.json", sha256: manifestSha2562 },
    { name: `${artifact?.name}.zip`, sha256: artifact?.digest ?? null }
  ];
  const subjects = files.flatMap(({ name, sha256 }) => sha256 !== null && SHA256.test(sha256) ? [{ name, sha256 }] : []);
  if (subjects.length === 0) return null;
  const { allowed, refused, masked, approved, withoutOutcome, incidents } = counts;
  return {
    subjects,
    predicate: {
      session: session.session,
      gateway: session.gateway,
      evidenceKey: session.evidenceKey,
      verdict,
      entries: counts.entries,
      lastHash: last,
      counts: { allowed, refused, masked, approved, withoutOutcome, incidents },
      policy: { sha256: session.policySha256, source: sourceOf(session.policySource) },
      run: { repository: job.repository, id: job.runId, attempt: job.attempt, job: job.job }
    }
  };
}
function sourceOf(source) {
  if (source === null) return null;
  const { repository, path, ref, commit } = source;
  return { repository, path, ref, commit };
}
var MANIFEST_BYTES_MAX = 16 * 1024 * 1024;
async function manifestSha256(bundle) {
  const folder = openBundleFolder(bundle);
  try {
    const manifest = (await folder.members()).find(({ path }) => path === "manifest.json");
    if (manifest === void 0 || manifest.kind !== "file" || manifest.bytes > MANIFEST_BYTES_MAX) return null;
    const hash = createHash("sha256");
    for await (const piece of folder.read("manifest.json", manifest.bytes)) hash.update(piece);
    return hash.digest("hex");
  } finally {
    folder.close();
  }
}

export {
  AttestError,
  attestLevel,
  signingError,
  cannotAttest,
  PREDICATE_TYPE,
  evidenceStatement,
  manifestSha256
};
