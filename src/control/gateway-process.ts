import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Bootstrap, BootstrapAnswer } from './bootstrap.ts';

const READY_MS_MAX = 30_000;
const STOP_MS_MAX = 10_000;

export type GatewayProcess = {
  readonly socketPath: string;
  readonly pid: number;
  /** Ends it, and waits until it has. */
  stop(): Promise<void>;
  /** Goes on without us (a gateway of issuer `github` only). Nothing of ours is held by it, nothing of it keeps us. */
  release(): void;
};

export type GatewayOptions = {
  /** All of its environment; it reads none of it (R6). */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where what it says on standard error goes; ours, unless given. A gateway that outlives us needs a place of its own. */
  readonly logPath?: string;
};

/** A place in the policy, for annotations. */
export type PolicyPlace = { readonly line: number; readonly column: number; readonly message: string };

/** In the gateway's own words where it has any: then `code` is its code (src/gateway/gateway-error.ts), else `gateway`. */
export class GatewayStartError extends Error {
  readonly code: string;
  readonly problems: readonly PolicyPlace[];

  constructor(code: string, message: string, problems: readonly PolicyPlace[] = []) {
    super(message);
    this.name = 'GatewayStartError';
    this.code = code;
    this.problems = problems;
  }
}

/**
 * Starts the gateway as a process of its own, out of reach of the terminal's signals. What it needs, secrets included,
 * travels on its standard input. With issuer `local` that stays open: when we are gone, however that came, it ends too.
 *
 * @throws GatewayStartError
 */
export async function startGateway(bootstrap: Bootstrap, { environment = {}, logPath }: GatewayOptions = {}): Promise<GatewayProcess> {
  const log = logPath === undefined ? 'inherit' : openSync(logPath, 'a', 0o600);
  const stdio: StdioOptions = ['pipe', 'pipe', log];
  const args = ['--disable-sigusr1', gatewayPath(import.meta.url)];
  const child = spawn(process.execPath, args, { cwd: '/', env: { ...environment }, detached: true, stdio });
  if (log !== 'inherit') closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin?.on('error', () => undefined);
  child.stdin?.write(`${JSON.stringify(bootstrap)}\n`);
  const stop = (): Promise<void> => stopGateway(child, ended);
  try {
    const socketPath = await readySocket(child);
    return { socketPath, pid: child.pid ?? 0, stop, release: () => release(child) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where the gateway's program is: a source file beside ours, or a bundle in the same folder. */
export function gatewayPath(here: string): string {
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../gateway/main.ts' : './gateway.js', here));
}

function readySocket(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new GatewayStartError('gateway', why));
    const timer = setTimeout(() => fail(`Cannot start the gateway: no answer in ${READY_MS_MAX} ms, expected one`), READY_MS_MAX);
    child.once('error', (error) => fail(`Cannot start the gateway: ${error.message}, expected a process`));
    child.once('close', (code) => fail(`Cannot start the gateway: it ended (exit code ${code ?? 'none'}), expected its answer`));
    if (child.stdout === null) return fail('Cannot start the gateway: it has no output, expected a pipe');
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      const answer = parseAnswer(line);
      if (answer === null) fail('Cannot start the gateway: its answer is not understood, expected one line of JSON');
      else if ('error' in answer) reject(new GatewayStartError(answer.error.code, answer.error.message, answer.error.problems));
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
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(timer);
}

function release(child: ChildProcess): void {
  child.stdin?.destroy();
  child.stdout?.destroy();
  child.unref();
}
