import type { TestContext } from 'node:test';
import { setDefaultCACertificates } from 'node:tls';
import { type FakeGithub, startGithub } from '#test/fakes/github/github.ts';
import { startHttpServer } from '#test/fakes/github/http-server.ts';
import type { FakeJob, JobSetup } from '#test/fakes/github/jobs.ts';
import { type AttestationStore, createAttestationStore, type StoreSetup } from './attestation-store.ts';
import { type FakeSigstore, startSigstore } from './sigstore.ts';

export type SigningBench = {
  readonly github: FakeGithub;
  readonly sigstore: FakeSigstore;
  /** A job of `acme/shop`, which may have itself attested, and where GitHub keeps its attestations. */
  startJob(t: TestContext, setup?: SigningSetup): Promise<SigningJob>;
  stop(): Promise<void>;
};

export type SigningSetup = Partial<Omit<StoreSetup, 'token' | 'repository'>> &
  Partial<Pick<JobSetup, 'permissions' | 'fork' | 'event' | 'mints'>>;

export type SigningJob = {
  readonly job: FakeJob;
  readonly store: AttestationStore;
  /** What that GitHub's API was asked for. */
  readonly asked: Awaited<ReturnType<typeof startHttpServer>>;
  /** Of the action's last step; the services are reached by it. */
  readonly environment: Readonly<Record<string, string>>;
};

export async function startSigningBench(): Promise<SigningBench> {
  const github = await startGithub();
  const sigstore = await startSigstore({ issuer: () => issuerOf(github) });
  const repository = github.addRepository({ owner: 'acme', name: 'shop' });
  return {
    ...{ github, sigstore },
    async startJob(t, { permission = 'write', isOffered = true, permissions = { 'id-token': 'write' as const }, ...more } = {}) {
      const job = github.startJob({ repository, permissions, ...more });
      const problems: string[] = [];
      const store = createAttestationStore({ token: job.token, repository: 'acme/shop', permission, isOffered });
      const asked = await startHttpServer(problems);
      asked.serve([store.service]);
      t.after(() => asked.stop());
      const environment = {
        ...{ ...job.environment(), ...job.runtimeEnvironment(), GITHUB_SERVER_URL: 'https://github.com' },
        ...{ GITHUB_API_URL: `${asked.base}/api/v3`, RUNNER_TEMP: '/tmp', https_proxy: sigstore.proxyUrl, no_proxy: '127.0.0.1' },
      };
      return { job, store, asked, environment };
    },
    async stop() {
      await sigstore.stop();
      await github.stop();
    },
  };
}

/** This process becomes one that trusts the services' names, until the test ends, with this environment. */
export function become(t: TestContext, { sigstore }: SigningBench, environment: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  for (const name of ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN']) delete process.env[name];
  Object.assign(process.env, environment);
  setDefaultCACertificates([sigstore.authority]);
  t.after(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });
}

function issuerOf(github: FakeGithub): { issuer: string; keys: JsonWebKeys } {
  const [issuer] = github.keysFile().issuers;
  if (issuer === undefined) throw new Error('Cannot take tokens: the simulated GitHub has no issuer');
  return { issuer: issuer.issuer, keys: issuer.keys.map((key) => ({ ...key, kty: key.kty ?? '' })) };
}

type JsonWebKeys = ReturnType<Parameters<typeof startSigstore>[0]['issuer']>['keys'];
