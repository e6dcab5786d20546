import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { WrapError } from './wrap-error.ts';

/**
 * Makes the folder for bundles, and those above it, where they are missing. Not Node's `recursive`, which goes round for ever
 * where a folder is there but takes none in it (/proc).
 *
 * @throws WrapError `set-up`
 */
export function makeEvidenceParent(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeEvidenceParent(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault';
    throw new WrapError('set-up', `Cannot make the evidence folder ${path}: ${code}, expected a folder that can be written`, { cause });
  }
}
