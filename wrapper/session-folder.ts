import { lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { WrapError } from './wrap-error.ts';

export type SessionFolder = {
  /** Absolute, 0700, ours. */
  readonly path: string;
  /** Holds the session folders of all our runs; hidden whole, so that no cage sees a later run's either. */
  readonly parent: string;
  remove(): void;
};

/**
 * A private folder for one run, below a fixed one for each user. Others may write to /tmp: what is there already counts
 * only if it is a folder, ours, and closed to everybody else.
 *
 * @throws WrapError `set-up`
 */
export function makeSessionFolder(base: string, uid: number): SessionFolder {
  const parent = join(base, `duty-gate-${uid}`);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const found = lstatSync(parent);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new WrapError('set-up', `Cannot use ${parent}: it is not this user's own closed folder, expected one of mode 0700, or nothing`);
  }
  const path = mkdtempSync(join(parent, 'run-'));
  return { path, parent, remove: () => rmSync(path, { recursive: true, force: true }) };
}
