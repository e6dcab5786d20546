import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installDebianPackage } from './debian.ts';

/** The library that lies to a process about the time, where Debian and its kin have it. */
export async function installFaketime(): Promise<void> {
  if (find() === null) await installDebianPackage('libfaketime');
}

/** What `LD_PRELOAD` is to be. */
export function faketimeLibrary(): string {
  const found = find();
  if (found === null) throw new Error('Cannot find libfaketime.so.1 below /usr/lib, expected as "npm run setup" leaves it');
  return found;
}

function find(): string | null {
  const folders = readdirSync('/usr/lib', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const places = ['faketime', ...folders.map(({ name }) => join(name, 'faketime'))].map((place) =>
    join('/usr/lib', place, 'libfaketime.so.1'),
  );
  return places.find((path) => existsSync(path)) ?? null;
}
