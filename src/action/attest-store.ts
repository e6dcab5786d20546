import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { boundedFetch } from '#adapters/github/bounded-fetch.ts';
import { AttestError, type AttestErrorCode } from './attest-error.ts';
import type { JobFacts } from './job-facts.ts';

export type AttestationToStore = {
  readonly bundle: unknown;
  readonly token: string;
  readonly job: Pick<JobFacts, 'apiUrl' | 'repository'>;
  /** What a retry waits for is a multiple of this. */
  readonly retryMs?: number;
  readonly tryMsMax?: number;
};

const API_VERSION = '2022-11-28';
const REPLY_BYTES_MAX = 64 * 1024;
const TRY_MS_MAX = 20_000;
const TRIES_MAX = 3;
const RETRY_MS = 1000;

const Stored = z.object({ id: z.union([z.int().min(0).transform(String), z.string().regex(/^[0-9]{1,20}$/)]) });
const Told = z.object({ message: z.string() });

/** What one try came to; null: it may be better the next time. */
type Tried = { readonly id: string } | { readonly error: AttestError; readonly isFinal: boolean };

/**
 * Gives GitHub an attestation to keep, so that `gh attestation verify` finds it by a file's digest. Asking twice does no harm: it may
 * then keep two that say the same. What GitHub answers is told by its status alone.
 *
 * @returns its id there. @throws AttestError `permission`, `unavailable` or `storage`
 */
export async function storeAttestation(asked: AttestationToStore): Promise<string> {
  const { retryMs = RETRY_MS } = asked;
  for (let tried = 1; ; tried += 1) {
    const outcome = await storeOnce(asked);
    if ('id' in outcome) return outcome.id;
    if (outcome.isFinal || tried === TRIES_MAX) throw outcome.error;
    await wait(retryMs * tried);
  }
}

async function storeOnce({ bundle, token, job, tryMsMax = TRY_MS_MAX }: AttestationToStore): Promise<Tried> {
  const init: RequestInit = {
    method: 'POST',
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'user-agent': 'duty-gate',
      'x-github-api-version': API_VERSION,
    },
    body: JSON.stringify({ bundle }),
  };
  try {
    const url = `${job.apiUrl.replace(/\/+$/, '')}/repos/${job.repository}/attestations`;
    const response = await boundedFetch(url, init, { bytesMax: REPLY_BYTES_MAX, msMax: tryMsMax });
    return outcomeOf(response.status, parseJson(await response.text()));
  } catch (error) {
    const state = error instanceof Error && error.name === 'TimeoutError' ? `did not answer in ${tryMsMax} ms` : 'cannot be reached';
    return { error: unstored('storage', `its API ${state}, expected an answer`), isFinal: false };
  }
}

function outcomeOf(status: number, body: unknown): Tried {
  if (status === 201) {
    const stored = Stored.safeParse(body);
    if (stored.success) return { id: stored.data.id };
    return { error: unstored('storage', "it answered without the attestation's id, expected one"), isFinal: true };
  }
  const told = Told.safeParse(body);
  const [code, rest] = refusalOf(status, told.success ? told.data.message : '');
  return { error: unstored(code, rest), isFinal: status < 500 && status !== 408 && status !== 429 };
}

/** GitHub tells a permission that is missing from a feature that is not there by words only. */
function refusalOf(status: number, message: string): readonly [AttestErrorCode, string] {
  if (/^feature not available\b/i.test(message))
    return ['unavailable', 'it keeps none for this repository, expected a public one, or an organization with GitHub Enterprise Cloud'];
  if (/^resource not accessible by/i.test(message))
    return ['permission', 'the token may not, expected permissions: attestations: write in the workflow or the job'];
  if (status === 401) return ['permission', 'the token is not valid, expected the GITHUB_TOKEN of this job'];
  if (status === 403 || status === 404)
    return ['permission', `it refused (HTTP ${status}), expected permissions: attestations: write in the workflow or the job`];
  if (status >= 500 || status === 408 || status === 429)
    return ['storage', `it answered HTTP ${status}, expected it to be well again in a later run`];
  return ['storage', `it answered HTTP ${status}, expected 201`];
}

function unstored(code: AttestErrorCode, rest: string): AttestError {
  return new AttestError(code, `Cannot store the attestation at GitHub: ${rest}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
