import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

const TAIL_BYTES_MAX = 4096;
const LINES_MAX = 20;

export function gatewayLogPath(jobFolder: string): string {
  return join(jobFolder, 'gateway.log');
}

/** The last lines of what the gateway said on standard error: names of faults and where they were, never a secret. None where it said nothing. */
export function gatewayLogTail(jobFolder: string): readonly string[] {
  let file: number;
  try {
    file = openSync(gatewayLogPath(jobFolder), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES_MAX));
    const read = readSync(file, tail, 0, tail.length, size - tail.length);
    const lines = tail.toString('utf8', 0, read).split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-LINES_MAX);
  } catch {
    return [];
  } finally {
    closeSync(file);
  }
}
