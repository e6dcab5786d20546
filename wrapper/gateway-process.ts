import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Bootstrap, BootstrapAnswer } from '#control/bootstrap.ts';
import { WrapError } from './wrap-error.ts';

const READY_MS_MAX = 30_000;
const STOP_MS_MAX = 10_000;

export type GatewayProcess = {
  readonly socketPath: string;
  /** Ends it, and waits until it has. */
  stop(): Promise<void>;
};

/**
 * Starts the gateway as a process of its own, with an empty environment (R6) and out of reach of the terminal's signals.
 * Its standard input stays open: when we are gone, however that came, it ends too.
 *
 * @throws WrapError `gateway`, in the gateway's own words where it has any.
 */
export async function startGateway(bootstrap: Bootstrap): Promise<GatewayProcess> {
  const stdio: ['pipe', 'pipe', 'inherit'] = ['pipe', 'pipe', 'inherit'];
  const child = spawn(process.execPath, ['--disable-sigusr1', gatewayPath(import.meta.url)], { cwd: '/', env: {}, detached: true, stdio });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin?.on('error', () => undefined);
  child.stdin?.write(`${JSON.stringify(bootstrap)}\n`);
  const stop = (): Promise<void> => stopGateway(child, ended);
  try {
    return { socketPath: await readySocket(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the gateway's program is: a source file beside ours, or a bundle in the same folder. */
export function gatewayPath(here: string): string {
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../src/gateway/main.ts' : './gateway.js', here));
}

function readySocket(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new WrapError('gateway', why));
    const timer = setTimeout(() => fail(`Cannot start the gateway: no answer in ${READY_MS_MAX} ms, expected one`), READY_MS_MAX);
    child.once('error', (error) => fail(`Cannot start the gateway: ${error.message}, expected a process`));
    child.once('close', (code) => fail(`Cannot start the gateway: it ended (exit code ${code ?? 'none'}), expected its answer`));
    if (child.stdout === null) return fail('Cannot start the gateway: it has no output, expected a pipe');
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      const answer = parseAnswer(line);
      if (answer === null) fail('Cannot start the gateway: its answer is not understood, expected one line of JSON');
      else if ('error' in answer) fail(answer.error.message);
      else resolve(answer.socket);
    });
    child.once('close', () => clearTimeout(timer));
  });
}

function parseAnswer(line: string): BootstrapAnswer | null {
  try {
    return BootstrapAnswer.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

async function stopGateway(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.stdin?.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(timer);
}
