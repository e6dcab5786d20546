import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Those of a policy's paths that are there, absolute: what does not exist needs no hiding, and one policy serves many machines.
 *
 * @param paths absolute or `~/…`; @param home absolute.
 */
export function existingPaths(paths: readonly string[], home: string): readonly string[] {
  return absolutePaths(paths, home).filter(existsSync);
}

export function absolutePaths(paths: readonly string[], home: string): readonly string[] {
  return paths.map((path) => (path.startsWith('~/') ? join(home, path.slice(2)) : path));
}
