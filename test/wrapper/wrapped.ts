import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { asUser, type TestUser } from './users.ts';
import type { WrappedReport, WrappedSpec } from './wrapped-program.ts';

export type Wrapped = {
  readonly report: WrappedReport | null;
  readonly output: string;
  readonly errors: string;
  readonly signal: NodeJS.Signals | null;
};

export type WrappedInput = {
  /** `open`: a pipe that the test ends. */
  readonly stdin?: Buffer | 'closed' | 'nothing' | 'open';
  /** `NAME=value`; PATH is given. */
  readonly env?: readonly string[];
  /** Shell text that the superuser runs before, in a mount namespace that the wrapper is started in. */
  readonly mounts?: string;
  /** A command that runs the wrapper's, as the superuser. */
  readonly under?: readonly string[];
  /** Called once it runs. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Called with all output so far, at each piece of it. */
  readonly onOutput?: (output: string, child: ChildProcess) => void;
};

const PROGRAM = join(import.meta.dirname, 'wrapped-program.ts');
const PATH = 'PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

/** Runs wrapped-program.ts as that user and waits for its end. */
export function runWrappedAs(user: TestUser, spec: WrappedSpec, input: WrappedInput = {}): Promise<Wrapped> {
  const command = [process.execPath, PROGRAM, JSON.stringify({ cwd: '/', ...spec })];
  const inner = input.stdin === 'closed' ? ['bash', '-c', 'exec "$@" <&-', 'bash', ...command] : command;
  const outer = [...(input.under ?? []), ...asUser(user, [PATH, ...(input.env ?? [])], inner)];
  const [file = '', ...args] = inMountNamespace(input.mounts, outer);
  const child = spawn(file, args, {
    cwd: '/',
    stdio: [input.stdin instanceof Buffer || input.stdin === 'open' ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => undefined);
  if (input.stdin instanceof Buffer) child.stdin?.end(input.stdin);
  input.onStart?.(child);
  let output = '';
  let errors = '';
  child.stdout?.setEncoding('latin1').on('data', (chunk: string) => {
    output += chunk;
    input.onOutput?.(output, child);
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  return new Promise((resolve) => {
    child.once('close', (_code, signal) => resolve({ report: reportIn(errors), output, errors, signal }));
  });
}

function inMountNamespace(mounts: string | undefined, command: readonly string[]): readonly string[] {
  return mounts === undefined
    ? command
    : ['unshare', '--mount', '--propagation', 'private', 'bash', '-ec', `${mounts}\nexec "$@"`, 'bash', ...command];
}

/** `bash -c script`, as the command. */
export function script(text: string): readonly string[] {
  return ['bash', '-c', text];
}

function reportIn(errors: string): WrappedReport | null {
  const line = errors.split('\n').find((each) => each.startsWith('RESULT '));
  return line === undefined ? null : JSON.parse(line.slice('RESULT '.length));
}
