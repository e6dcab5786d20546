import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ActionError } from './action-error.ts';
import type { JobFacts } from './job-facts.ts';

/** The fixed place of everybody's folders; wrapped commands see none of it (wrapper/session-folder.ts). */
export const FOLDERS_BASE = '/tmp';

/** The one thing that main tells post by way of the runner; the rest lies in the folder it names. */
export const JOB_FOLDER_STATE = 'job-folder';

export type FolderPlace = { readonly base: string; readonly uid: number };

const NAME_DIGITS = 16;
const FOLDERS_OPENED_MAX = 1_000_000;
const NAME = /^job-[0-9a-f]{16}$/;

/**
 * Makes the job's own folder: socket, session, launcher and the gateway's log lie in it. Its name follows from the job, so that a
 * second use of the action in it meets the first one's, before it asks for a token (R2).
 *
 * @throws ActionError `second-use`, `folder`
 */
export function makeJobFolder({ base, uid }: FolderPlace, facts: JobFacts): string {
  const parent = join(base, `duty-gate-${uid}`);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  requirePrivate(parent, uid);
  const path = join(parent, `job-${jobHash(facts)}`);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    throw new ActionError(
      'second-use',
      `Cannot open a second session: this job has a session already (${path}), expected one use of the action in a job. ` +
        'One is enough: every later step with `shell: duty-gate shell {0}` runs under it',
    );
  }
  return path;
}

/**
 * The folder that main has named, if it is still there. Nothing but its name was handed over, by way of the runner: it counts only if it
 * is where such folders are, ours, and closed to everybody else.
 *
 * @throws ActionError `folder`
 */
export function openJobFolder({ base, uid }: FolderPlace, path: string): string | null {
  const parent = join(base, `duty-gate-${uid}`);
  const name = path.slice(parent.length + 1);
  if (path !== join(parent, name) || !NAME.test(name)) throw foreign(path);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
  requirePrivate(parent, uid);
  requirePrivate(path, uid);
  if (realpathSync(path) !== join(realpathSync(base), `duty-gate-${uid}`, name)) throw foreign(path);
  return path;
}

/**
 * Takes it away, if it is still there. What is in it nobody uses any more: the job's cage has ended with its session.
 *
 * @param asRoot removes a folder that is the superuser's, as the kernel leaves them where sudo has mounted.
 * @throws when something in it cannot be removed; what opens the session can, and is
 */
export function removeJobFolder(path: string, asRoot: (folder: string) => void = () => undefined): void {
  rmSync(join(path, 'session.json'), { force: true });
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    openFolders(path, asRoot);
    rmSync(path, { recursive: true, force: true });
  }
}

/** What a command wrote aside lies in it, folders that it closed to itself among them. */
function openFolders(path: string, asRoot: (folder: string) => void): void {
  const folders = [path];
  for (let opened = 0; opened < folders.length && opened < FOLDERS_OPENED_MAX; opened++) {
    const folder = folders[opened] ?? path;
    try {
      chmodSync(folder, 0o700);
    } catch {
      asRoot(folder);
      continue;
    }
    for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) folders.push(join(folder, entry.name));
  }
}

/** What tells the job from every other on this machine; `temp` where a runner gives no id of its own. */
function jobHash({ repository, runId, attempt, job, trackingId, temp }: JobFacts): string {
  const text = JSON.stringify([repository, runId, attempt, job, trackingId, temp]);
  return createHash('sha256').update(text).digest('hex').slice(0, NAME_DIGITS);
}

function requirePrivate(path: string, uid: number): void {
  const found = lstatSync(path);
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return;
  throw new ActionError('folder', `Cannot use ${path}: it is not this user's own closed folder, expected one of mode 0700, or nothing`);
}

function foreign(path: string): ActionError {
  return new ActionError(
    'folder',
    `Cannot use ${JSON.stringify(path.slice(0, 200))}: it is no folder of a job, expected the one that this action made`,
  );
}
