import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import { createApi } from './api.ts';
import { createArtifactStore } from './artifacts.ts';
import { type FakeJob, type Job, type JobSetup, makeJob, newKey } from './jobs.ts';
import { type FakeRepository, makeRepository, type Repository, type RepositorySetup } from './repositories.ts';

/** A GitHub on one loopback port: OIDC issuer, the REST calls that duty-gate makes, and the results service (artifacts). */
export type FakeGithub = {
  /** Display only; satisfies the artifact client's host guard. */
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly resultsUrl: string;
  readonly issuer: string;
  /** For `verify --keys`. */
  keysFile(): { issuers: { issuer: string; keys: JWK[] }[] };
  addRepository(setup: RepositorySetup): FakeRepository;
  startJob(setup: JobSetup): FakeJob;
  /** A new key signs; the last one is still published. */
  rotateKeys(): Promise<void>;
  readonly requests: readonly { method: string; path: string; status: number }[];
  /** Rejects when it was asked for what it does not know, or answered against GitHub's own description of its API. */
  stop(): Promise<void>;
};

export async function startGithub(): Promise<FakeGithub> {
  let keys = [await newKey(), await newKey()];
  const repositories: Repository[] = [];
  const jobs: Job[] = [];
  const requests: { method: string; path: string; status: number }[] = [];
  const store = createArtifactStore();
  const faults: string[] = [];
  const server = createServer((request, response) => {
    response.once('close', () => requests.push({ method: request.method ?? '', path: request.url ?? '', status: response.statusCode }));
    void answer(request, response).catch((error: Error) => send(response, 500, { message: error.message }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `${base}/oidc`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', base);
    const body = await bodyOf(request);
    if (url.pathname.startsWith('/oidc/')) return answerOidc(url, response);
    if (url.pathname === '/idtoken') return answerMint(request, url, response);
    if (url.pathname.startsWith('/api/v3/')) return api(request, url, response);
    const downloaded = /^\/download\/(\d+)$/.exec(url.pathname)?.[1];
    const stored = jobs.flatMap((job) => job.artifacts()).find(({ id }) => String(id) === downloaded);
    if (stored !== undefined) return void response.writeHead(200, { 'content-type': stored.mimeType }).end(stored.content());
    if (await store.answer(request, url, body, response, base, (token) => jobOf(token)?.backend ?? null)) return;
    send(response, 404, { message: 'Not Found' });
  }

  const jobOf = (token: string): Job | undefined => jobs.find((job) => job.alive && job.token === token);

  function answerOidc(url: URL, response: ServerResponse): void {
    if (url.pathname === '/oidc/.well-known/openid-configuration') {
      return send(response, 200, { issuer, jwks_uri: `${issuer}/.well-known/jwks`, id_token_signing_alg_values_supported: ['RS256'] });
    }
    if (url.pathname === '/oidc/.well-known/jwks') return send(response, 200, { keys: keys.map(({ jwk }) => jwk) });
    send(response, 404, { message: 'Not Found' });
  }

  async function answerMint(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    const job = jobOf((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    if (job === undefined || job.setup.permissions?.['id-token'] !== 'write') return send(response, 401, { message: 'Unauthorized' });
    const audience = url.searchParams.get('audience') ?? `https://github.com/${job.setup.repository.owner}`;
    send(response, 200, { count: 1, value: await job.mint({ audience }) });
  }

  const api = createApi({ base, repositories, store, jobOf, faults });

  return {
    serverUrl: 'https://github.localhost',
    apiUrl: `${base}/api/v3`,
    resultsUrl: `${base}/`,
    issuer,
    requests,
    keysFile: () => ({ issuers: [{ issuer, keys: keys.map(({ jwk }) => jwk) }] }),
    addRepository(setup) {
      const repository = makeRepository(setup, repositories.length);
      repositories.push(repository);
      return repository;
    },
    startJob(setup) {
      const job = makeJob(setup, { number: jobs.length + 1, issuer, base, store, signingKey: () => keys[0] });
      jobs.push(job);
      return job;
    },
    async rotateKeys() {
      keys = [await newKey(), ...keys.slice(0, 1)];
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      if (faults.length > 0) throw new Error(`The simulated GitHub was asked, or answered, what GitHub would not: ${faults.join('; ')}`);
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'x-github-request-id': randomUUID() });
  response.end(JSON.stringify(body));
}
