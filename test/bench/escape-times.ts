import { spawnSync } from 'node:child_process';
import { cageProgram } from '#wrapper/cage-program.ts';
import { quantile } from './rounds.ts';

const RUNS = 21;

/** Milliseconds for all escape attempts that need no bait, the program's start included, in a network of their own. Takes root. */
export type EscapeTimes = { readonly median: number; readonly worst: number };

export function escapeTimes(): EscapeTimes {
  const times = Array.from({ length: RUNS }, () => {
    const startedAt = performance.now();
    const { stderr } = spawnSync('unshare', ['--net', cageProgram(), 'probe', '0'], { input: 'cookie=x\0', encoding: 'utf8', cwd: '/' });
    if (!stderr.includes('@escape ')) throw new Error(`Cannot measure the escapes: ${stderr.trim()}, expected a report`);
    return performance.now() - startedAt;
  });
  return { median: quantile(times, 0.5), worst: Math.max(...times) };
}
