import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { SUMMARY_BYTES_MAX } from './summary.ts';

const { O_APPEND, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;

/**
 * Adds to the step's summary. The toolkit's own way follows links, and whoever put one there would choose what we write to (R18).
 *
 * @returns why it could not be done, in words; null when it was.
 */
export function appendSummary(path: string | undefined, page: string): string | null {
  if (path === undefined || path === '') return 'the runner names no file for it';
  const bytes = Buffer.from(page);
  if (bytes.length > SUMMARY_BYTES_MAX) return `it has ${bytes.length} bytes, and ${SUMMARY_BYTES_MAX} are shown`;
  let file: number;
  try {
    file = openSync(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK);
  } catch (cause) {
    return `its file cannot be opened (${cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault'})`;
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.nlink !== 1) return 'its file is something else than a file of its own';
    writeAll(file, bytes);
    return null;
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}
