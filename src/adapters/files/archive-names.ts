import type { DirectoryEntry } from './archive-directory.ts';
import { ArchiveFault } from './archive-fault.ts';

type Claim = { readonly path: string; readonly as: 'member' | 'folder' | 'way' };

/**
 * Each path is one thing, on every system: not two members, not two spellings where capitals make no difference, not a file on the
 * way to another. @throws ArchiveFault
 */
export function requireDistinct(entries: readonly DirectoryEntry[]): void {
  const claims = new Map<string, Claim>();
  for (const { name } of entries) {
    const isFolder = name.endsWith('/');
    const parts = (isFolder ? name.slice(0, -1) : name).split('/');
    parts.forEach((_, index) => {
      const isLast = index === parts.length - 1;
      claim(claims, { path: parts.slice(0, index + 1).join('/'), as: !isLast ? 'way' : isFolder ? 'folder' : 'member' });
    });
  }
}

function claim(claims: Map<string, Claim>, wanted: Claim): void {
  const key = wanted.path.toLowerCase();
  const held = claims.get(key);
  const isFree =
    held === undefined ||
    (held.path === wanted.path && held.as !== 'member' && (wanted.as === 'way' || (wanted.as === 'folder' && held.as === 'way')));
  if (!isFree)
    throw new ArchiveFault(
      'ambiguous',
      `Cannot read the archive: it has ${held.path} and ${wanted.path}, expected each path to be one thing`,
    );
  if (held === undefined || wanted.as === 'folder') claims.set(key, wanted);
}
