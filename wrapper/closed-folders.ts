import { statSync } from 'node:fs';
import { dirname } from 'node:path';

const SEARCH_BY_GROUP_OR_OTHERS = 0o011;

/**
 * Whether a folder on the way lets nobody but another user through. In a user namespace that is true of whoever is 0 there as well, who
 * could not mount anything behind it; nor could a command reach what is there.
 */
export function isBehindClosedFolder(path: string, uid: number): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found !== undefined && found.uid !== uid && (found.mode & SEARCH_BY_GROUP_OR_OTHERS) === 0) return true;
    if (folder === dirname(folder)) return false;
  }
}
