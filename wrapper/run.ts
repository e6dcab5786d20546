import { cageProgram } from './cage-program.ts';
import { CagedCommand, type CommandExit } from './caged-command.ts';
import { ownId } from './caller-settings.ts';
import { claimCage, writeStartFile } from './claim-cage.ts';
import { DescriptorWriter } from './descriptor-writer.ts';
import { chooseEntrance } from './entrance.ts';
import { enterCommand } from './namespace.ts';
import { nestCage } from './nest-cage.ts';
import type { OuterCage, SharedCage, WrapPlan, WrapResult } from './plan.ts';
import type { Terminal } from './pty.ts';
import { openTerminal } from './pty.ts';
import { Recorder } from './record.ts';
import { relayKeyboard, relayOutput } from './relay.ts';
import { LINGER_MS_MAX, ownShelter, type Shelter, sharedShelter } from './shelter.ts';
import { standCage } from './stand-cage.ts';
import { createTerminator, onSignals } from './terminate.ts';
import type { Tools } from './tools.ts';
import { findTools } from './tools.ts';
import { messageOf } from './wrap-error.ts';

/**
 * Runs one command in a cage, its own or the job's: private namespaces, a terminal that is recorded, and the gateway's listeners
 * as the only way out.
 *
 * INVARIANT (P2, P8): the command starts only after every step of the set-up has succeeded and the listeners are up.
 *
 * @returns how it ended; everything that it had for itself is dead by then.
 * @throws WrapError when it could not be started safely; nothing ran.
 */
export async function runWrapped(plan: WrapPlan): Promise<WrapResult> {
  const lost = whenLost(plan);
  const interrupted = Promise.withResolvers<NodeJS.Signals>();
  const signals: SignalHandler = { handle: interrupted.resolve };
  const stopSignals = onSignals((signal) => signals.handle(signal));
  try {
    const tools = findTools(plan.cage.toolFolders);
    const terminal = openTerminal(plan.terminal.columns, plan.terminal.rows);
    const around = { tools, lost, signals, interrupted: interrupted.promise };
    return await runOn(terminal, plan, around).finally(terminal.close);
  } finally {
    stopSignals();
  }
}

/** Who gets the signals that ask for an end: the set-up first, then the command. */
type SignalHandler = { handle: (signal: NodeJS.Signals) => void };

type Surroundings = {
  readonly tools: Tools;
  readonly lost: Promise<string>;
  readonly signals: SignalHandler;
  readonly interrupted: Promise<NodeJS.Signals>;
};

async function runOn(terminal: Terminal, plan: WrapPlan, around: Surroundings): Promise<WrapResult> {
  const { shared, within } = plan;
  const shelter = await (within !== null
    ? makeNested(terminal, plan, around, within)
    : shared !== null
      ? findCage(terminal, plan, around, shared)
      : makeCage(terminal, plan, around, null));
  return typeof shelter === 'string' ? { kind: 'signalled', signal: shelter } : supervise(shelter, terminal, plan, around);
}

/** The job's cage: made, if there is none yet. */
async function findCage(terminal: Terminal, plan: WrapPlan, around: Surroundings, shared: SharedCage): Promise<Shelter | NodeJS.Signals> {
  const place = await Promise.race([claimCage(shared, plan), around.interrupted]);
  if (place === null) return makeCage(terminal, plan, around, shared);
  return typeof place === 'string' ? place : sharedShelter(place, writeStartFile(plan, place));
}

async function makeNested(terminal: Terminal, plan: WrapPlan, around: Surroundings, outer: OuterCage): Promise<Shelter | NodeJS.Signals> {
  const stood = await nestCage(plan, terminal, around, outer);
  if (typeof stood === 'string') return stood;
  stood.cage.hold();
  return ownShelter(stood);
}

/** @param shared what it is to live by; null: us, and it ends with the command. */
async function makeCage(
  terminal: Terminal,
  plan: WrapPlan,
  around: Surroundings,
  shared: SharedCage | null,
): Promise<Shelter | NodeJS.Signals> {
  const entrance = await chooseEntrance(around.tools, ownId(process.getuid));
  const lifeline = (await shared?.hold()) ?? null;
  try {
    const stood = await standCage(plan, terminal, { ...around, entrance, lifeline });
    if (typeof stood === 'string') return stood;
    stood.cage.hold();
    return shared === null ? ownShelter(stood) : sharedShelter(stood.place, stood.start);
  } finally {
    lifeline?.destroy();
  }
}

/** From the command's start to the end of everything that is its own. */
async function supervise(
  shelter: Shelter,
  terminal: Terminal,
  plan: WrapPlan,
  { tools, lost, signals }: Surroundings,
): Promise<WrapResult> {
  const forced = Promise.withResolvers<CommandExit>();
  const command = startCommand(terminal, plan, shelter, tools);
  const end = (): void => {
    shelter.kill(command);
    forced.resolve({ kind: 'killed' });
  };
  void command.settled.then(terminal.closeSlave);
  const terminator = createTerminator({ signal: (name) => command.signal(name), kill: end }, plan.graceMs);
  signals.handle = terminator.request;
  const flow = record(command, terminal, plan);
  const stopKeyboard = plan.terminal.interactive ? joinKeyboard(terminal, plan, flow.recorder) : () => undefined;
  try {
    const ended = await Promise.race([command.ended, lost]);
    if (typeof ended === 'string') return await endLost(shelter, command, ended);
    const isSilent = await Promise.race([flow.printed.then(() => true), delay(LINGER_MS_MAX), lost.then(() => false)]);
    await shelter.leave(terminal, isSilent);
    const last = await Promise.race([flow.all().then(() => ended, messageOf), forced.promise, lost]);
    return typeof last === 'string' ? { kind: 'lost', why: last } : resultOf(last);
  } finally {
    terminator.stop();
    stopKeyboard();
  }
}

function startCommand(
  terminal: Terminal,
  { terminal: { interactive, stdinFd } }: WrapPlan,
  { place, start }: Shelter,
  tools: Tools,
): CagedCommand {
  const words = enterCommand(place.entrance, tools, cageProgram(), { cage: place, start, console: terminal.path, interactive });
  return new CagedCommand(words, interactive ? 'ignore' : stdinFd, terminal.masterFd);
}

type Flow = { readonly recorder: Recorder; readonly printed: Promise<void>; all(): Promise<void> };

/** Everything printed goes to our output and into the recording. */
function record(command: CagedCommand, terminal: Terminal, plan: WrapPlan): Flow {
  const recorder = new Recorder(plan.hooks.record, () => Number(process.hrtime.bigint() / 1000n));
  const onGone = (): void => {
    // Nobody reads: the command learns it as it would from a pipe, and a little later by EIO if it does not listen.
    command.signal('SIGPIPE');
    setTimeout(terminal.close, LINGER_MS_MAX).unref();
  };
  const output = plan.terminal.remote?.output(onGone) ?? new DescriptorWriter(plan.terminal.stdoutFd, onGone);
  recorder.resize(plan.terminal.columns, plan.terminal.rows);
  const printed = relayOutput(terminal, output, recorder, plan.terminal.filter);
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

function resultOf(ended: CommandExit): WrapResult {
  switch (ended.kind) {
    case 'exited':
      return ended;
    case 'killed':
      return { kind: 'signalled', signal: 'SIGKILL' };
    case 'failed':
      throw ended.error;
  }
}

/** INVARIANT (P2): without its session nothing of the command lives on. */
async function endLost(shelter: Shelter, command: CagedCommand, why: string): Promise<WrapResult> {
  await shelter.lose(command);
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

function joinKeyboard(terminal: Terminal, { terminal: { remote } }: WrapPlan, recorder: Recorder): () => void {
  const keys = new DescriptorWriter(terminal.masterFd, () => undefined);
  const onResize = (columns: number, rows: number): void => {
    terminal.resize(columns, rows);
    recorder.resize(columns, rows);
  };
  return relayKeyboard(remote?.keyboard ?? process.stdin, remote?.screen ?? process.stdout, keys, onResize);
}

function delay(ms: number): Promise<false> {
  return new Promise((resolve) => void setTimeout(() => resolve(false), ms).unref());
}
