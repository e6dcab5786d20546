import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launcherScript } from '#core/launcher-script.ts';

export type LauncherParts = {
  /** Absolute: the Node that runs the action itself. */
  readonly node: string;
  /** Absolute: the command line's program. */
  readonly program: string;
  readonly jobFolder: string;
};

/**
 * Writes the `duty-gate` of this job into a folder that is then put on PATH; answers that folder. Where it leads is written in it:
 * nothing that a step puts into files or environment can have it start something else, or go on with another session (R18).
 */
export function writeLauncher(parts: LauncherParts): string {
  const folder = join(parts.jobFolder, 'bin');
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, 'duty-gate'), launcherScript(parts), { mode: 0o700, flag: 'wx' });
  return folder;
}

/** The command line's program: a source file where we are one, else the bundle in the same folder. */
export function programPath(here: string): string {
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../cli/main.ts' : './duty-gate.js', here));
}
