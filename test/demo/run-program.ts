import { spawn } from 'node:child_process';

/** What both forms of the demo are given. */
export type DemoPlace = {
  readonly root: string;
  readonly dutyGate: string;
  /** Where all that is left lies. */
  readonly out: string;
  /** Gone afterwards. */
  readonly scratch: string;
  readonly port: number;
  readonly password: string;
  readonly psql: string;
  readonly say: (text: string) => void;
};

export type DemoDone = {
  readonly ok: boolean;
  readonly bundle: string;
  readonly report: string;
  /** What `verify` is to trust. */
  readonly trust: readonly string[];
};

/** Runs it on this terminal. Answers the exit code. */
export function run(argv: readonly [string, ...string[]], env: NodeJS.ProcessEnv): Promise<number> {
  const [command, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...env, DUTY_GATE_NODE: process.execPath } });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
