import { createHash } from 'node:crypto';
import type { Accounts } from './accounts.ts';

export type RepositorySetup = {
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch?: string;
  readonly visibility?: 'public' | 'private';
  readonly files?: Readonly<Record<string, string>>;
  /** How `sub` of its jobs' tokens reads. */
  readonly subject?: SubjectSetup;
};

export type SubjectSetup = {
  /** With ids beside the names. Repositories made since the middle of 2026 have it so. */
  readonly immutable?: boolean;
  /** Replaces the whole of it: names of claims, `repo` and `context`. */
  readonly includeClaimKeys?: readonly string[];
};

export type FakeRepository = {
  readonly owner: string;
  readonly name: string;
  readonly id: number;
  readonly ownerId: number;
  readonly defaultBranch: string;
  readonly visibility: 'public' | 'private';
  readonly subject: SubjectSetup;
  /** Puts files on a branch, on top of what is there; a new one begins empty. Answers the commit. */
  commit(branch: string, files: Readonly<Record<string, string>>): string;
  /** A tag of a commit, with a message an annotated one; answers what the tag points at. */
  tag(name: string, commit: string, message?: string): string;
};

export type Commit = { readonly sha: string; readonly parent: string | null; readonly tree: ReadonlyMap<string, string> };
export type AnnotatedTag = { readonly sha: string; readonly name: string; readonly message: string; readonly commit: string };

export type Repository = FakeRepository & {
  /** What a full ref (`heads/main`, `tags/v1`) points at. */
  ref(name: string): { readonly type: 'commit' | 'tag'; readonly sha: string } | null;
  annotated(sha: string): AnnotatedTag | null;
  /** The commit that a branch, tag, ref or commit id names; null: none. */
  resolve(name: string): Commit | null;
};

const FIRST_ID = 1_000_000;

export function makeRepository(setup: RepositorySetup, index: number, accounts: Accounts): Repository {
  const { name, defaultBranch = 'main', visibility = 'private', files = {}, subject = {} } = setup;
  const { login: owner, id: ownerId } = accounts.ensure(setup.owner, 'Organization');
  const id = FIRST_ID + index;
  const commits = new Map<string, Commit>();
  const refs = new Map<string, { type: 'commit' | 'tag'; sha: string }>();
  const tags = new Map<string, AnnotatedTag>();

  const commitAt = (found: { type: 'commit' | 'tag'; sha: string } | undefined): Commit | undefined =>
    found === undefined ? undefined : commits.get(tags.get(found.sha)?.commit ?? found.sha);

  const repository: Repository = {
    ...{ owner, ownerId, id, name, defaultBranch, visibility, subject },
    commit(branch, changed) {
      const parent = commitAt(refs.get(`heads/${branch}`)) ?? null;
      const tree = new Map([...(parent?.tree ?? []), ...Object.entries(changed)]);
      const sha = sha1(JSON.stringify([id, commits.size, parent?.sha, [...tree]]));
      commits.set(sha, { sha, parent: parent?.sha ?? null, tree });
      refs.set(`heads/${branch}`, { type: 'commit', sha });
      return sha;
    },
    tag(tagName, commit, message) {
      if (!commits.has(commit)) throw new Error(`Cannot tag ${commit}: there is no such commit`);
      const sha = message === undefined ? commit : sha1(JSON.stringify([id, tagName, commit, message]));
      if (message !== undefined) tags.set(sha, { sha, name: tagName, message, commit });
      refs.set(`tags/${tagName}`, { type: message === undefined ? 'commit' : 'tag', sha });
      return sha;
    },
    ref: (full) => refs.get(full) ?? null,
    annotated: (sha) => tags.get(sha) ?? null,
    resolve(asked) {
      const short = asked.replace(/^refs\//, '');
      return commits.get(asked) ?? commitAt(refs.get(short) ?? refs.get(`heads/${short}`) ?? refs.get(`tags/${short}`)) ?? null;
    },
  };
  repository.commit(defaultBranch, files);
  return repository;
}

export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
