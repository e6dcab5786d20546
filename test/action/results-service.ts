import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type StoredArtifact = {
  readonly name: string;
  readonly mimeType: string;
  readonly content: Buffer;
  readonly expires: string | null;
};

/** As much of GitHub's artifact service as one upload needs: create, blocks, block list, finalize. */
export type ResultsService = { readonly url: string; readonly stored: StoredArtifact[]; stop(): Promise<void> };

type Created = {
  readonly name: string;
  readonly mimeType: string;
  readonly expires: string | null;
  readonly blocks: Map<string, Buffer>;
  content: Buffer;
};

export async function startResultsService(options: { readonly refuse?: number } = {}): Promise<ResultsService> {
  const created: Created[] = [];
  const stored: StoredArtifact[] = [];
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new globalThis.URL(request.url ?? '/', url);
    const body = await buffer(request);
    const json = (status: number, value: object) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (options.refuse !== undefined) return json(options.refuse, { msg: 'insufficient usage: storage quota' });
    if (pathname.endsWith('/CreateArtifact')) return json(200, create(JSON.parse(body.toString())));
    if (pathname.endsWith('/FinalizeArtifact')) return json(200, finalize(JSON.parse(body.toString())));
    put(created[Number(pathname.slice('/blob/'.length))], searchParams, body);
    response.writeHead(201).end();
  }

  function create({ name, mime_type, expires_at }: { name: string; mime_type: string; expires_at?: string }) {
    created.push({ name, mimeType: mime_type, expires: expires_at ?? null, blocks: new Map(), content: Buffer.alloc(0) });
    return { ok: true, signed_upload_url: `${url}/blob/${created.length - 1}?sig=${'s'.repeat(64)}` };
  }

  function finalize({ name, size, hash }: { name: string; size: string; hash: string }) {
    const found = created.find((each) => each.name === name);
    const digest = `sha256:${createHash('sha256')
      .update(found?.content ?? '')
      .digest('hex')}`;
    const ok = found !== undefined && Number(size) === found.content.length && hash === digest;
    if (ok) stored.push(found);
    return { ok, artifact_id: String(1000 + stored.length) };
  }

  return { url, stored, stop: () => new Promise((resolve) => void server.close(() => resolve())) };
}

function put(artifact: Created | undefined, query: globalThis.URLSearchParams, body: Buffer): void {
  if (artifact === undefined) return;
  if (query.get('comp') === 'block') artifact.blocks.set(query.get('blockid') ?? '', body);
  const ids = [...body.toString().matchAll(/<Latest>([^<]*)<\/Latest>/g)].map(([, id]) => id ?? '');
  if (query.get('comp') === 'blocklist') artifact.content = Buffer.concat(ids.map((id) => artifact.blocks.get(id) ?? Buffer.alloc(0)));
}
