import { createHash } from 'node:crypto';

export type RepositorySetup = {
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch?: string;
  readonly visibility?: 'public' | 'private';
  readonly files?: Readonly<Record<string, string>>;
};

export type FakeRepository = {
  readonly owner: string;
  readonly name: string;
  readonly id: number;
  readonly ownerId: number;
  readonly defaultBranch: string;
  /** Puts files on a branch; answers the commit. */
  commit(branch: string, files: Readonly<Record<string, string>>): string;
};

export type Repository = FakeRepository & {
  readonly visibility: string;
  readonly branches: Map<string, { sha: string; files: Map<string, string> }>;
};
export function makeRepository(
  { owner, name, defaultBranch = 'main', visibility = 'private', files = {} }: RepositorySetup,
  index: number,
): Repository {
  const branches: Repository['branches'] = new Map();
  const commit = (branch: string, changed: Readonly<Record<string, string>>): string => {
    const all = new Map([...(branches.get(branch)?.files ?? []), ...Object.entries(changed)]);
    const sha = sha1(JSON.stringify([...all]));
    branches.set(branch, { sha, files: all });
    return sha;
  };
  commit(defaultBranch, files);
  return { owner, name, id: 1_000_000 + index, ownerId: 4242, defaultBranch, visibility, branches, commit };
}

export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
