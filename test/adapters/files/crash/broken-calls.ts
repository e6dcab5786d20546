import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** What changes something on the disk, or waits until it has. */
const CALLS = ['openSync', 'mkdirSync', 'writeSync', 'fsyncSync', 'renameSync'] as const;

export type BrokenCalls = {
  /** How many were asked for. */
  readonly count: number;
  restore(): void;
};

/**
 * Every call of this process that changes files stops working at the one numbered `at`, from 0, for ever: as if the process had been
 * killed there. A write that it hits takes a part of its bytes first, if `part` is above 0. Opening for reading goes on.
 */
export function breakCalls(at: number, part: number): BrokenCalls {
  const originals = { ...fs };
  let count = 0;
  const isOver = (): boolean => count++ >= at;
  for (const name of CALLS) {
    const original = (...given: unknown[]): unknown => Reflect.apply(originals[name], fs, given);
    const broken = (...given: unknown[]): unknown => {
      if (name === 'openSync' && !isCreating(given[1])) return original(...given);
      const isFirst = count === at;
      if (!isOver()) return original(...given);
      if (isFirst && name === 'writeSync' && part > 0) writePart(originals, given, part);
      throw new Error('Cannot change files: the process is gone');
    };
    Reflect.set(fs, name, broken);
  }
  syncBuiltinESMExports();
  return {
    get count() {
      return count;
    },
    restore() {
      for (const name of CALLS) Reflect.set(fs, name, originals[name]);
      syncBuiltinESMExports();
    },
  };
}

function isCreating(flags: unknown): boolean {
  return typeof flags === 'number' && (flags & fs.constants.O_CREAT) !== 0;
}

function writePart(originals: Pick<typeof fs, 'writeSync'>, [fd, bytes, offset, length]: unknown[], part: number): void {
  if (typeof fd === 'number' && Buffer.isBuffer(bytes) && typeof offset === 'number' && typeof length === 'number')
    originals.writeSync(fd, bytes, offset, Math.floor(length * part));
}
