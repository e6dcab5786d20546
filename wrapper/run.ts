import { readFileSync } from 'node:fs';
import type { CageExit } from './cage.ts';
import { Cage } from './cage.ts';
import type { CageSettings } from './cage-files.ts';
import { writeCageFiles } from './cage-files.ts';
import { DescriptorWriter } from './descriptor-writer.ts';
import { chooseEntrance } from './entrance.ts';
import { limitOptions } from './limits.ts';
import { cageCommand } from './namespace.ts';
import type { Entrance, WrapPlan, WrapResult } from './plan.ts';
import type { Terminal } from './pty.ts';
import { openTerminal } from './pty.ts';
import { Recorder } from './record.ts';
import { relayKeyboard, relayOutput } from './relay.ts';
import { createTerminator, onSignals } from './terminate.ts';
import type { Tools } from './tools.ts';
import { findTools } from './tools.ts';
import { WrapError } from './wrap-error.ts';

/** How long, after the command's end, a child that still holds its terminal (tee, gzip) may finish what it prints. */
const LINGER_MS_MAX = 1000;

/**
 * Runs one command in a cage of its own: private namespaces, a terminal that is recorded, and the gateway's listeners
 * as the only way out.
 *
 * INVARIANT (P2, P8): the command starts only after every step of the set-up has succeeded and the listeners are up.
 *
 * @returns how it ended; everything inside is dead by then.
 * @throws WrapError when it could not be started safely; nothing ran.
 */
export async function runWrapped(plan: WrapPlan): Promise<WrapResult> {
  const lost = whenLost(plan);
  const interrupted = Promise.withResolvers<NodeJS.Signals>();
  const signals: SignalHandler = { handle: interrupted.resolve };
  const stopSignals = onSignals((signal) => signals.handle(signal));
  try {
    const tools = findTools(plan.cage.toolFolders);
    const entrance = await chooseEntrance(tools, ownId(process.getuid));
    const terminal = openTerminal(plan.terminal.columns, plan.terminal.rows);
    return await runOn(terminal, plan, { tools, entrance, lost, signals, interrupted: interrupted.promise }).finally(terminal.close);
  } finally {
    stopSignals();
  }
}

type Surroundings = {
  readonly tools: Tools;
  readonly entrance: Entrance;
  readonly lost: Promise<string>;
  readonly signals: SignalHandler;
  readonly interrupted: Promise<NodeJS.Signals>;
};

async function runOn(
  terminal: Terminal,
  plan: WrapPlan,
  { tools, entrance, lost, signals, interrupted }: Surroundings,
): Promise<WrapResult> {
  const files = writeCageFiles(plan, cageSettings(entrance, tools, terminal));
  const command = cageCommand(entrance, tools, files.script, plan.cage.sessionFolder);
  const cage = new Cage(command, plan.terminal.interactive ? 'ignore' : plan.terminal.stdinFd, terminal.masterFd);
  const takenOver = (): void => {
    files.unlink();
    terminal.closeSlave();
  };
  const made = setUp(cage, plan, entrance, lost, takenOver).finally(takenOver);
  const signal = await Promise.race([made, interrupted]);
  if (signal !== undefined) return endInterrupted(cage, made, signal);
  return supervise(cage, terminal, plan, lost, signals);
}

/** Who gets the signals that ask for an end: the set-up first, then the command. */
type SignalHandler = { handle: (signal: NodeJS.Signals) => void };

function cageSettings(entrance: Entrance, tools: Tools, terminal: Terminal): CageSettings {
  const [uid, gid] = [ownId(process.getuid), ownId(process.getgid)];
  return { entrance, tools, uid, gid, umask: process.umask(), limits: callerLimits(), console: terminal.path };
}

/** Makes the cage ready to go, the gateway's listeners while the mounts are made. Ends it when anything fails. */
async function setUp(cage: Cage, plan: WrapPlan, entrance: Entrance, lost: Promise<string>, takenOver: () => void): Promise<void> {
  try {
    const initPid = await cage.networkUp;
    takenOver();
    const entered = plan.hooks.enterCage(entrance === 'sudo' ? initPid : cage.pid, entrance);
    await Promise.all([cage.ready, Promise.race([entered, lost.then(failLost)])]);
  } catch (error) {
    cage.kill();
    await cage.ended;
    if (error instanceof WrapError) throw error;
    throw new WrapError('gateway', `Cannot open the way out of the cage: ${messageOf(error)}, expected listeners inside`, { cause: error });
  }
}

async function endInterrupted(cage: Cage, made: Promise<void>, signal: NodeJS.Signals): Promise<WrapResult> {
  cage.kill();
  await Promise.allSettled([made, cage.ended]);
  return { kind: 'signalled', signal };
}

/** From `go` to the end of everything inside. */
async function supervise(
  cage: Cage,
  terminal: Terminal,
  plan: WrapPlan,
  lost: Promise<string>,
  signals: SignalHandler,
): Promise<WrapResult> {
  const forced = Promise.withResolvers<CageExit>();
  const end = (): void => {
    cage.kill();
    forced.resolve({ kind: 'killed' });
  };
  const terminator = createTerminator({ signal: (name) => cage.signal(name), kill: end }, plan.graceMs);
  signals.handle = terminator.request;
  const flow = record(cage, terminal, plan);
  const stopKeyboard = plan.terminal.interactive ? joinKeyboard(terminal, flow.recorder) : () => undefined;
  try {
    cage.go();
    const ended = await Promise.race([cage.commandEnded, lost]);
    if (typeof ended === 'string') return await endLost(cage, ended);
    await Promise.race([flow.printed, delay(LINGER_MS_MAX), lost]);
    await endCage(cage);
    const last = await Promise.race([flow.all().then(() => ended, messageOf), forced.promise, lost]);
    return typeof last === 'string' ? { kind: 'lost', why: last } : resultOf(last);
  } finally {
    terminator.stop();
    stopKeyboard();
  }
}

type Flow = { readonly recorder: Recorder; readonly printed: Promise<void>; all(): Promise<void> };

/** Everything printed goes to our output and into the recording. */
function record(cage: Cage, terminal: Terminal, plan: WrapPlan): Flow {
  const recorder = new Recorder(plan.hooks.record, () => Number(process.hrtime.bigint() / 1000n));
  const output = new DescriptorWriter(plan.terminal.stdoutFd, () => {
    // Nobody reads: the command learns it as it would from a pipe, and a little later by EIO if it does not listen.
    cage.signal('SIGPIPE');
    setTimeout(terminal.close, LINGER_MS_MAX).unref();
  });
  recorder.resize(plan.terminal.columns, plan.terminal.rows);
  const printed = relayOutput(terminal, output, recorder);
  return {
    recorder,
    printed,
    async all() {
      await printed;
      await output.drained();
      await recorder.end();
    },
  };
}

function resultOf(ended: CageExit): WrapResult {
  switch (ended.kind) {
    case 'exited':
      return ended;
    case 'killed':
      return { kind: 'signalled', signal: 'SIGKILL' };
    case 'failed':
      throw ended.error;
  }
}

/** Lets init end by itself, so that sudo and unshare leave in good order, and does not insist on that. */
async function endCage(cage: Cage): Promise<void> {
  cage.release();
  await Promise.race([cage.ended, delay(LINGER_MS_MAX)]);
  cage.kill();
  await cage.ended;
}

/** INVARIANT (P2): without its session nothing inside lives on. */
async function endLost(cage: Cage, why: string): Promise<WrapResult> {
  cage.kill();
  await cage.ended;
  return { kind: 'lost', why };
}

/** Resolves with the reason when the gateway is gone or the recording cannot go on; never rejects. */
function whenLost(plan: WrapPlan): Promise<string> {
  const { gatewayLost, record } = plan.hooks;
  return new Promise((resolve) => {
    gatewayLost.then(
      () => resolve('the session ended'),
      (error: unknown) => resolve(messageOf(error)),
    );
    record.once('error', (error) => resolve(`the recording stopped: ${error.message}`));
  });
}

function failLost(why: string): never {
  throw new Error(why);
}

function joinKeyboard(terminal: Terminal, recorder: Recorder): () => void {
  const keys = new DescriptorWriter(terminal.masterFd, () => undefined);
  const onResize = (columns: number, rows: number): void => {
    terminal.resize(columns, rows);
    recorder.resize(columns, rows);
  };
  return relayKeyboard(process.stdin, process.stdout, keys, onResize);
}

function callerLimits(): readonly string[] {
  const read = (pid: string): string | null => {
    try {
      return readFileSync(`/proc/${pid}/limits`, 'utf8');
    } catch {
      return null;
    }
  };
  return limitOptions(read('self') ?? '', read(String(process.ppid)));
}

function ownId(get: (() => number) | undefined): number {
  if (get === undefined) throw new WrapError('set-up', 'Cannot make a cage: this system has no user ids, expected Linux');
  return get();
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
