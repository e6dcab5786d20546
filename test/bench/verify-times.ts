import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const Measured = z.object({ verdict: z.literal('sealed'), entries: z.int(), bytes: z.int(), seconds: z.number(), rssKib: z.int() });
export type VerifyTimes = z.infer<typeof Measured>;

const MIB = [64, 1024] as const;

/** What `verify` takes of a small and of a large bundle, each in a process of its own: time, and memory at its peak. */
export async function verifyTimes(): Promise<readonly VerifyTimes[]> {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-bench-'));
  const run = (script: string, ...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, script), ...args]);
  try {
    const times: VerifyTimes[] = [];
    for (const mib of MIB) {
      const parent = join(folder, String(mib));
      await run('write-evidence.ts', parent, String(mib));
      times.push(Measured.parse(JSON.parse((await run('verify-evidence.ts', join(parent, 'large'))).stdout)));
      rmSync(parent, { recursive: true });
    }
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
