import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createGithubApi, type GithubApi, type GithubApiSetup } from '#adapters/github/api.ts';

/** Never in any message. */
export const TOKEN = 'ghs_a-token-that-nobody-may-see';

export type Answer = { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };
/** By path and query; a function sees the request, and may keep it waiting. */
export type Routes = Readonly<Record<string, Answer | ((request: IncomingMessage, response: ServerResponse) => void)>>;

export type Rest = {
  readonly url: string;
  readonly requests: string[];
  readonly headers: IncomingMessage['headers'][];
  readonly api: GithubApi;
};

/** As much of GitHub's REST API as a test names; everything else is 404. */
export async function startRest(t: TestContext, routes: Routes, setup: Partial<GithubApiSetup> = {}): Promise<Rest> {
  const requests: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    headers.push(request.headers);
    const route = routes[path] ?? { status: 404, body: { message: 'Not Found' } };
    if (typeof route === 'function') route(request, response);
    else answer(response, route);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // of a TCP server that listens
  const url = `http://127.0.0.1:${port}`;
  return { url, requests, headers, api: createGithubApi({ url, token: TOKEN, retryMs: 1, ...setup }) };
}

export function answer(response: ServerResponse, { status = 200, headers = {}, body = {} }: Answer): void {
  const isRaw = body instanceof Uint8Array;
  response.writeHead(status, { 'content-type': isRaw ? 'application/vnd.github.raw+json; charset=utf-8' : JSON_TYPE, ...headers });
  response.end(isRaw ? body : JSON.stringify(body));
}

const JSON_TYPE = 'application/json; charset=utf-8';

export const COMMIT = `${'c0ffee'.repeat(6)}c0ff`;
export const TAG = 'ba5eba11'.repeat(5);

export function repository(name: string, id: number, ownerId: number): Answer {
  const [owner] = name.split('/');
  return { body: { id, full_name: name, default_branch: 'main', private: true, owner: { id: ownerId, login: owner } } };
}

export function reference(ref: string, sha = COMMIT, type = 'commit'): Answer {
  return { body: { ref, node_id: 'x', url: 'x', object: { type, sha, url: 'x' } } };
}

/** The repository `acme/shop` with a policy on its default branch. */
export function shop(policy: string): Routes {
  return {
    '/repos/acme/shop': repository('acme/shop', 34, 12),
    '/repos/acme/shop/git/ref/heads/main': reference('refs/heads/main'),
    [`/repos/acme/shop/contents/.github/duty-gate.yml?ref=${COMMIT}`]: { body: Buffer.from(policy) },
  };
}
