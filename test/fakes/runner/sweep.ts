import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a killed process may take to go. */
const GONE_MS = 2000;
const LOOK_AGAIN_MS = 5;

export type Process = { readonly pid: number; readonly name: string };

/** What runs now: none of it is the job's. */
export function processesNow(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const name = readProcess(pid, 'comm');
      return name === null ? [] : [{ pid: Number(pid), name: name.trimEnd() }];
    });
}

/** Kills what the job left behind: each process that is new, and has the job's variable in the environment that it was started with. */
export function sweep(trackingId: string, existing: readonly Process[]): readonly Process[] {
  const known = new Set(existing.map(({ pid, name }) => `${pid}_${name}`));
  const left = processesNow().filter(({ pid, name }) => pid !== process.pid && !known.has(`${pid}_${name}`) && isOf(pid, trackingId));
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // gone meanwhile
    }
  }
  return left;
}

/** The runner does not wait; whoever looks next would, for a moment, still see them. */
export async function untilGone(processes: readonly Process[]): Promise<void> {
  const deadline = Date.now() + GONE_MS;
  while (processes.some(({ pid }) => existsSync(`/proc/${pid}/exe`)) && Date.now() < deadline) await delay(LOOK_AGAIN_MS);
}

function isOf(pid: number, trackingId: string): boolean {
  return readProcess(String(pid), 'environ')?.split('\0').includes(`RUNNER_TRACKING_ID=${trackingId}`) === true;
}

/** Null: it is gone, or another user's. */
function readProcess(pid: string, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return null;
  }
}
