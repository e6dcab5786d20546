import { url as inspectorUrl } from 'node:inspector';
import { BOOTSTRAP_BYTES_MAX, Bootstrap, type BootstrapAnswer } from '#control/bootstrap.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { GatewayError } from './gateway-error.ts';

const FATAL_EXIT_CODE = 70;
/** From the end of standard input to the end of the process: time for a seal that is under way, and no more. */
const STOP_MS_MAX = 5000;

/**
 * The gateway as a process of its own: bootstrap on the first line of standard input, one line of answer on standard output.
 * For one command it ends when standard input does, which is when whoever started it is gone; for a job, with its session.
 */
function startGatewayProcess(): void {
  process.on('uncaughtException', dieOf);
  process.on('unhandledRejection', dieOf);
  process.umask(0o077);
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined); // the terminal's, meant for the command
  let daemon: Promise<Daemon> | null = null;
  let outlives = false;
  readLines({
    onLine(line) {
      daemon = start(line);
      daemon.then((started) => {
        outlives = started.outlivesItsStarter;
        answer({ ready: true, socket: started.socketPath });
        void started.over.then((why) => stop(daemon, why));
      }, refuse);
    },
    onEnd: () => {
      // Before it has started, whoever wanted it is gone: nobody would know of it.
      if (!outlives) void stop(daemon, 'whoever started the gateway is gone');
    },
  });
  process.once('SIGTERM', () => void stop(daemon, 'the gateway was told to end'));
}

async function start(line: string): Promise<Daemon> {
  requireHardened();
  return startDaemon(parseBootstrap(line));
}

/** INVARIANT (P5, R6): nobody opens an inspector in the process that holds the secrets, and no environment steers or feeds it. */
function requireHardened(): void {
  if (!process.execArgv.includes('--disable-sigusr1')) {
    throw new GatewayError('unhardened', 'Cannot start the gateway: a signal would open its inspector, expected node --disable-sigusr1');
  }
  if (inspectorUrl() !== undefined) throw new GatewayError('unhardened', 'Cannot start the gateway: its inspector is open, expected none');
  for (const name of Object.keys(process.env)) delete process.env[name];
}

function parseBootstrap(line: string): Bootstrap {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new GatewayError('bootstrap', 'Cannot start the gateway: its first line of input is no JSON, expected a bootstrap');
  }
  const parsed = Bootstrap.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole').join(', ');
  throw new GatewayError('bootstrap', `Cannot start the gateway: its bootstrap is wrong at ${where}, expected the documented shape`);
}

/** The first line counts; what follows it is not read into anything. */
function readLines({ onLine, onEnd }: { onLine(line: string): void; onEnd(): void }): void {
  let text: Buffer | null = Buffer.alloc(0);
  process.stdin.on('data', (chunk: Buffer) => {
    if (text === null) return;
    text = Buffer.concat([text, chunk]);
    const end = text.indexOf('\n');
    if (end === -1 && text.length <= BOOTSTRAP_BYTES_MAX) return;
    const line = end === -1 || end > BOOTSTRAP_BYTES_MAX ? '' : text.toString('utf8', 0, end);
    text = null;
    onLine(line);
  });
  process.stdin.on('end', onEnd).on('error', onEnd);
  // The one answer is all that is ever said on standard output.
  process.stdout.on('error', () => undefined);
}

function answer(what: BootstrapAnswer, then = () => {}): void {
  process.stdout.write(`${JSON.stringify(what)}\n`, then);
}

function refuse(error: unknown): void {
  const known =
    error instanceof GatewayError
      ? error
      : new GatewayError('internal', `Cannot start the gateway: ${nameOf(error)}, expected no fault of its own`);
  const { code, message, problems } = known;
  answer({ error: { code, message, ...(problems.length > 0 ? { problems: [...problems] } : {}) } }, () => process.exit(1));
}

async function stop(daemon: Promise<Daemon> | null, why: string): Promise<void> {
  setTimeout(() => process.exit(0), STOP_MS_MAX);
  try {
    await (await daemon?.catch(() => null))?.stop(why);
  } finally {
    process.exit(0);
  }
}

/** P2: a gateway that met a fault of its own serves nobody. Its message may hold anything, so only name and place are told. */
function dieOf(error: unknown): void {
  const places = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line)) : [];
  process.stderr.write(`duty-gate gateway: ${nameOf(error)}\n${places.join('\n')}\n`);
  process.exit(FATAL_EXIT_CODE);
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown fault';
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
}

startGatewayProcess();
