import type { JsonWebKey } from 'node:crypto';
import { createAccounts } from './accounts.ts';
import { createArtifactService } from './artifact-service.ts';
import { createArtifactStore } from './artifact-store.ts';
import { createBlobService } from './blob-service.ts';
import { type AskedFor, type Fault, startHttpServer } from './http-server.ts';
import { createIssuer } from './issuer.ts';
import { type FakeJob, type Job, type JobSetup, makeJob, SERVER_URL } from './jobs.ts';
import { createRateLimits } from './rate-limits.ts';
import { type FakeRepository, makeRepository, type Repository, type RepositorySetup } from './repositories.ts';
import { createRest } from './rest.ts';
import { createSignedUrls } from './signed-urls.ts';

/** A GitHub on one loopback port: OIDC issuer, REST API, and the results service, which has the artifacts. */
export type FakeGithub = {
  /** Display only; satisfies the artifact client's host guard. */
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly resultsUrl: string;
  readonly issuer: string;
  /** For `verify --keys`: every key published so far. */
  keysFile(): { issuers: { issuer: string; keys: JsonWebKey[] }[] };
  addRepository(setup: RepositorySetup): FakeRepository;
  startJob(setup: JobSetup): FakeJob;
  /** A new key signs; the last one is still published. */
  rotateKeys(): void;
  /** Paths with their queries; status 0: not answered. */
  readonly requests: readonly (AskedFor & { readonly status: number })[];
  /** The next requests that fit fail so, once if `times` is not given. */
  fault(match: (request: AskedFor) => boolean, what: Fault, times?: number): void;
  /** Rejects when it was asked for what GitHub, or it, does not know, or answered against GitHub's own description of its API. */
  stop(): Promise<void>;
};

export type GithubSetup = {
  readonly nowMs?: () => number;
  /** REST questions in an hour, of each repository's jobs. */
  readonly rateLimit?: number;
  /** Artifacts are refused once there is as much of them. */
  readonly storageBytesMax?: number;
  /** Enterprises and servers have others. */
  readonly issuerPath?: string;
};

export async function startGithub(setup: GithubSetup = {}): Promise<FakeGithub> {
  const { nowMs = Date.now, rateLimit = 1000, storageBytesMax = Number.POSITIVE_INFINITY, issuerPath = '/oidc' } = setup;
  const problems: string[] = [];
  const server = await startHttpServer(problems);
  const { base, requests } = server;
  const repositories: Repository[] = [];
  const jobs: Job[] = [];
  const accounts = createAccounts();
  const store = createArtifactStore(nowMs);
  const urls = createSignedUrls(base, nowMs);
  const running = (token: string): Job | null => jobs.find((job) => job.runtimeToken === token && job.isAlive()) ?? null;
  const issuer = createIssuer({ base, path: issuerPath, nowMs, problems, minterOf: (token) => running(token)?.minter ?? null });
  const callerOf = (token: string) => {
    const job = running(token);
    return job === null ? null : { run: job.run.backend, job: job.backend };
  };
  const apiUrl = `${base}/api/v3`;
  server.serve([
    ...issuer.services,
    createRest({ apiUrl, accounts, repositories, jobs, store, urls, limits: createRateLimits(rateLimit, nowMs), nowMs }, problems),
    createArtifactService({ store, urls, nowMs, problems, bytesMax: storageBytesMax, callerOf }),
    createBlobService({ store, urls, problems }),
  ]);

  return {
    ...{ serverUrl: SERVER_URL, apiUrl, resultsUrl: `${base}/`, issuer: issuer.issuer, requests },
    keysFile: () => ({ issuers: [{ issuer: issuer.issuer, keys: issuer.keys() }] }),
    addRepository(of) {
      const repository = makeRepository(of, repositories.length, accounts);
      repositories.push(repository);
      return repository;
    },
    startJob(of) {
      const repository = repositories.find(({ id }) => id === of.repository.id);
      if (repository === undefined) throw new Error('Cannot start a job: its repository is not one of this GitHub');
      const run = jobs.find(({ claims }) => claims['run_id'] === of.sameRunAs?.claims['run_id'])?.run ?? null;
      const actor = accounts.ensure(of.actor ?? 'developer', 'User');
      const job = makeJob(of, { index: jobs.length, base, issuer, store, repository, actor, run });
      jobs.push(job);
      return job;
    },
    rotateKeys: () => issuer.rotate(),
    fault: (match, what, times) => server.fault(match, what, times),
    async stop() {
      await server.stop();
      if (problems.length > 0)
        throw new Error(`The simulated GitHub was asked, or answered, what GitHub would not: ${problems.join('; ')}`);
    },
  };
}
