import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CAGE_PROGRAM_SHA256 } from './cage-program-sums.ts';
import { WrapError } from './wrap-error.ts';

/** Beside the bundle when bundled, in what was built when run from source. */
const FOLDER = new URL(import.meta.url.endsWith('.ts') ? '../dist/helpers/' : './helpers/', import.meta.url);

/**
 * Absolute path of the native part of a cage (wrapper/cage/), looked at byte for byte: what it does not do nothing else does.
 *
 * @throws WrapError `set-up` when it is missing or another one.
 */
export function cageProgram(arch: string = process.arch, folder: URL = FOLDER): string {
  const expected = CAGE_PROGRAM_SHA256[arch];
  if (expected === undefined) {
    throw new WrapError('set-up', `Cannot make a cage: there is no program for ${arch}, expected x64 or arm64`);
  }
  const path = fileURLToPath(new URL(`linux-${arch}/duty-gate-cage`, folder));
  const found = digestOf(path);
  if (found !== expected) {
    throw new WrapError(
      'set-up',
      `Cannot make a cage: ${path} ${found === null ? 'cannot be read' : 'has other bytes'}, expected it as built`,
    );
  }
  return path;
}

/** The folder of it and of the bundle, real: what is written there runs outside, as the next step's gate. */
export function programFolder(): string {
  return realpathSync(fileURLToPath(new URL('..', FOLDER)));
}

function digestOf(path: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return null;
  }
}
