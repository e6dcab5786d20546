import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached, cacheFolder } from './cache.ts';

/** The C compiler: one program for every architecture, with the C library that is linked in. Another version, other bytes. */
const VERSION = '0.17.1';

export type Compiler = { readonly program: string; readonly env: NodeJS.ProcessEnv };

/** Installs it for this user when it is not there; once a machine. */
export async function zig(): Promise<Compiler> {
  const folder = await cached(`ziglang-${VERSION}`, install);
  const caches = join(cacheFolder, 'zig');
  return {
    program: join(folder, 'ziglang', 'zig'),
    env: { PATH: process.env['PATH'], ZIG_GLOBAL_CACHE_DIR: caches, ZIG_LOCAL_CACHE_DIR: caches },
  };
}

async function install(folder: string): Promise<void> {
  const options = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore', '--only-binary=:all:', '--no-deps'];
  try {
    await promisify(execFile)('python3', ['-m', 'pip', 'install', ...options, '--target', folder, `ziglang==${VERSION}`]);
  } catch (cause) {
    throw new Error(`Cannot install the C compiler: pip install ziglang==${VERSION} failed, expected python3 with pip`, { cause });
  }
}
