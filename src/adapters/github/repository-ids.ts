import type { RepositoryIds } from '#core/policy/policy.ts';
import type { NamesInBindings } from '#core/policy/repository-ids.ts';
import type { GithubApi } from './api.ts';
import { GithubError } from './github-error.ts';
import { fetchOwnerId, fetchRepository, type Repository } from './repository.ts';

/** Names that are looked up for one policy, each by a request. */
export const NAMES_MAX = 100;

/**
 * What bears the names that bindings use, by id (R4). `known` is asked for no more. A name that GitHub does not show to this
 * token is null: whoever bears it is refused, and the others are not.
 *
 * @throws GithubError
 */
export async function fetchRepositoryIds(
  api: GithubApi,
  { repositories, owners }: NamesInBindings,
  known: Repository,
): Promise<RepositoryIds> {
  if (repositories.length + owners.length > NAMES_MAX)
    throw new GithubError('too-large', `Cannot look up the repositories of the policy: it names more than ${NAMES_MAX} in its bindings`);
  const knownName = known.name.toLowerCase();
  const knownOwner = knownName.slice(0, knownName.indexOf('/'));
  const [repositoryIds, ownerIds] = await Promise.all([
    Promise.all(repositories.map((name) => (name === knownName ? known.id : shown(fetchRepository(api, name).then(({ id }) => id))))),
    Promise.all(owners.map((owner) => (owner === knownOwner ? known.ownerId : shown(fetchOwnerId(api, owner))))),
  ]);
  const table = (names: readonly string[], ids: readonly (string | null)[]) =>
    new Map(names.map((name, index) => [name, ids[index] ?? null] as const));
  return { repositories: table(repositories, repositoryIds), owners: table(owners, ownerIds) };
}

async function shown(id: Promise<string>): Promise<string | null> {
  try {
    return await id;
  } catch (cause) {
    if (cause instanceof GithubError && ['not-found', 'forbidden', 'misnamed'].includes(cause.code)) return null;
    throw cause;
  }
}
