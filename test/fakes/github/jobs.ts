import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { exportJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import type { ArtifactStore, FakeArtifact } from './artifacts.ts';
import { type FakeRepository, sha1 } from './repositories.ts';

export type JobSetup = {
  readonly repository: FakeRepository;
  readonly event?: string;
  readonly ref?: string;
  readonly actor?: string;
  readonly workflow?: string;
  readonly jobName?: string;
  readonly permissions?: { readonly 'id-token'?: 'write'; readonly contents?: string; readonly actions?: string };
  readonly environment?: string;
  readonly fork?: boolean;
  readonly attempt?: number;
  /** What its tokens are like, whoever asks for one. */
  readonly mints?: HostileMint;
};

/** A token that GitHub would not make: other claims, or another signature. */
export type HostileMint = {
  readonly alter?: (claims: Record<string, unknown>) => Record<string, unknown>;
  readonly sign?: 'none' | 'hs256-with-the-public-key' | 'foreign-key' | 'unknown-kid';
};
export type MintOptions = HostileMint & { readonly audience: string };

export type FakeJob = {
  readonly token: string;
  environment(): Record<string, string>;
  runtimeEnvironment(): Record<string, string>;
  readonly claims: Readonly<Record<string, string>>;
  mint(options: MintOptions): Promise<string>;
  artifacts(): readonly FakeArtifact[];
  /** Its tokens die. */
  end(): void;
};

export type Key = { readonly kid: string; readonly privateKey: KeyObject; readonly jwk: JWK };
export type Job = FakeJob & { readonly setup: JobSetup; readonly backend: string; alive: boolean };

/** OIDC tokens live this long, and are valid from ten minutes before (GITHUB.md 1.2). */
const TOKEN_SECONDS = 300;
const NOT_BEFORE_SECONDS = 600;

type JobPlace = {
  readonly number: number;
  readonly issuer: string;
  readonly base: string;
  readonly store: ArtifactStore;
  signingKey(): Key | undefined;
};

export function makeJob(setup: JobSetup, { number, issuer, base, store, signingKey }: JobPlace): Job {
  const { repository, event = 'push', actor = 'developer', workflow = 'report.yml', attempt = 1, fork = false } = setup;
  const full = `${repository.owner}/${repository.name}`;
  const ref = setup.ref ?? `refs/heads/${repository.defaultBranch}`;
  const workflowRef = `${full}/.github/workflows/${workflow}@${ref}`;
  const backend = `${randomUUID()}:${randomUUID()}`;
  const scopes = Buffer.from(JSON.stringify({ scp: `Actions.Results:${backend}`, jti: randomUUID() })).toString('base64url');
  const token = `e30.${scopes}.${randomBytes(32).toString('base64url')}`;
  const runId = String(9_000_000 + number);
  const claims: Record<string, string> = {
    ...{
      repository: full,
      repository_id: String(repository.id),
      repository_owner: repository.owner,
      repository_owner_id: String(repository.ownerId),
    },
    ...{
      ref,
      ref_type: 'branch',
      ref_protected: 'false',
      sha: sha1(ref),
      event_name: event,
      actor,
      actor_id: '77',
      head_ref: '',
      base_ref: '',
    },
    ...{ workflow, workflow_ref: workflowRef, workflow_sha: sha1(ref), job_workflow_ref: workflowRef, job_workflow_sha: sha1(ref) },
    ...{ run_id: runId, run_number: String(number), run_attempt: String(attempt), check_run_id: String(8_000_000 + number) },
    ...{ runner_environment: 'github-hosted', repository_visibility: 'private', sub: `repo:${full}:ref:${ref}` },
    ...(setup.environment === undefined ? {} : { environment: setup.environment, sub: `repo:${full}:environment:${setup.environment}` }),
  };
  const granted = setup.permissions?.['id-token'] === 'write' && !fork;
  const job: Job = {
    ...{ setup, backend, alive: true, token, claims },
    environment: () => ({
      ...{ GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_REPOSITORY: full, GITHUB_REPOSITORY_ID: String(repository.id) },
      ...{
        GITHUB_REPOSITORY_OWNER: repository.owner,
        GITHUB_EVENT_NAME: event,
        GITHUB_REF: ref,
        GITHUB_SHA: sha1(ref),
        GITHUB_ACTOR: actor,
      },
      ...{
        GITHUB_RUN_ID: runId,
        GITHUB_RUN_NUMBER: String(number),
        GITHUB_RUN_ATTEMPT: String(attempt),
        GITHUB_JOB: setup.jobName ?? 'report',
      },
      ...{
        GITHUB_WORKFLOW: workflow,
        GITHUB_WORKFLOW_REF: workflowRef,
        GITHUB_API_URL: `${base}/api/v3`,
        GITHUB_SERVER_URL: 'https://github.localhost',
      },
    }),
    runtimeEnvironment: () => ({
      ...{ ACTIONS_RUNTIME_TOKEN: token, ACTIONS_RESULTS_URL: `${base}/` },
      ...(granted ? { ACTIONS_ID_TOKEN_REQUEST_URL: `${base}/idtoken?api-version=2.0`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } : {}),
    }),
    mint: (options) => mintToken({ ...options, ...setup.mints }, claims, issuer, signingKey()),
    artifacts: () => store.of(backend),
    end() {
      job.alive = false;
    },
  };
  return job;
}

export async function newKey(): Promise<Key> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomUUID();
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

async function mintToken(
  { audience, alter = (same) => same, sign }: MintOptions,
  claims: Record<string, string>,
  issuer: string,
  key: Key | undefined,
): Promise<string> {
  if (key === undefined) throw new Error('Cannot mint: there is no key');
  const now = Math.floor(Date.now() / 1000);
  const times = { iat: now, nbf: now - NOT_BEFORE_SECONDS, exp: now + TOKEN_SECONDS };
  const payload = alter({ ...claims, ...times, iss: issuer, aud: audience, jti: randomUUID() });
  const jwt = new SignJWT(payload);
  switch (sign ?? 'as-github-does') {
    case 'as-github-does':
      return jwt.setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid }).sign(key.privateKey);
    case 'unknown-kid':
      return jwt.setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: randomUUID() }).sign(key.privateKey);
    case 'foreign-key':
      return jwt.setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid }).sign((await newKey()).privateKey);
    case 'hs256-with-the-public-key':
      return jwt.setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: key.kid }).sign(Buffer.from(JSON.stringify(key.jwk)));
    case 'none':
      return new UnsecuredJWT(payload).encode();
  }
}
