import { spawnSync } from 'node:child_process';
import type { Socket } from 'node:net';
import { Cage, type CageNetwork } from './cage.ts';
import type { CageFiles } from './cage-files.ts';
import { writeCageFiles } from './cage-files.ts';
import { callerSettings } from './caller-settings.ts';
import type { EscapeBaits } from './escape-baits.ts';
import { layBaits, surveyForRun, tryEscapes } from './escape-check.ts';
import { type EscapeReport, requireNoWayOut } from './escape-report.ts';
import { filesNotes } from './files-notes.ts';
import { sweepWorkFolders } from './layers.ts';
import { mountFaults } from './mount-check.ts';
import { cageCommand } from './namespace.ts';
import type { CagePlace, Entrance, WrapPlan } from './plan.ts';
import type { Terminal } from './pty.ts';
import { say } from './say.ts';
import type { Tools } from './tools.ts';
import { messageOf, WrapError } from './wrap-error.ts';

const FAULTS_TOLD_MAX = 5;
const SWEEP_MS_MAX = 5000;

export type CageMaking = {
  readonly tools: Tools;
  readonly entrance: Entrance;
  /** Resolves with the reason when the gateway is gone or the recording cannot go on. */
  readonly lost: Promise<string>;
  readonly interrupted: Promise<NodeJS.Signals>;
  /** What the cage lives by, if it is to outlive us. */
  readonly lifeline: Socket | null;
};

/** `start`: path of the command's start file. */
export type StandingCage = { readonly cage: Cage; readonly place: CagePlace; readonly start: string };

/**
 * Makes a cage, and has it prove that there is no way out of it but by the gateway (P8). Whoever is interrupted meanwhile ends it.
 *
 * @returns it, standing until `hold`; or the signal.
 * @throws WrapError when it could not be made safely; nothing of it is left.
 */
export async function standCage(plan: WrapPlan, terminal: Terminal, making: CageMaking): Promise<StandingCage | NodeJS.Signals> {
  const { tools, entrance, interrupted, lifeline } = making;
  const settings = callerSettings({ entrance, tools, console: terminal.path });
  // Before the mounts are planned: what listens then is hidden then (R19).
  const baits = await layBaits(plan.cage.sessionFolder, settings.uid);
  try {
    const files = { ...writeCageFiles(plan, settings, baits.records), baits };
    if (files.keptIn !== null) sweepWorkFolders(files.keptIn, files.layers, (paths) => removeAsRoot(making, paths));
    const start = { script: files.script, folder: plan.cage.sessionFolder, outlives: lifeline !== null };
    const cage = new Cage(cageCommand(entrance, tools, start), terminal.masterFd, lifeline);
    const made = setUp(cage, plan, { ...making, files }).finally(files.unlink);
    const network = await Promise.race([made, interrupted]);
    if (typeof network === 'string') return await endInterrupted(cage, made, network);
    tellNotes(plan, cage, files);
    return { cage, place: { init: network.pid, entrance, network: network.inode }, start: files.start };
  } finally {
    baits.close();
  }
}

type BaitedFiles = CageFiles & { readonly baits: EscapeBaits };
type SetUp = CageMaking & { readonly files: BaitedFiles };

/** Makes the cage stand, the gateway's listeners while the mounts are made. Ends it when anything fails. */
async function setUp(cage: Cage, plan: WrapPlan, { entrance, files, lost }: SetUp): Promise<CageNetwork> {
  try {
    const { pid: init, inode: network } = await cage.networkUp;
    const entered = plan.hooks.enterCage({ pid: entrance === 'sudo' ? init : cage.pid, init, entrance, network });
    const [report] = await Promise.all([prove(cage, files), Promise.race([entered, lost.then(failLost)])]);
    say(report.summary);
    await plan.hooks.escapesTried(report.results);
    requireNoWayOut(report);
    return { pid: init, inode: network };
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

async function endInterrupted(cage: Cage, made: Promise<CageNetwork>, signal: NodeJS.Signals): Promise<NodeJS.Signals> {
  cage.kill();
  await Promise.allSettled([made, cage.ended]);
  return signal;
}

function tellNotes({ cage: { files: plan } }: WrapPlan, cage: Cage, files: BaitedFiles): void {
  const isKept = files.keptIn !== null && cage.hasKeptLayers;
  const layered = files.layers.map(({ path }) => path);
  for (const note of filesNotes({ ...files, layered, layersFolder: plan.layersFolder, isKept })) say(note);
}

/** Best effort: what stays is in a folder of ours, and says nothing. */
function removeAsRoot({ tools, entrance }: CageMaking, paths: readonly string[]): void {
  if (entrance !== 'sudo' || tools.sudo === null) return;
  spawnSync(tools.sudo, ['-n', '--', tools.rm, '-rf', '--', ...paths], { cwd: '/', env: {}, stdio: 'ignore', timeout: SWEEP_MS_MAX });
}

function failLost(why: string): never {
  throw new Error(why);
}
