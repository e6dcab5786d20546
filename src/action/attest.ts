import { AttestError, cannotAttest, type SigningServices, signingError } from './attest-error.ts';
import { type EvidenceStatement, PREDICATE_TYPE } from './attest-evidence.ts';
import { storeAttestation } from './attest-store.ts';
import { type JobFacts, jobFacts } from './job-facts.ts';
import { forgetEnvironment } from './own-environment.ts';
import { within } from './time-limit.ts';

export type AttestRequest = EvidenceStatement & {
  /** GITHUB_TOKEN, for GitHub to keep the attestation. */
  readonly token: string;
  /** Null: not known. */
  readonly visibility: 'public' | 'private' | 'internal' | null;
};

export type Attested = {
  /** Of the attestation as GitHub keeps it; null: it does not. */
  readonly id: string | null;
  readonly url: string | null;
  /** Place in Sigstore's public log; null: GitHub's Sigstore has no log. */
  readonly logIndex: string | null;
  /** Sigstore's bundle, JSON: all that a verifier needs but the roots it trusts. Good without GitHub keeping it. */
  readonly bundle: unknown;
  /** Why GitHub does not keep it; null: it does. */
  readonly unstored: AttestError | null;
};

export type AttestLimits = { readonly signMsMax: number; readonly storeMsMax: number };

/** The library's own: 4 tries of 10 s each at three services, two of them at the same time, and an identity token without any limit. */
const LIMITS: AttestLimits = { signMsMax: 150_000, storeMsMax: 75_000 };
const PREDICATE_BYTES_MAX = 64 * 1024;
const SUBJECTS_MAX = 16;
const BUNDLE_BYTES_MAX = 1024 * 1024;

/**
 * Has Sigstore attest the evidence in this job's name, and GitHub keep the attestation. The signature is by a key that exists for it
 * alone; its certificate says which workflow of which repository asked. It needs `id-token: write` and `attestations: write`.
 *
 * @throws AttestError there is no attestation. One that GitHub only does not keep is an answer.
 */
export async function attestEvidence(request: AttestRequest, limits: AttestLimits = LIMITS): Promise<Attested> {
  requireSayable(request);
  const facts = jobFacts(process.env);
  const host = new URL(facts.serverUrl).hostname;
  requireAttestations(host);
  requireIdentity();
  const services = servicesOf(request, host);
  const signed = await within(limits.signMsMax, sign(request, services), () =>
    cannotAttest('time', `it was not signed within ${limits.signMsMax} ms, expected Sigstore to be faster in a later run`),
  );
  return { ...signed, ...(await keep(request, facts, signed.bundle, limits)) };
}

/** What is said becomes as public as the repository is, and stays so: GitHub shows attestations to whoever may read it. */
function requireSayable({ subjects, predicate }: AttestRequest): void {
  if (subjects.length === 0 || subjects.length > SUBJECTS_MAX)
    throw cannotAttest('request', `it has ${subjects.length} files to speak of, expected 1 to ${SUBJECTS_MAX}`);
  if (subjects.some(({ name, sha256 }) => name === '' || !/^[0-9a-f]{64}$/.test(sha256)))
    throw cannotAttest('request', 'a file has no name or no SHA-256, expected both of each');
  const bytes = Buffer.byteLength(JSON.stringify(predicate));
  if (bytes > PREDICATE_BYTES_MAX)
    throw cannotAttest('request', `what it would say has ${bytes} bytes, expected at most ${PREDICATE_BYTES_MAX}`);
}

/** A GitHub Enterprise Server has no Sigstore: the library would send this job's identity token to a name below that server's. */
function requireAttestations(host: string): void {
  if (host === 'github.com' || host.endsWith('.ghe.com') || host.endsWith('.localhost')) return;
  throw cannotAttest('unavailable', 'this GitHub Enterprise Server has no attestations, expected github.com or an enterprise on ghe.com');
}

function requireIdentity(): void {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = process.env;
  if (url !== undefined && url !== '' && token !== undefined && token !== '') return;
  const mend = "permissions: id-token: write in the workflow or the job (a fork's pull request never gets it)";
  throw cannotAttest('permission', `GitHub offers this job no identity token, expected ${mend}`);
}

type Services = SigningServices & { readonly sigstore: 'public-good' | 'github' };

/**
 * As the toolkit chooses (@actions/attest, endpoints.js), by what we were told and not by the event's file. Only a repository known
 * to be public is written into a public log, which nobody can take it out of again.
 */
function servicesOf({ visibility }: AttestRequest, serverHost: string): Services {
  if (visibility === 'public')
    return { sigstore: 'public-good', certificates: 'fulcio.sigstore.dev', log: 'rekor.sigstore.dev', timestamps: 'rekor.sigstore.dev' };
  const host = serverHost === 'github.com' ? 'githubapp.com' : serverHost;
  return { sigstore: 'github', certificates: `fulcio.${host}`, log: `fulcio.${host}`, timestamps: `timestamp.${host}` };
}

async function sign({ subjects, predicate }: AttestRequest, services: Services): Promise<Pick<Attested, 'bundle' | 'logIndex'>> {
  try {
    const { attest } = await loadLibrary();
    const { bundle, tlogID } = await attest({
      subjects: subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
      predicateType: PREDICATE_TYPE,
      predicate,
      sigstore: services.sigstore,
      // What is signed must not be lost because GitHub does not keep it; so we give it to GitHub ourselves, and the library no token.
      skipWrite: true,
      token: '',
    });
    const bytes = Buffer.byteLength(JSON.stringify(bundle));
    if (bytes > BUNDLE_BYTES_MAX) throw cannotAttest('fault', `the attestation has ${bytes} bytes, expected at most ${BUNDLE_BYTES_MAX}`);
    return { bundle, logIndex: tlogID ?? null };
  } catch (cause) {
    throw signingError(cause, services);
  }
}

/**
 * Loaded late, when nothing is left in the environment that a step could have put there for it. It would take `SIGSTORE_ID_TOKEN` for
 * this job's identity, trust any certificate for `NODE_TLS_REJECT_UNAUTHORIZED=0`, and it reads the event's file as soon as it is
 * loaded: any step can put a pipe in that file's place, and whoever reads it then waits for ever.
 */
function loadLibrary(): Promise<typeof import('@actions/attest')> {
  forgetEnvironment(process.env);
  delete process.env['GITHUB_EVENT_PATH'];
  return import('@actions/attest');
}

async function keep(
  { token }: AttestRequest,
  job: JobFacts,
  bundle: unknown,
  { storeMsMax }: AttestLimits,
): Promise<Pick<Attested, 'id' | 'url' | 'unstored'>> {
  try {
    const late = () => new AttestError('time', `Cannot store the attestation at GitHub: no answer in ${storeMsMax} ms, expected one`);
    const id = await within(storeMsMax, storeAttestation({ bundle, token, job }), late);
    return { id, url: `${job.serverUrl.replace(/\/+$/, '')}/${job.repository}/attestations/${id}`, unstored: null };
  } catch (error) {
    if (error instanceof AttestError) return { id: null, url: null, unstored: error };
    throw error;
  }
}
