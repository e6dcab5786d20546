import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Cage, type CagePlace } from './cage.ts';
import type { CageFiles, CageSettings } from './cage-files.ts';
import { writeCageFiles } from './cage-files.ts';
import { cageProgram } from './cage-program.ts';
import { CagedCommand, type CommandExit } from './caged-command.ts';
import { DescriptorWriter } from './descriptor-writer.ts';
import { chooseEntrance } from './entrance.ts';
import type { EscapeBaits } from './escape-baits.ts';
import { layBaits, surveyForRun, tryEscapes } from './escape-check.ts';
import { type EscapeReport, requireNoWayOut } from './escape-report.ts';
import { filesNotes } from './files-notes.ts';
import { sweepWorkFolders } from './layers.ts';
import { lockLayers } from './layers-lock.ts';
import { limitWords } from './limits.ts';
import { mountFaults } from './mount-check.ts';
import { cageCommand, enterCommand } from './namespace.ts';
import type { Entrance, WrapPlan, WrapResult } from './plan.ts';
import type { Terminal } from './pty.ts';
import { openTerminal } from './pty.ts';
import { Recorder } from './record.ts';
import { relayKeyboard, relayOutput } from './relay.ts';
import { say } from './say.ts';
import { createTerminator, onSignals } from './terminate.ts';
import type { Tools } from './tools.ts';
import { findTools } from './tools.ts';
import { WrapError } from './wrap-error.ts';

/** How long, after the command's end, a child that still holds its terminal (tee, gzip) may finish what it prints. */
const LINGER_MS_MAX = 1000;
const FAULTS_TOLD_MAX = 5;
const SWEEP_MS_MAX = 5000;

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

async function runOn(terminal: Terminal, plan: WrapPlan, around: Surroundings): Promise<WrapResult> {
  const { layered, layersFolder } = plan.cage.files;
  const giveBack = layersFolder === null || layered.length === 0 ? null : await lockLayers(layersFolder);
  // Before the mounts are planned: what listens then is hidden then (R19).
  const baits = await layBaits(plan.cage.sessionFolder, ownId(process.getuid));
  const files = bait(baits, () => writeCageFiles(plan, cageSettings(around, terminal, giveBack !== null), baits.records));
  try {
    return await runLocked(terminal, plan, around, files);
  } finally {
    baits.close();
    if (files.keptIn !== null) sweepWorkFolders(files.keptIn, files.layers, (paths) => removeAsRoot(around, paths));
    giveBack?.();
  }
}

/** Best effort: what stays is in a folder of ours, and says nothing. */
function removeAsRoot({ tools, entrance }: Surroundings, paths: readonly string[]): void {
  if (entrance !== 'sudo' || tools.sudo === null) return;
  spawnSync(tools.sudo, ['-n', '--', tools.rm, '-rf', '--', ...paths], { cwd: '/', env: {}, stdio: 'ignore', timeout: SWEEP_MS_MAX });
}

type BaitedFiles = CageFiles & { readonly baits: EscapeBaits };

function bait(baits: EscapeBaits, write: () => CageFiles): BaitedFiles {
  try {
    return { ...write(), baits };
  } catch (error) {
    baits.close();
    throw error;
  }
}

async function runLocked(terminal: Terminal, plan: WrapPlan, around: Surroundings, files: BaitedFiles): Promise<WrapResult> {
  const { tools, entrance, lost, interrupted } = around;
  const cage = new Cage(cageCommand(entrance, tools, files.script, plan.cage.sessionFolder), terminal.masterFd);
  const made = setUp(cage, plan, { entrance, files, lost }).finally(files.unlink);
  const place = await Promise.race([made, interrupted]);
  if (typeof place === 'string') return endInterrupted(cage, made, place);
  const isKept = files.keptIn !== null && cage.hasKeptLayers;
  const layered = files.layers.map(({ path }) => path);
  for (const note of filesNotes({ ...files, layered, layersFolder: plan.cage.files.layersFolder, isKept })) say(note);
  return supervise(cage, terminal, plan, { ...around, place, start: files.start });
}

/** Who gets the signals that ask for an end: the set-up first, then the command. */
type SignalHandler = { handle: (signal: NodeJS.Signals) => void };

function cageSettings({ entrance, tools }: Surroundings, terminal: Terminal, hasLayersLock: boolean): CageSettings {
  const [uid, gid] = [ownId(process.getuid), ownId(process.getgid)];
  return { entrance, tools, uid, gid, umask: process.umask(), limits: callerLimits(), console: terminal.path, hasLayersLock };
}

type SetUp = { readonly entrance: Entrance; readonly files: BaitedFiles; readonly lost: Promise<string> };

/** Makes the cage stand, the gateway's listeners while the mounts are made. Ends it when anything fails. */
async function setUp(cage: Cage, plan: WrapPlan, { entrance, files, lost }: SetUp): Promise<CagePlace> {
  try {
    const place = await cage.networkUp;
    const entered = plan.hooks.enterCage(entrance === 'sudo' ? place.pid : cage.pid, entrance, place.inode);
    const [report] = await Promise.all([prove(cage, files), Promise.race([entered, lost.then(failLost)])]);
    say(report.summary);
    await plan.hooks.escapesTried(report.results);
    requireNoWayOut(report);
    return place;
  } catch (error) {
    cage.kill();
    await cage.ended;
    if (error instanceof WrapError) throw error;
    throw new WrapError('gateway', `Cannot open the way out of the cage: ${messageOf(error)}, expected listeners inside`, { cause: error });
  }
}

/** While the listeners are made: what the cage is, and that there is no way out of it. */
async function prove(cage: Cage, files: BaitedFiles): Promise<EscapeReport> {
  const outside = surveyForRun(files.baits);
  await cage.ready;
  proveMounts(cage, files);
  // Taken away as soon as they have served: a wrapper that is killed later leaves none behind.
  return tryEscapes(cage, outside).finally(files.baits.close);
}

/** INVARIANT (P8): what the cage may write is what the plan says, as its own mount table has it. */
function proveMounts(cage: Cage, { expectation }: CageFiles): void {
  const faults = mountFaults(cage.mounts, expectation);
  if (faults.length === 0) return;
  const some = faults.slice(0, FAULTS_TOLD_MAX).join('; ');
  throw new WrapError('set-up', `Cannot close the cage: ${some}${cage.complaints}, expected every mount as planned`);
}

async function endInterrupted(cage: Cage, made: Promise<CagePlace>, signal: NodeJS.Signals): Promise<WrapResult> {
  cage.kill();
  await Promise.allSettled([made, cage.ended]);
  return { kind: 'signalled', signal };
}

type Standing = Surroundings & { readonly place: CagePlace; readonly start: string };

/** From the command's start to the end of everything inside. */
async function supervise(cage: Cage, terminal: Terminal, plan: WrapPlan, around: Standing): Promise<WrapResult> {
  const { lost, signals } = around;
  const forced = Promise.withResolvers<CommandExit>();
  const end = (): void => {
    cage.kill();
    forced.resolve({ kind: 'killed' });
  };
  cage.hold();
  const command = startCommand(terminal, plan, around);
  void command.settled.then(terminal.closeSlave);
  const terminator = createTerminator({ signal: (name) => command.signal(name), kill: end }, plan.graceMs);
  signals.handle = terminator.request;
  const flow = record(command, terminal, plan);
  const stopKeyboard = plan.terminal.interactive ? joinKeyboard(terminal, flow.recorder) : () => undefined;
  try {
    const ended = await Promise.race([command.ended, lost]);
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

function startCommand(terminal: Terminal, { terminal: { interactive, stdinFd } }: WrapPlan, around: Standing): CagedCommand {
  const { entrance, tools, place: cage, start } = around;
  const words = enterCommand(entrance, tools, cageProgram(), { cage, start, console: terminal.path, interactive });
  return new CagedCommand(words, interactive ? 'ignore' : stdinFd, terminal.masterFd);
}

type Flow = { readonly recorder: Recorder; readonly printed: Promise<void>; all(): Promise<void> };

/** Everything printed goes to our output and into the recording. */
function record(command: CagedCommand, terminal: Terminal, plan: WrapPlan): Flow {
  const recorder = new Recorder(plan.hooks.record, () => Number(process.hrtime.bigint() / 1000n));
  const output = new DescriptorWriter(plan.terminal.stdoutFd, () => {
    // Nobody reads: the command learns it as it would from a pipe, and a little later by EIO if it does not listen.
    command.signal('SIGPIPE');
    setTimeout(terminal.close, LINGER_MS_MAX).unref();
  });
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
  return limitWords(read('self') ?? '', read(String(process.ppid)));
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
