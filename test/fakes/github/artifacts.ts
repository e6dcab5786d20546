import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export type FakeArtifact = {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly digest: string;
  readonly mimeType: string;
  content(): Buffer;
};

export type ArtifactStore = {
  /** Whether the request was one of its own. `backendOf`: run and job of a living token, `run:job`. */
  answer(
    request: IncomingMessage,
    url: URL,
    body: Buffer,
    response: ServerResponse,
    base: string,
    backendOf: (token: string) => string | null,
  ): Promise<boolean>;
  /** Finished ones of this `run:job`. */
  of(backend: string): readonly FakeArtifact[];
};

type Upload = {
  readonly backend: string;
  readonly name: string;
  readonly mimeType: string;
  readonly blocks: Map<string, Buffer>;
  content: Buffer;
  artifact: FakeArtifact | null;
};

const SERVICE = '/twirp/github.actions.results.api.v1.ArtifactService/';

/** The results service, as far as an upload needs it: create, blocks, block list, finalize. */
export function createArtifactStore(): ArtifactStore {
  const uploads = new Map<string, Upload>();
  return {
    async answer(request, url, body, response, base, backendOf) {
      if (url.pathname.startsWith('/blob/')) {
        putBlock(uploads.get(url.pathname.slice('/blob/'.length)), url, body, response);
        return true;
      }
      if (!url.pathname.startsWith(SERVICE)) return false;
      const backend = backendOf((request.headers.authorization ?? '').replace(/^Bearer /, ''));
      if (backend === null) {
        reply(response, 401, { code: 'unauthenticated', msg: 'unauthorized' });
        return true;
      }
      const asked = JSON.parse(body.toString('utf8'));
      const isOwn = `${asked.workflow_run_backend_id}:${asked.workflow_job_run_backend_id}` === backend;
      if (!isOwn) reply(response, 403, { code: 'permission_denied', msg: 'another job' });
      else if (url.pathname === `${SERVICE}CreateArtifact`) create(uploads, backend, asked, response, base);
      else if (url.pathname === `${SERVICE}FinalizeArtifact`) finalize(uploads, backend, asked, response);
      else reply(response, 404, { code: 'bad_route', msg: 'no such call' });
      return true;
    },
    of: (backend) => [...uploads.values()].filter((upload) => upload.backend === backend).flatMap(({ artifact }) => artifact ?? []),
  };
}

function create(
  uploads: Map<string, Upload>,
  backend: string,
  asked: { name: string; mime_type?: string },
  response: ServerResponse,
  base: string,
): void {
  const run = backend.split(':')[0];
  if ([...uploads.values()].some((upload) => upload.backend.split(':')[0] === run && upload.name === asked.name)) {
    return reply(response, 409, { code: 'already_exists', msg: 'an artifact with this name already exists on the workflow run' });
  }
  const id = randomUUID();
  uploads.set(id, {
    backend,
    name: asked.name,
    mimeType: asked.mime_type ?? 'application/zip',
    blocks: new Map(),
    content: Buffer.alloc(0),
    artifact: null,
  });
  reply(response, 200, { ok: true, signed_upload_url: `${base}/blob/${id}?sig=${randomBytes(32).toString('hex')}` });
}

function putBlock(upload: Upload | undefined, url: URL, body: Buffer, response: ServerResponse): void {
  if (upload === undefined) return reply(response, 404, {});
  if (url.searchParams.get('comp') === 'block') upload.blocks.set(url.searchParams.get('blockid') ?? '', body);
  else {
    const order = [...body.toString('utf8').matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map(([, id = '']) => id);
    upload.content =
      order.length === 0 && upload.blocks.size === 0 ? body : Buffer.concat(order.map((id) => upload.blocks.get(id) ?? Buffer.alloc(0)));
  }
  response.writeHead(201, { etag: `"${randomUUID()}"`, 'last-modified': new Date().toUTCString() });
  response.end();
}

function finalize(
  uploads: Map<string, Upload>,
  backend: string,
  asked: { name: string; size: string; hash?: string },
  response: ServerResponse,
): void {
  const upload = [...uploads.values()].find((each) => each.backend === backend && each.name === asked.name);
  if (upload === undefined) return reply(response, 404, { code: 'not_found', msg: 'no such upload' });
  const digest = `sha256:${createHash('sha256').update(upload.content).digest('hex')}`;
  if (Number(asked.size) !== upload.content.length || (asked.hash !== undefined && asked.hash !== digest)) {
    return reply(response, 400, { code: 'invalid_argument', msg: 'size or hash differ from what was uploaded' });
  }
  const id = 500 + [...uploads.values()].filter(({ artifact }) => artifact !== null).length;
  const { name, mimeType, content } = upload;
  upload.artifact = { id, name, mimeType, size: content.length, digest, content: () => content };
  reply(response, 200, { ok: true, artifact_id: String(id) });
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
