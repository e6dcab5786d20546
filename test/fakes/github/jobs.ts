import { randomBytes, randomUUID } from 'node:crypto';
import type { Account } from './accounts.ts';
import type { ArtifactStore, FakeArtifact } from './artifact-store.ts';
import { type Claims, claimsOf } from './claims.ts';
import type { Issuer, Minter } from './issuer.ts';
import { type FakeRepository, type Repository, sha1 } from './repositories.ts';

export type JobSetup = {
  readonly repository: FakeRepository;
  readonly event?: string;
  readonly ref?: string;
  readonly actor?: string;
  /** The workflow's file. */
  readonly workflow?: string;
  readonly jobName?: string;
  readonly permissions?: { readonly 'id-token'?: 'write'; readonly contents?: string; readonly actions?: string };
  readonly environment?: string;
  /** A pull request from a fork: what it may write, it may read; it gets no identity. */
  readonly fork?: boolean;
  readonly attempt?: number;
  /** Another job of that run; with `attempt`, a re-run of it. */
  readonly sameRunAs?: FakeJob;
  /** Claims beside the usual ones, or in the place of them. */
  readonly claims?: Claims;
  /** What its tokens are like, whoever asks for one. */
  readonly mints?: HostileMint;
};

/** A token that GitHub would not make: other claims, another header, or another signature. */
export type HostileMint = {
  readonly alter?: (claims: Record<string, unknown>) => Record<string, unknown>;
  /** In the place of its own; undefined takes one away. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** `foreign-key`: under the name of the one that signs. `unknown-kid`: one that the issuer does not publish, under its own name. */
  readonly sign?: 'none' | 'hs256-with-the-public-key' | 'foreign-key' | 'unknown-kid';
};

export type FakeJob = {
  /** Its GITHUB_TOKEN. */
  readonly token: string;
  /** GITHUB_* of the job, without the runner's own paths. */
  environment(): Record<string, string>;
  /** What only actions get; of it, the identity's two go to all steps. */
  runtimeEnvironment(): Record<string, string>;
  readonly claims: Claims;
  mint(options: HostileMint & { readonly audience: string }): Promise<string>;
  artifacts(): readonly FakeArtifact[];
  /** Its tokens die. */
  end(): void;
};

export type Scopes = { readonly contents?: string; readonly actions?: string };

export type Run = {
  readonly id: number;
  readonly number: number;
  readonly backend: string;
  readonly repository: Repository;
  readonly headBranch: string;
  readonly headSha: string;
};

/** A job as the services see it. */
export type Job = FakeJob & {
  readonly run: Run;
  readonly backend: string;
  readonly runtimeToken: string;
  readonly scopes: Scopes;
  readonly minter: Minter;
  readonly isAlive: () => boolean;
};

export type JobPlace = {
  /** How many there were before it. */
  readonly index: number;
  readonly base: string;
  readonly issuer: Issuer;
  readonly store: ArtifactStore;
  readonly repository: Repository;
  readonly actor: Account;
  /** The run that it belongs to; null: one of its own. */
  readonly run: Run | null;
};

const FIRST_RUN_ID = 9_000_001;
const FIRST_CHECK_RUN_ID = 8_000_001;
/** What GitHub gives a job of a fork's pull request by; other events are the repository's own. */
const OF_THE_FORK = new Set(['pull_request_target', 'workflow_run']);

export function makeJob(setup: JobSetup, { index, base, issuer, store, repository, actor, run: known }: JobPlace): Job {
  const { event = 'push', workflow = 'report.yml', attempt = 1, environment = null, permissions = {}, fork = false } = setup;
  const isPull = event === 'pull_request';
  const ref = setup.ref ?? (isPull ? 'refs/pull/1/merge' : `refs/heads/${repository.defaultBranch}`);
  const sha = repository.resolve(ref)?.sha ?? sha1(`${repository.id} ${ref}`);
  const headRef = isPull ? 'patch-1' : '';
  const baseRef = isPull ? repository.defaultBranch : '';
  const headBranch = headRef || ref.replace(/^refs\/(?:heads|tags)\//, '');
  const run = known ?? { id: FIRST_RUN_ID + index, number: index + 1, backend: randomUUID(), repository, headBranch, headSha: sha };
  const claims = claimsOf({
    ...{ repository, event, ref, headRef, baseRef, sha, actor, workflow, environment, more: setup.claims ?? {} },
    ...{ run: { id: run.id, number: run.number, attempt }, checkRunId: FIRST_CHECK_RUN_ID + index },
  });
  const isWithheld = fork && !OF_THE_FORK.has(event);
  const backend = randomUUID();
  const runtimeToken = jwt({ scp: `Actions.GenericRead:${ZERO_ID} Actions.Results:${run.backend}:${backend}`, jti: randomUUID() });
  const minter: Minter = {
    path: `/_apis/distributedtask/hubs/Actions/plans/${run.backend}/jobs/${backend}/idtoken`,
    mayMint: permissions['id-token'] === 'write' && !isWithheld,
    defaultAudience: `https://github.com/${repository.owner}`,
    mint: (audience) => issuer.mint(claims, audience, setup.mints),
  };
  let alive = true;
  return {
    ...{ run, backend, runtimeToken, claims, minter, token: githubToken() },
    scopes: isWithheld ? readOnly(permissions) : permissions,
    isAlive: () => alive,
    environment: () => environmentOf(claims, base, setup.jobName ?? 'report'),
    runtimeEnvironment: () => ({
      ...{ ACTIONS_RUNTIME_TOKEN: runtimeToken, ACTIONS_RESULTS_URL: `${base}/` },
      ...(minter.mayMint
        ? { ACTIONS_ID_TOKEN_REQUEST_URL: `${base}${minter.path}?api-version=2.0`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: runtimeToken }
        : {}),
    }),
    mint: async ({ audience, ...hostile }) => issuer.mint(claims, audience, { ...setup.mints, ...hostile }),
    artifacts: () => store.of(run.backend, backend),
    end() {
      alive = false;
    },
  };
}

/** What the runner tells each step; it knows the same facts as the token. */
function environmentOf(claims: Claims, base: string, jobName: string): Record<string, string> {
  const { ref = '' } = claims;
  const ofClaims = [
    'repository',
    'repository_id',
    'repository_owner',
    'repository_owner_id',
    'event_name',
    'ref',
    'ref_type',
    'ref_protected',
  ]
    .concat(['head_ref', 'base_ref', 'sha', 'actor', 'actor_id', 'run_id', 'run_number', 'run_attempt'])
    .concat(['workflow', 'workflow_ref', 'workflow_sha']);
  return {
    ...Object.fromEntries(ofClaims.map((name) => [`GITHUB_${name.toUpperCase()}`, claims[name] ?? ''])),
    ...{ GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_JOB: jobName, GITHUB_RETENTION_DAYS: '90' },
    ...{ GITHUB_TRIGGERING_ACTOR: claims['actor'] ?? '', GITHUB_REF_NAME: ref.replace(/^refs\/(?:heads|tags|pull)\//, '') },
    ...{ GITHUB_SERVER_URL: SERVER_URL, GITHUB_API_URL: `${base}/api/v3`, GITHUB_GRAPHQL_URL: `${base}/api/graphql` },
  };
}

/** Display only; the artifact client takes it for GitHub's own. */
export const SERVER_URL = 'https://github.localhost';
const ZERO_ID = '00000000-0000-0000-0000-000000000000';

function readOnly({ contents, actions }: Scopes): Scopes {
  return { ...(contents === undefined ? {} : { contents: 'read' }), ...(actions === undefined ? {} : { actions: 'read' }) };
}

/** `ghs_`, the id of the Actions app, and a JWT: about 520 characters. */
function githubToken(): string {
  return `ghs_15368_${jwt({ jti: randomUUID(), pad: randomBytes(90).toString('hex') })}`;
}

/** As long as a real one, and signed as little as anybody but GitHub can tell. */
function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ typ: 'JWT', alg: 'RS256' })}.${part(claims)}.${randomBytes(128).toString('base64url')}`;
}
