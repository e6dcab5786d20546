import { lstatSync, rmdirSync } from 'node:fs';
import { removeAsRoot as removeBySudo } from '#wrapper/remove-as-root.ts';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';

/** Best effort: whoever holds an empty folder may remove it, whosever it is; for others sudo is asked, without a password. */
export function removeAsRoot(folder: string): void {
  try {
    return rmdirSync(folder);
  } catch {
    if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false) removeBySudo(findTools(TOOL_FOLDERS), [folder]);
  }
}
