import { sample } from './openapi/validate.ts';
import { type Repository, sha1 } from './repositories.ts';
import { NOT_FOUND, type RestCall, type RestReply, type Route } from './rest-call.ts';
import { urlOf } from './rest-repositories.ts';

export const CONTENT_ROUTES: readonly Route[] = [
  {
    operation: 'GET /repos/{owner}/{repo}/contents/{path}',
    on: 'repository',
    scope: { name: 'contents', level: 'read' },
    formats: ['raw', 'object'],
    answer: getContents,
  },
];

/** Larger files come raw only, or described without their content. */
const INLINE_BYTES_MAX = 1024 * 1024;

type Tree = ReadonlyMap<string, string>;

function getContents(call: RestCall, repository: Repository): RestReply {
  const ref = call.query.get('ref') ?? repository.defaultBranch;
  const commit = repository.resolve(ref);
  if (commit === null) return { kind: 'problem', status: 404, message: `No commit found for the ref ${ref}` };
  const path = (call.parameters['path'] ?? '').replace(/\/+$/, '');
  const describe = (each: string) => entryOf(each, commit.tree, `${urlOf(call, repository)}`, ref);
  const text = commit.tree.get(path);
  if (text !== undefined) {
    if (call.format === 'raw') return { kind: 'text', text, mediaType: 'application/vnd.github.raw+json' };
    const body = { ...describe(path), ...contentOf(text) };
    return call.format === 'object' ? { kind: 'json', body, mediaType: OBJECT } : { kind: 'json', body };
  }
  const children = childrenOf(path, commit.tree);
  if (children.length === 0) return NOT_FOUND;
  const entries = children.map(describe);
  if (call.format !== 'object') return { kind: 'json', body: entries };
  return { kind: 'json', body: sample('content-tree', call.version, { ...describe(path), entries }), mediaType: OBJECT };
}

const OBJECT = 'application/vnd.github.object';

function childrenOf(path: string, tree: Tree): readonly string[] {
  const prefix = path === '' ? '' : `${path}/`;
  const below = [...tree.keys()].filter((each) => each.startsWith(prefix));
  return [...new Set(below.map((each) => `${prefix}${each.slice(prefix.length).split('/')[0]}`))].sort();
}

function entryOf(path: string, tree: Tree, base: string, ref: string): object {
  const text = tree.get(path);
  const at = path.split('/').map(encodeURIComponent).join('/');
  const self = `${base}/contents/${at}?ref=${encodeURIComponent(ref)}`;
  const sha = text === undefined ? sha1(JSON.stringify(childrenOf(path, tree))) : blobSha(text);
  const git = `${base}/git/${text === undefined ? 'trees' : 'blobs'}/${sha}`;
  const html = `https://github.localhost/${text === undefined ? 'tree' : 'blob'}/${at}`;
  return {
    ...{ type: text === undefined ? 'dir' : 'file', size: Buffer.byteLength(text ?? ''), name: path.split('/').at(-1), path, sha },
    ...{ url: self, git_url: git, html_url: html, download_url: text === undefined ? null : `https://raw.github.localhost/${at}` },
    _links: { self, git, html },
  };
}

/** Base64 in lines, as GitHub gives it. */
function contentOf(text: string): object {
  const bytes = Buffer.from(text);
  if (bytes.length > INLINE_BYTES_MAX) return { encoding: 'none', content: '' };
  return { encoding: 'base64', content: bytes.toString('base64').replace(/.{1,60}/g, '$&\n') };
}

/** As git names it. */
function blobSha(text: string): string {
  return sha1(`blob ${Buffer.byteLength(text)}\0${text}`);
}
