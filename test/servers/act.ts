import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached, requireCached } from '#build/cache.ts';
import { onPath } from './clients.ts';

/** nektos/act: another implementation of the runner, which reads our action.yml and workflows as somebody else understood them. */
const VERSION = 'v0.2.87';
const NAME = `act-${VERSION}`;

export async function installAct(): Promise<void> {
  await cached(NAME, async (folder) => {
    const go = onPath('go') ?? '/usr/local/go/bin/go';
    try {
      await promisify(execFile)(go, ['install', `github.com/nektos/act@${VERSION}`], { env: { ...process.env, GOBIN: folder } });
    } catch (cause) {
      throw new Error(`Cannot install act ${VERSION}: ${go} install failed, expected Go 1.24 or newer and its module proxy`, { cause });
    }
  });
}

export function actProgram(): string {
  return join(requireCached(NAME), 'act');
}
