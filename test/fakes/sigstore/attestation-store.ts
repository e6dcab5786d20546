import { z } from 'zod';
import { type Answer, bearerOf, json, type Question, type Service } from '#test/fakes/github/http-server.ts';

export type AttestationStore = {
  readonly service: Service;
  /** The bundles it keeps; an attestation's id is its place, from 1. */
  readonly stored: readonly unknown[];
};

export type StoreSetup = {
  readonly token: string;
  readonly repository: string;
  readonly permission?: 'write' | 'read';
  /** Whether GitHub offers attestations to this repository. */
  readonly isOffered?: boolean;
};

/** As GitHub's description of `POST /repos/{owner}/{repo}/attestations` has the body. */
const Body = z.strictObject({
  bundle: z.object({
    mediaType: z.string(),
    verificationMaterial: z.record(z.string(), z.unknown()),
    dsseEnvelope: z.record(z.string(), z.unknown()),
  }),
});
const PREFIX = '/api/v3/repos/';

/** The part of GitHub's REST API that keeps a repository's attestations. */
export function createAttestationStore({ token, repository, permission = 'write', isOffered = true }: StoreSetup): AttestationStore {
  const stored: unknown[] = [];
  function answer({ method, url, headers, body }: Question): Answer {
    if (bearerOf(headers) !== token) return json(401, { message: 'Bad credentials' });
    if (method !== 'POST' || url.pathname !== `${PREFIX}${repository}/attestations`) return json(404, { message: 'Not Found' });
    if (permission !== 'write') return json(403, { message: 'Resource not accessible by integration' });
    if (!isOffered) return json(403, { message: `Feature not available for the ${repository.split('/')[0]} organization.` });
    const parsed = Body.safeParse(JSON.parse(body.toString()));
    if (!parsed.success) return json(422, { message: 'Invalid request.' });
    stored.push(parsed.data.bundle);
    return json(201, { id: stored.length });
  }
  return { service: { prefix: PREFIX, answer }, stored };
}
