import { onPath } from './clients.ts';
import { installDebianPackage } from './debian.ts';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/** The machine's browser; as root on Debian and its kin, one is installed. */
export async function installBrowser(): Promise<void> {
  if (!PROGRAMS.some((name) => onPath(name) !== undefined)) await installDebianPackage('chromium');
}

export function browserProgram(): string {
  const found = PROGRAMS.map(onPath).find((path) => path !== undefined);
  if (found === undefined)
    throw new Error(`Cannot find a browser: none of ${PROGRAMS.join(', ')} on PATH, expected as "npm run setup" leaves it`);
  return found;
}
