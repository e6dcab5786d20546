import type { Socket } from 'node:net';
import { Cage, type CageNetwork } from './cage.ts';
import type { EscapeBaits } from './escape-baits.ts';
import { surveyForRun, tryEscapes } from './escape-check.ts';
import { type EscapeReport, requireNoWayOut } from './escape-report.ts';
import type { CagePlace, Entrance, WrapPlan } from './plan.ts';
import type { Terminal } from './pty.ts';
import { say } from './say.ts';
import type { Tools } from './tools.ts';
import { messageOf, WrapError } from './wrap-error.ts';

const FAULTS_TOLD_MAX = 5;

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

/** How one cage is made. */
export type CageRecipe = {
  /** Of namespace.ts. */
  readonly command: readonly string[];
  readonly start: string;
  readonly baits: EscapeBaits;
  /** INVARIANT (P8): what the cage may write is what was planned, as its own mount table has it. In words what is wrong. */
  readonly faults: (cage: Cage) => readonly string[];
  /** Removes what was handed over. */
  unlink(): void;
};

/**
 * Raises a cage whose settings are written: the gateway's listeners while the mounts are made, then the proof.
 *
 * @returns it, standing until `hold`; or the signal that interrupted it.
 * @throws WrapError; nothing of it is left.
 */
export async function raiseCage(
  plan: WrapPlan,
  terminal: Terminal,
  making: CageMaking,
  recipe: CageRecipe,
): Promise<StandingCage | NodeJS.Signals> {
  const { entrance, interrupted, lifeline } = making;
  const cage = new Cage(recipe.command, terminal.masterFd, lifeline);
  const made = setUp(cage, plan, making, recipe).finally(() => recipe.unlink());
  const network = await Promise.race([made, interrupted]);
  if (typeof network === 'string') return endInterrupted(cage, made, network);
  return { cage, place: { init: network.pid, entrance, network: network.inode }, start: recipe.start };
}

/** Ends the cage when anything fails. */
async function setUp(cage: Cage, plan: WrapPlan, { entrance, lost }: CageMaking, recipe: CageRecipe): Promise<CageNetwork> {
  try {
    const { pid: init, inode: network } = await cage.networkUp;
    const { workspace, launchers } = plan.cage;
    const entered = plan.hooks.enterCage({ pid: entrance === 'sudo' ? init : cage.pid, init, entrance, network, workspace, launchers });
    const [report] = await Promise.all([prove(cage, recipe), Promise.race([entered, lost.then(failLost)])]);
    // Of a cage within a cage its asker would read it amid his command's output; it is in the evidence.
    if (plan.within === null) say(report.summary);
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
async function prove(cage: Cage, { baits, faults }: CageRecipe): Promise<EscapeReport> {
  const outside = surveyForRun(baits);
  await cage.ready;
  requireMounts(cage, faults(cage));
  // Taken away as soon as they have served: a wrapper that is killed later leaves none behind.
  return tryEscapes(cage, outside).finally(baits.close);
}

function requireMounts(cage: Cage, faults: readonly string[]): void {
  if (faults.length === 0) return;
  const some = faults.slice(0, FAULTS_TOLD_MAX).join('; ');
  throw new WrapError('set-up', `Cannot close the cage: ${some}${cage.complaints}, expected every mount as planned`);
}

async function endInterrupted(cage: Cage, made: Promise<CageNetwork>, signal: NodeJS.Signals): Promise<NodeJS.Signals> {
  cage.kill();
  await Promise.allSettled([made, cage.ended]);
  return signal;
}

function failLost(why: string): never {
  throw new Error(why);
}
