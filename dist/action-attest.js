import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  AttestError,
  PREDICATE_TYPE,
  cannotAttest,
  signingError
} from "./shared-TICARS46.js";
import "./shared-33G7XI2G.js";
import {
  forgetEnvironment,
  jobFacts,
  within
} from "./shared-RUFRKYSR.js";
import {
  boundedFetch
} from "./shared-GND7WFML.js";
import "./shared-SRWRGWQG.js";
import "./shared-ICF2F4II.js";
import {
  int,
  object,
  string,
  union
} from "./shared-2T7SPHVJ.js";
import "./shared-7VOT6GHQ.js";

// src/action/attest-store.ts
import { setTimeout as wait } from "node:timers/promises";
var API_VERSION = "2022-11-28";
var REPLY_BYTES_MAX = 64 * 1024;
var TRY_MS_MAX = 2e4;
var TRIES_MAX = 3;
var RETRY_MS = 1e3;
var Stored = object({ id: union([int().min(0).transform(String), string().regex(/^[0-9]{1,20}$/)]) });
var Told = object({ message: string() });
async function storeAttestation(asked) {
  const { retryMs = RETRY_MS } = asked;
  for (let tried = 1; ; tried += 1) {
    const outcome = await storeOnce(asked);
    if ("id" in outcome) return outcome.id;
    if (outcome.isFinal || tried === TRIES_MAX) throw outcome.error;
    await wait(retryMs * tried);
  }
}
async function storeOnce({ bundle, token, job, tryMsMax = TRY_MS_MAX }) {
  const init = {
    method: "POST",
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "user-agent": "duty-gate",
      "x-github-api-version": API_VERSION
    },
    body: JSON.stringify({ bundle })
  };
  try {
    const url = `${job.apiUrl.replace(/\/+$/, "")}/repos/${job.repository}/attestations`;
    const response = await boundedFetch(url, init, { bytesMax: REPLY_BYTES_MAX, msMax: tryMsMax });
    return outcomeOf(response.status, parseJson(await response.text()));
  } catch (error) {
    const state = error instanceof Error && error.name === "TimeoutError" ? `did not answer in ${tryMsMax} ms` : "cannot be reached";
    return { error: unstored("storage", `its API ${state}, expected an answer`), isFinal: false };
  }
}
function outcomeOf(status, body) {
  if (status === 201) {
    const stored = Stored.safeParse(body);
    if (stored.success) return { id: stored.data.id };
    return { error: unstored("storage", "it answered without the attestation's id, expected one"), isFinal: true };
  }
  const told = Told.safeParse(body);
  const [code, rest] = refusalOf(status, told.success ? told.data.message : "");
  return { error: unstored(code, rest), isFinal: status < 500 && status !== 408 && status !== 429 };
}
function refusalOf(status, message) {
  if (/^feature not available\b/i.test(message))
    return ["unavailable", "it keeps none for this repository, expected a public one, or an organization with GitHub Enterprise Cloud"];
  if (/^resource not accessible by/i.test(message))
    return ["permission", "the token may not, expected permissions: attestations: write in the workflow or the job"];
  if (status === 401) return ["permission", "the token is not valid, expected the GITHUB_TOKEN of this job"];
  if (status === 403 || status === 404)
    return ["permission", `it refused (HTTP ${status}), expected permissions: attestations: write in the workflow or the job`];
  if (status >= 500 || status === 408 || status === 429)
    return ["storage", `it answered HTTP ${status}, expected it to be well again in a later run`];
  return ["storage", `it answered HTTP ${status}, expected 201`];
}
function unstored(code, rest) {
  return new AttestError(code, `Cannot store the attestation at GitHub: ${rest}`);
}
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// src/action/attest.ts
var LIMITS = { signMsMax: 15e4, storeMsMax: 75e3 };
var PREDICATE_BYTES_MAX = 64 * 1024;
var SUBJECTS_MAX = 16;
var BUNDLE_BYTES_MAX = 1024 * 1024;
async function attestEvidence(request, limits = LIMITS) {
  requireSayable(request);
  const facts = jobFacts(process.env);
  const host = new URL(facts.serverUrl).hostname;
  requireAttestations(host);
  requireIdentity();
  const services = servicesOf(request, host);
  const signed = await within(
    limits.signMsMax,
    sign(request, services),
    () => cannotAttest("time", `it was not signed within ${limits.signMsMax} ms, expected Sigstore to be faster in a later run`)
  );
  return { ...signed, ...await keep(request, facts, signed.bundle, limits) };
}
function requireSayable({ subjects, predicate }) {
  if (subjects.length === 0 || subjects.length > SUBJECTS_MAX)
    throw cannotAttest("request", `it has ${subjects.length} files to speak of, expected 1 to ${SUBJECTS_MAX}`);
  if (subjects.some(({ name, sha256 }) => name === "" || !/^[0-9a-f]{64}$/.test(sha256)))
    throw cannotAttest("request", "a file has no name or no SHA-256, expected both of each");
  const bytes = Buffer.byteLength(JSON.stringify(predicate));
  if (bytes > PREDICATE_BYTES_MAX)
    throw cannotAttest("request", `what it would say has ${bytes} bytes, expected at most ${PREDICATE_BYTES_MAX}`);
}
function requireAttestations(host) {
  if (host === "github.com" || host.endsWith(".ghe.com") || host.endsWith(".localhost")) return;
  throw cannotAttest("unavailable", "this GitHub Enterprise Server has no attestations, expected github.com or an enterprise on ghe.com");
}
function requireIdentity() {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = process.env;
  if (url !== void 0 && url !== "" && token !== void 0 && token !== "") return;
  const mend = "permissions: id-token: write in the workflow or the job (a fork's pull request never gets it)";
  throw cannotAttest("permission", `GitHub offers this job no identity token, expected ${mend}`);
}
function servicesOf({ visibility }, serverHost) {
  if (visibility === "public")
    return { sigstore: "public-good", certificates: "fulcio.sigstore.dev", log: "rekor.sigstore.dev", timestamps: "rekor.sigstore.dev" };
  const host = serverHost === "github.com" ? "githubapp.com" : serverHost;
  return { sigstore: "github", certificates: `fulcio.${host}`, log: `fulcio.${host}`, timestamps: `timestamp.${host}` };
}
async function sign({ subjects, predicate }, services) {
  try {
    const { attest } = await loadLibrary();
    const { bundle, tlogID } = await attest({
      subjects: subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
      predicateType: PREDICATE_TYPE,
      predicate,
      sigstore: services.sigstore,
      // What is signed must not be lost because GitHub does not keep it; so we give it to GitHub ourselves, and the library no token.
      skipWrite: true,
      token: ""
    });
    const bytes = Buffer.byteLength(JSON.stringify(bundle));
    if (bytes > BUNDLE_BYTES_MAX) throw cannotAttest("fault", `the attestation has ${bytes} bytes, expected at most ${BUNDLE_BYTES_MAX}`);
    return { bundle, logIndex: tlogID ?? null };
  } catch (cause) {
    throw signingError(cause, services);
  }
}
function loadLibrary() {
  forgetEnvironment(process.env);
  delete process.env["GITHUB_EVENT_PATH"];
  return import("./shared-DOBR52ZS.js");
}
async function keep({ token }, job, bundle, { storeMsMax }) {
  try {
    const late = () => new AttestError("time", `Cannot store the attestation at GitHub: no answer in ${storeMsMax} ms, expected one`);
    const id = await within(storeMsMax, storeAttestation({ bundle, token, job }), late);
    return { id, url: `${job.serverUrl.replace(/\/+$/, "")}/${job.repository}/attestations/${id}`, unstored: null };
  } catch (error) {
    if (error instanceof AttestError) return { id: null, url: null, unstored: error };
    throw error;
  }
}
export {
  attestEvidence
};
