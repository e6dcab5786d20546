import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { onPath } from './clients.ts';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/** The machine's browser; as root on Debian and its kin, one is installed. */
export async function installBrowser(): Promise<void> {
  if (PROGRAMS.some((name) => onPath(name) !== undefined)) return;
  try {
    console.log('installing chromium …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await promisify(execFile)('apt-get', ['update', '--quiet'], { env });
    await promisify(execFile)('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', 'chromium'], { env });
  } catch (cause) {
    throw new Error('Cannot install a browser: apt-get install chromium failed, expected root on Debian, or chromium on PATH', { cause });
  }
}

export function browserProgram(): string {
  const found = PROGRAMS.map(onPath).find((path) => path !== undefined);
  if (found === undefined)
    throw new Error(`Cannot find a browser: none of ${PROGRAMS.join(', ')} on PATH, expected as "npm run setup" leaves it`);
  return found;
}
