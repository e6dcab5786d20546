import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The C compiler: one program for every architecture, with the C library that is linked in. Another version, other bytes. */
const VERSION = '0.17.1';
const CACHE_FOLDER = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'duty-gate');
const FOLDER = join(CACHE_FOLDER, `ziglang-${VERSION}`);

export type Compiler = { readonly program: string; readonly env: NodeJS.ProcessEnv };

/** Installs it for this user when it is not there; once a machine. Two processes may: each fills its own, one rename wins. */
export async function zig(): Promise<Compiler> {
  if (!existsSync(FOLDER)) await install();
  const caches = join(CACHE_FOLDER, 'zig');
  return {
    program: join(FOLDER, 'ziglang', 'zig'),
    env: { PATH: process.env['PATH'], ZIG_GLOBAL_CACHE_DIR: caches, ZIG_LOCAL_CACHE_DIR: caches },
  };
}

async function install(): Promise<void> {
  const draft = `${FOLDER}.${randomUUID()}.draft`;
  await mkdir(draft, { recursive: true });
  try {
    console.log(`preparing ziglang-${VERSION} …`);
    const options = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore', '--only-binary=:all:', '--no-deps'];
    await promisify(execFile)('python3', ['-m', 'pip', 'install', ...options, '--target', draft, `ziglang==${VERSION}`]);
    await rename(draft, FOLDER);
  } catch (cause) {
    if (!existsSync(FOLDER)) {
      throw new Error(`Cannot install the C compiler: pip install ziglang==${VERSION} failed, expected python3 with pip`, { cause });
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
