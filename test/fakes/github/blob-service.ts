import { randomUUID } from 'node:crypto';
import type { ArtifactStore, FakeArtifact, Upload } from './artifact-store.ts';
import type { Answer, Question, Service } from './http-server.ts';
import type { SignedUrls } from './signed-urls.ts';

export const UPLOADS = '/blob/uploads/';
export const DOWNLOADS = '/blob/artifacts/';

type BlobPlace = { readonly store: ArtifactStore; readonly urls: SignedUrls; readonly problems: string[] };

/** Azure's blob storage, as artifacts use it: blocks, the list that makes a file of them, and the file. */
export function createBlobService({ store, urls, problems }: BlobPlace): Service {
  return {
    prefix: '/blob/',
    answer(question) {
      const { method, url } = question;
      const right = url.pathname.startsWith(UPLOADS) ? 'w' : 'r';
      if (method !== (right === 'w' ? 'PUT' : 'GET')) {
        problems.push(`${method} ${url.pathname}: not what artifacts are stored or read by`);
        return failure(405, 'UnsupportedHttpVerb', 'The resource does not support the specified HTTP verb.');
      }
      const fault = urls.fault(url, right);
      if (fault !== null) return failure(403, 'AuthenticationFailed', fault);
      if (right === 'r') return download(store.all().find(({ id }) => `${DOWNLOADS}${id}` === url.pathname));
      const upload = store.upload(url.pathname.slice(UPLOADS.length));
      return upload === null ? failure(404, 'BlobNotFound', 'The specified blob does not exist.') : put(upload, question);
    },
  };
}

function download(artifact: FakeArtifact | undefined): Answer {
  if (artifact === undefined) return failure(404, 'BlobNotFound', 'The specified blob does not exist.');
  const { name, mimeType } = artifact;
  const file = mimeType === 'application/zip' ? `${name}.zip` : name;
  const plain = file.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const disposition = `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file)}`;
  return { status: 200, headers: { 'content-type': mimeType, 'content-disposition': disposition }, body: artifact.content() };
}

const BLOCKS_MAX = 50_000;
const BLOCK_ID_CHARACTERS_MAX = 88; // 64 bytes

function put(upload: Upload, { url, headers, body }: Question): Answer {
  const type = headers['x-ms-blob-content-type'];
  if (type !== undefined && type !== upload.mimeType)
    return failure(400, 'InvalidHeaderValue', 'The content type is not that of the artifact.');
  switch (url.searchParams.get('comp')) {
    case 'block':
      return putBlock(upload, url.searchParams.get('blockid') ?? '', body);
    case 'blocklist':
      return putBlockList(upload, body.toString('utf8'));
    case null:
      if (headers['x-ms-blob-type'] !== 'BlockBlob') return failure(400, 'InvalidHeaderValue', 'x-ms-blob-type is not BlockBlob.');
      upload.content = body;
      return created();
    default:
      return failure(400, 'InvalidQueryParameterValue', 'comp is none of block, blocklist.');
  }
}

function putBlock({ blocks }: Upload, id: string, body: Buffer): Answer {
  const [first = id] = blocks.keys();
  // Azure's own rule: all names of a blob's blocks have one length.
  const isName = /^[A-Za-z0-9+/]+={0,2}$/.test(id) && id.length <= BLOCK_ID_CHARACTERS_MAX && id.length === first.length;
  if (!isName || blocks.size >= BLOCKS_MAX) return failure(400, 'InvalidBlobOrBlock', 'The specified blob or block content is invalid.');
  blocks.set(id, body);
  return created();
}

/** The list alone says which blocks, and in which order: they come in any. */
function putBlockList(upload: Upload, xml: string): Answer {
  const ids = [...xml.matchAll(/<(Latest|Uncommitted)>([^<]*)<\/\1>/g)].map(([, , id = '']) => id);
  const blocks = ids.map((id) => upload.blocks.get(id));
  const isList = /<BlockList>/.test(xml) && blocks.every((block) => block !== undefined);
  if (!isList) return failure(400, 'InvalidBlockList', 'The specified block list is invalid.');
  upload.content = Buffer.concat(blocks.filter((block) => block !== undefined));
  return created();
}

function created(): Answer {
  return { status: 201, headers: { ...common(), etag: `"0x${randomUUID()}"`, 'last-modified': new Date().toUTCString() } };
}

function failure(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { ...common(), 'content-type': 'application/xml', 'x-ms-error-code': code }, body };
}

function common(): Record<string, string> {
  return { 'x-ms-request-id': randomUUID(), 'x-ms-version': '2025-11-05' };
}
