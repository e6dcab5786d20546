import { spawnSync } from 'node:child_process';
import { lstatSync, rmdirSync } from 'node:fs';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';

const MS_MAX = 5000;

/** Best effort: whoever holds an empty folder may remove it, whosever it is; for others sudo is asked, without a password. */
export function removeAsRoot(folder: string): void {
  try {
    return rmdirSync(folder);
  } catch {
    if (!(lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false)) return;
  }
  const { sudo, rm } = findTools(TOOL_FOLDERS);
  if (sudo !== null) spawnSync(sudo, ['-n', '--', rm, '-rf', '--', folder], { cwd: '/', env: {}, stdio: 'ignore', timeout: MS_MAX });
}
