import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

export type ServerProcess = {
  readonly pid: number;
  /** What the server wrote last, for messages of failing tests. */
  log(): string;
  stop(): Promise<void>;
};

export type ServerStart = {
  readonly argv: readonly [string, ...string[]];
  /** What the server prints, on stdout or stderr, once it answers. */
  readonly ready: RegExp;
  readonly stopSignal: NodeJS.Signals;
  readonly env?: NodeJS.ProcessEnv;
};

const readyWithinMs = 60_000;
const stopWithinMs = 10_000;
const logBytesMax = 64 * 1024;

/**
 * Starts a server that lives no longer than this process: the kernel kills it when we die, however we die.
 * It keeps no event loop alive, so a test that forgets to stop it still ends.
 */
export async function startServer({ argv, ready, stopSignal, env }: ServerStart): Promise<ServerProcess> {
  const [program, ...args] = asOrdinaryUser(['setpriv', '--pdeathsig', 'KILL', '--', ...argv]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: env ?? process.env });
  const end = onceEnded(child);
  const log = await untilReady(child, end, ready, argv[0]);
  child.unref();
  return { pid: child.pid ?? 0, log, stop: () => stop(child, end, stopSignal) };
}

/** Runs one of a server's own tools to its end, as the user that the server runs as. */
export async function runTool(argv: readonly [string, ...string[]]): Promise<string> {
  const [program, ...args] = asOrdinaryUser(argv);
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/**
 * PostgreSQL and pgbouncer refuse to run as uid 0. In a user namespace of its own a process of root's is uid 1000, and
 * still owns root's files. An own IPC namespace, so that shared memory goes with the last process.
 */
function asOrdinaryUser(argv: readonly string[]): [string, ...string[]] {
  const [program = '', ...args] = argv;
  if (process.getuid?.() !== 0) return [program, ...args];
  return ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--ipc', '--', program, ...args];
}

/** A port of loopback that nothing listens on now. Another process may still take it first: callers try again. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('Cannot find a free port: no address, expected one of 127.0.0.1');
  return address.port;
}

function onceEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

async function untilReady(child: ChildProcess, end: Promise<string>, ready: RegExp, name: string): Promise<() => string> {
  let log = '';
  const seen = new Promise<'ready'>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-logBytesMax);
        if (ready.test(log)) resolve('ready');
      });
    }
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`not ready after ${readyWithinMs} ms`), readyWithinMs);
  });
  const what = await Promise.race([seen, end, late]);
  clearTimeout(timer);
  if (what !== 'ready') {
    child.kill('SIGKILL');
    throw new Error(`Cannot start ${name}: ${what}, expected it to print ${ready}; it said:\n${log}`);
  }
  for (const stream of [child.stdout, child.stderr]) if (stream && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
  return () => log;
}

async function stop(child: ChildProcess, end: Promise<string>, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await end;
  clearTimeout(timer);
}
