import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a cancelled step has after SIGINT, and after SIGTERM; how long output may go on after its process. */
const INTERRUPT_MS = 7500;
const TERMINATE_MS = 2500;
const OUTPUT_GRACE_MS = 5000;

export type StepProcess = {
  readonly ended: Promise<number | null>;
  /** SIGINT, SIGTERM, SIGKILL, to its own process only. */
  cancel(): Promise<void>;
};

export type StepProcessSetup = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeScale: number;
  onLine(stream: 'stdout' | 'stderr', line: string): void;
};

/** A step as the runner starts one: no terminal, closed standard input, two pipes read line by line. */
export function startProcess({ file, args, cwd, env, timeScale, onLine }: StepProcessSetup): StepProcess {
  const child = spawn(file, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code));
  });
  const read = Promise.all(
    (['stdout', 'stderr'] as const).map(
      (name) =>
        new Promise<void>((resolve) => {
          const lines = createInterface({ input: child[name] });
          lines.on('line', (line) => onLine(name, line));
          lines.once('close', () => resolve());
        }),
    ),
  );
  return {
    ended: exited.then(async (code) => {
      await Promise.race([read, delay(OUTPUT_GRACE_MS / timeScale, undefined, { ref: false })]);
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      return code;
    }),
    cancel: () => cancel(child, exited, timeScale),
  };
}

async function cancel(child: ChildProcess, exited: Promise<number | null>, timeScale: number): Promise<void> {
  for (const [signal, ms] of [
    ['SIGINT', INTERRUPT_MS],
    ['SIGTERM', TERMINATE_MS],
  ] as const) {
    child.kill(signal);
    if ((await Promise.race([exited.then(() => 'gone'), delay(ms / timeScale, undefined, { ref: false })])) === 'gone') return;
  }
  child.kill('SIGKILL');
}

/** Kills what the job left behind, found by the runner's variable in its environment. Answers the pids. */
export function sweep(trackingId: string): number[] {
  const left = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && isOf(name, trackingId));
  for (const pid of left) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // gone meanwhile
    }
  }
  return left.map(Number);
}

function isOf(pid: string, trackingId: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`RUNNER_TRACKING_ID=${trackingId}`);
  } catch {
    return false;
  }
}
