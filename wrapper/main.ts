import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { ControlSession } from '#control/client.ts';
import { openSession } from '#control/client.ts';
import type { CloseAnswer, CloseRequest } from '#control/messages.ts';
import { commandEnvironment, splitEnvironment } from './environment.ts';
import { makeEvidenceParent } from './evidence-parent.ts';
import { EXIT_NOT_STARTED, EXIT_SESSION_LOST, exitCodeOf } from './exit-code.ts';
import { startGateway } from './gateway-process.ts';
import { parseRunOptions, RUN_USAGE, type RunOptions } from './options.ts';
import type { TerminalPlan, WrapPlan, WrapResult } from './plan.ts';
import { runWrapped } from './run.ts';
import { makeSessionFolder, type SessionFolder } from './session-folder.ts';
import { TOOL_FOLDERS } from './tools.ts';
import { WrapError } from './wrap-error.ts';

/** Off a terminal: wide enough for tables, and always the same. */
const DEFAULT_SIZE = { columns: 120, rows: 40 } as const;
const GRACE_MS = 10_000;

/**
 * `duty-gate run ARGS…`: an own gateway, one session in it, one command in its cage.
 *
 * @returns the exit code (DESIGN 2). Never throws.
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const parsed = parseRunOptions(args, process.cwd());
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(RUN_USAGE);
      return 0;
    case 'error':
      say(parsed.message);
      return EXIT_NOT_STARTED;
    case 'run':
      return runInFolder(parsed.options);
  }
}

async function runInFolder(options: RunOptions): Promise<number> {
  let folder: SessionFolder | null = null;
  try {
    folder = makeSessionFolder('/tmp', process.getuid?.() ?? 0);
    makeEvidenceParent(options.evidenceFolder);
    return await runWithGateway(options, folder);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return EXIT_NOT_STARTED;
  } finally {
    folder?.remove();
  }
}

async function runWithGateway(options: RunOptions, folder: SessionFolder): Promise<number> {
  const { policyPath, secretsPath, evidenceFolder } = options;
  const gateway = await startGateway({ policyPath, secretsPath, evidenceFolder, socketFolder: folder.path, issuer: 'local' });
  try {
    const session = await openSession({ socketPath: gateway.socketPath, duty: options.duty, argv: options.argv });
    return await runInSession(options, folder, session);
  } finally {
    await gateway.stop();
  }
}

async function runInSession(options: RunOptions, folder: SessionFolder, session: ControlSession): Promise<number> {
  let result: WrapResult;
  try {
    result = await runWrapped(wrapPlan(options, folder, session));
  } catch (error) {
    if (!(error instanceof WrapError)) throw error;
    say(error.message);
    await closeSession(session, { exitCode: EXIT_NOT_STARTED, signal: null });
    return EXIT_NOT_STARTED;
  }
  if (result.kind === 'lost') {
    say(`the session was lost while the command ran: ${result.why}. Evidence so far: ${session.answer.evidence}`);
    return EXIT_SESSION_LOST;
  }
  const closed = await closeSession(session, closeRequest(result));
  if (closed === null) return EXIT_SESSION_LOST;
  say(`${closed.allowed} allowed, ${closed.refused} refused, ${closed.masked} masked. Evidence: ${closed.evidence}`);
  return exitCodeOf(result);
}

/** Null, having said so, when the gateway could not seal the evidence. */
async function closeSession(session: ControlSession, request: CloseRequest): Promise<CloseAnswer | null> {
  try {
    return await session.close(request);
  } catch (error) {
    say(`the evidence was not sealed: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

function closeRequest(result: WrapResult): CloseRequest {
  return result.kind === 'signalled' ? { exitCode: null, signal: result.signal } : { exitCode: exitCodeOf(result), signal: null };
}

function wrapPlan(options: RunOptions, folder: SessionFolder, session: ControlSession): WrapPlan {
  const { answer } = session;
  const terminal = terminalPlan();
  return {
    argv: options.argv,
    cwd: process.cwd(),
    // As the kernel gave it: Node's own view of it has lost what is no UTF-8.
    environment: commandEnvironment(splitEnvironment(readFileSync('/proc/self/environ')), {
      output: isatty(1),
      interactive: terminal.interactive,
    }),
    cage: {
      sessionFolder: folder.path,
      resolvers: answer.resolvers,
      ca: answer.ca,
      hide: [...answer.hide, folder.parent],
      toolFolders: TOOL_FOLDERS,
    },
    hooks: {
      enterCage: (pid, entrance) => session.enterCage({ pid, entrance }),
      record: session.record(),
      gatewayLost: session.lost,
    },
    terminal,
    graceMs: GRACE_MS,
  };
}

function terminalPlan(): TerminalPlan {
  const interactive = isatty(0) && isatty(1);
  const size = isatty(1) ? { columns: process.stdout.columns, rows: process.stdout.rows } : DEFAULT_SIZE;
  const { columns, rows } = size.columns > 0 && size.rows > 0 ? size : DEFAULT_SIZE;
  return { interactive, columns, rows, stdinFd: 0, stdoutFd: 1 };
}

/** Nobody may listen (closed, full, its reader gone): what is said is then lost, and the exit code still tells. */
function say(line: string): void {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
  process.stderr.write(`duty-gate: ${line}\n`);
}
