import * as z from 'zod';
import type { PolicySource } from '#core/audit/entry.ts';
import type { GithubApi } from './api.ts';
import { GithubError } from './github-error.ts';
import { fetchRepository, type Repository } from './repository.ts';

/** A tag may point at a tag. */
const TAG_DEPTH_MAX = 5;

export type PolicyPlace = {
  readonly repository: string;
  readonly path: string;
  /** `refs/heads/…`, `refs/tags/…`, or a name that is either; null: the default branch. */
  readonly ref: string | null;
};

export type FetchedPolicy = { readonly bytes: Uint8Array; readonly source: PolicySource; readonly repository: Repository };

/**
 * A policy as it stands in a repository: first the commit that a branch or tag names now, then the file at that very commit, so
 * that what is recorded is what was read. @throws GithubError
 */
export async function fetchPolicy(api: GithubApi, { repository: name, path, ref }: PolicyPlace, bytesMax: number): Promise<FetchedPolicy> {
  if (/\p{C}/u.test(path)) throw new GithubError('misnamed', 'Cannot find the policy: its path has control characters');
  const repository = await fetchRepository(api, name);
  const base = ['repos', ...repository.name.split('/')];
  const at = await resolve(api, base, ref ?? `refs/heads/${repository.defaultBranch}`);
  const question = { path: [...base, 'contents', ...path.split('/')], query: { ref: at.commit } };
  const bytes = await api.raw(question, bytesMax).catch((cause: unknown): never => {
    if (!(cause instanceof GithubError) || cause.code !== 'not-found') throw cause;
    throw new GithubError('not-found', `Cannot find ${path} in ${repository.name} at ${at.ref} (commit ${at.commit})`);
  });
  const source = { repository: repository.name, repositoryId: repository.id, path, ...at };
  return { bytes, source, repository };
}

type Place = { readonly ref: string; readonly commit: string };

/** A short name must be one thing: who may push a tag must not be able to stand in for a branch, nor the other way round. */
async function resolve(api: GithubApi, base: readonly string[], ref: string): Promise<Place> {
  requireRef(ref);
  if (ref.startsWith('refs/')) return fetchRef(api, base, ref);
  const found = (await Promise.all([`refs/heads/${ref}`, `refs/tags/${ref}`].map((full) => orNull(fetchRef(api, base, full))))).filter(
    (place) => place !== null,
  );
  const [place] = found;
  if (place === undefined) throw new GithubError('not-found', `Cannot find the policy: ${ref} is neither a branch nor a tag`);
  if (found.length > 1)
    throw new GithubError('misnamed', `Cannot find the policy: ${ref} is both a branch and a tag, expected refs/heads/…`);
  return place;
}

/** A commit's own id is refused: through a repository GitHub shows the commits of all its forks, so anybody could have made it. */
function requireRef(ref: string): void {
  const isCommit = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i.test(ref);
  const isForeign = ref.startsWith('refs/') && !/^refs\/(?:heads|tags)\/./.test(ref);
  if (!isCommit && !isForeign && !/[\p{C} ~^:?*[\\]|\.\.|@\{/u.test(ref)) return;
  throw new GithubError(
    'misnamed',
    `Cannot find the policy: its ref ${isCommit ? 'is a commit' : 'is malformed'}, expected a branch or a tag`,
  );
}

const Reference = z.object({ ref: z.string(), object: z.object({ type: z.string(), sha: z.string().regex(/^[0-9a-f]{40,64}$/) }) });
const Tag = z.object({ object: Reference.shape.object });

async function fetchRef(api: GithubApi, base: readonly string[], ref: string): Promise<Place> {
  const reply = await api.json({ path: [...base, 'git', 'ref', ...ref.split('/').slice(1)] }, Reference).catch((cause: unknown): never => {
    if (!(cause instanceof GithubError) || cause.code !== 'not-found') throw cause;
    throw new GithubError('not-found', `Cannot find the policy: ${base.slice(1).join('/')} has no ${ref}`);
  });
  if (reply.ref !== ref) throw new GithubError('malformed', `Cannot find the policy: GitHub answered with another ref than ${ref}`);
  let { object } = reply;
  for (let depth = 0; object.type === 'tag' && depth < TAG_DEPTH_MAX; depth += 1)
    ({ object } = await api.json({ path: [...base, 'git', 'tags', object.sha] }, Tag));
  if (object.type !== 'commit') throw new GithubError('malformed', `Cannot find the policy: ${ref} leads to no commit`);
  return { ref, commit: object.sha };
}

async function orNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (cause) {
    if (cause instanceof GithubError && cause.code === 'not-found') return null;
    throw cause;
  }
}
