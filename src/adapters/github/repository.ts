import * as z from 'zod';
import type { GithubApi } from './api.ts';
import { GithubError } from './github-error.ts';

/** A repository as GitHub knows it: by ids that stay, whatever its name becomes. */
export type Repository = {
  /** `owner/name` in GitHub's own letters. */
  readonly name: string;
  readonly id: string;
  readonly ownerId: string;
  readonly defaultBranch: string;
};

const Reply = z.object({
  id: z.int().positive(),
  full_name: z.string(),
  default_branch: z.string().min(1),
  owner: z.object({ id: z.int().positive() }),
});

const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** @throws GithubError */
export async function fetchRepository(api: GithubApi, name: string): Promise<Repository> {
  const [owner = '', repository = '', ...more] = name.split('/');
  if (more.length > 0 || !NAME.test(owner) || !NAME.test(repository))
    throw new GithubError('misnamed', 'Cannot ask GitHub for a repository: its name is malformed, expected owner/name');
  const reply = await api.json({ path: ['repos', owner, repository] }, Reply);
  if (reply.full_name.toLowerCase() !== name.toLowerCase())
    throw new GithubError('malformed', `Cannot read ${name} from GitHub: another repository came instead`);
  return { name: reply.full_name, id: String(reply.id), ownerId: String(reply.owner.id), defaultBranch: reply.default_branch };
}

const Account = z.object({ id: z.int().positive(), login: z.string() });

/** The id of a person or an organisation. @throws GithubError */
export async function fetchOwnerId(api: GithubApi, login: string): Promise<string> {
  if (!NAME.test(login)) throw new GithubError('misnamed', 'Cannot ask GitHub for an owner: the name is malformed');
  const reply = await api.json({ path: ['users', login] }, Account);
  if (reply.login.toLowerCase() !== login.toLowerCase())
    throw new GithubError('malformed', `Cannot read ${login} from GitHub: another account came instead`);
  return String(reply.id);
}
