import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { makePipes, readLines } from './pipes.ts';

/** How long a step has after SIGINT, and after SIGTERM; how long its output may go on without its process. */
const INTERRUPT_MS = 7500;
const TERMINATE_MS = 2500;
const OUTPUT_GRACE_MS = 5000;

export type StepProcess = {
  /** 128 and its number where a signal ended it, as .NET says it. Rejects when there is nothing to start. */
  readonly ended: Promise<number>;
  /** SIGINT, SIGTERM, SIGKILL, to its own process only; until it has ended. */
  cancel(): Promise<void>;
  /** SIGKILL at once. */
  kill(): void;
  /** When the job is over: nobody reads any more what is still written into its outputs. */
  release(): void;
};

export type StepProcessSetup = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeScale: number;
  onLine(stream: 'stdout' | 'stderr', line: string): void;
};

/** A step as the runner starts one: no terminal, an input that is over, two pipes read line by line. */
export function startProcess({ file, args, cwd, env, timeScale, onLine }: StepProcessSetup): StepProcess {
  const pipes = makePipes();
  const child = spawn(file, [...args], { cwd, env, stdio: [...pipes.stdio] });
  pipes.closeTheirs();
  let isOver = false;
  const read = Promise.all(
    (['stdout', 'stderr'] as const).map(async (stream) => {
      // What a process left behind still writes is read, and lost: its pipe stays open as long as the job.
      const lines = readLines((line) => isOver || onLine(stream, line));
      pipes[stream].on('data', (chunk: Buffer) => lines.take(chunk));
      await new Promise<void>((resolve) => pipes[stream].once('close', resolve).on('error', () => undefined));
      lines.end();
    }),
  );
  const ended = exitOf(child, file, cwd).then(
    async (code) => {
      await within(read, OUTPUT_GRACE_MS / timeScale);
      isOver = true;
      return code;
    },
    (error: unknown) => {
      isOver = true;
      throw error;
    },
  );
  return {
    ended,
    cancel: () => cancel(child, ended, timeScale),
    kill: () => void child.kill('SIGKILL'),
    release() {
      for (const stream of [pipes.stdout, pipes.stderr]) stream.destroy();
    },
  };
}

function exitOf(child: ChildProcess, file: string, cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    child.once('error', (error) =>
      reject(new Error(`An error occurred trying to start process '${file}' with working directory '${cwd}'. ${error.message}`)),
    );
  });
}

/** A wait is over when process and outputs are: a child that holds them keeps the runner waiting. */
async function cancel(child: ChildProcess, ended: Promise<unknown>, timeScale: number): Promise<void> {
  const over = ended.then(
    () => undefined,
    () => undefined,
  );
  for (const [signal, ms] of [
    ['SIGINT', INTERRUPT_MS],
    ['SIGTERM', TERMINATE_MS],
  ] as const) {
    if (child.kill(signal) && (await within(over, ms / timeScale))) return;
  }
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

/** Whether it came in time. */
async function within(awaited: Promise<unknown>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  try {
    return await Promise.race([awaited.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
