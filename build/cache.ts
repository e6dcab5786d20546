import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where what the build and the tests need is kept between runs. Outside the clone, so that a fresh clone finds it again. */
export const cacheFolder: string = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'duty-gate');

/**
 * The cached folder of this name, made by `fill` if it is not there yet. The name holds the version of all that goes in:
 * a folder is never changed once it has its name. Two processes may fill at once: each fills its own, one rename wins.
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder, name);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${randomUUID()}.draft`;
  await mkdir(draft, { recursive: true });
  try {
    console.log(`preparing ${name} …`);
    await fill(draft);
    await rename(draft, folder);
  } catch (cause) {
    if (!existsSync(folder)) throw cause;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** The path of a cached folder that set-up has made. Tests use this: they install nothing themselves. */
export function requireCached(name: string): string {
  const folder = join(cacheFolder, name);
  if (existsSync(folder)) return folder;
  throw new Error(`Cannot use ${name}: not in ${dirname(folder)}, expected to be put there by "npm run setup"`);
}
