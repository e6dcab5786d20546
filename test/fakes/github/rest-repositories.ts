import { sample } from './openapi/validate.ts';
import { type Commit, type Repository, sha1 } from './repositories.ts';
import { NOT_FOUND, type RestCall, type RestReply, type Route } from './rest-call.ts';

const READS_CONTENTS = { name: 'contents', level: 'read' } as const;

export const REPOSITORY_ROUTES: readonly Route[] = [
  { operation: 'GET /repos/{owner}/{repo}', on: 'repository', scope: null, answer: getRepository },
  { operation: 'GET /repos/{owner}/{repo}/commits/{ref}', on: 'repository', scope: READS_CONTENTS, formats: ['sha'], answer: getCommit },
  { operation: 'GET /repos/{owner}/{repo}/git/ref/{ref}', on: 'repository', scope: READS_CONTENTS, answer: getRef },
  { operation: 'GET /repos/{owner}/{repo}/git/tags/{tag_sha}', on: 'repository', scope: READS_CONTENTS, answer: getTag },
];

/** Of a repository, in the API. */
export function urlOf({ place }: RestCall, { owner, name }: Repository): string {
  return `${place.apiUrl}/repos/${owner}/${name}`;
}

function getRepository(call: RestCall, repository: Repository): RestReply {
  const { id, owner, ownerId, name, defaultBranch, visibility } = repository;
  const account = { login: owner, id: ownerId, type: call.place.accounts.find(owner)?.type ?? 'Organization' };
  const body = sample('full-repository', call.version, {
    ...{ id, node_id: `R_${id}`, name, full_name: `${owner}/${name}`, default_branch: defaultBranch, url: urlOf(call, repository) },
    ...{ private: visibility === 'private', visibility, owner: sample('simple-user', call.version, account) },
  });
  return { kind: 'json', body };
}

function getCommit(call: RestCall, repository: Repository): RestReply {
  const asked = call.parameters['ref'] ?? '';
  const commit = repository.resolve(asked);
  if (commit === null) return { kind: 'problem', status: 422, message: `No commit found for SHA: ${asked}` };
  if (call.format === 'sha') return { kind: 'text', text: commit.sha, mediaType: 'application/vnd.github.sha' };
  return { kind: 'json', body: commitBody(call, repository, commit) };
}

function commitBody(call: RestCall, repository: Repository, { sha, parent, tree }: Commit): object {
  const base = urlOf(call, repository);
  const plain = sample('commit', call.version, {}) as { readonly commit: object };
  const treeSha = sha1(JSON.stringify([...tree]));
  return {
    ...plain,
    ...{ sha, node_id: `C_${sha}`, url: `${base}/commits/${sha}`, comments_url: `${base}/commits/${sha}/comments` },
    commit: { ...plain.commit, url: `${base}/git/commits/${sha}`, tree: { sha: treeSha, url: `${base}/git/trees/${treeSha}` } },
    parents: parent === null ? [] : [{ sha: parent, url: `${base}/commits/${parent}` }],
  };
}

function getRef(call: RestCall, repository: Repository): RestReply {
  const asked = call.parameters['ref'] ?? '';
  const found = repository.ref(asked);
  if (found === null) return NOT_FOUND;
  const base = urlOf(call, repository);
  const object = { ...found, url: `${base}/git/${found.type}s/${found.sha}` };
  return { kind: 'json', body: { ref: `refs/${asked}`, node_id: `REF_${sha1(asked)}`, url: `${base}/git/refs/${asked}`, object } };
}

function getTag(call: RestCall, repository: Repository): RestReply {
  const found = repository.annotated(call.parameters['tag_sha'] ?? '');
  if (found === null) return NOT_FOUND;
  const base = urlOf(call, repository);
  const { sha, name, message, commit } = found;
  const object = { type: 'commit', sha: commit, url: `${base}/git/commits/${commit}` };
  const tagger = { name: 'developer', email: 'developer@localhost', date: '2026-11-01T00:00:00Z' };
  return { kind: 'json', body: { node_id: `TA_${sha}`, tag: name, sha, url: `${base}/git/tags/${sha}`, message, tagger, object } };
}
