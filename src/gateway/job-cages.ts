import { setTimeout as delay } from 'node:timers/promises';
import { ControlError } from '#control/fault.ts';
import type { Lifeline } from '#control/lifeline.ts';
import type { ClaimAnswer, ClaimRequest } from '#control/messages.ts';
import type { CageEntry } from '#core/audit/entry.ts';
import type { LiveCage } from './live-cage.ts';

export type JobCagesParts = {
  readonly make: (cage: string) => Pick<LiveCage, 'place' | 'isConfined' | 'stop' | 'open' | 'confined'>;
  readonly record: (entry: CageEntry) => Promise<void>;
  /** False once somebody in it is held to less than the session's duty. */
  readonly isWhole: (cage: string) => boolean;
};

type Made = {
  readonly id: string;
  readonly live: ReturnType<JobCagesParts['make']>;
  readonly plan: string;
  readonly commands: Set<string>;
  /** Resolves when it stands, or will not. */
  readonly settled: PromiseWithResolvers<void>;
  lifeline: Lifeline | null;
  state: 'making' | 'standing' | 'ending';
  ending: Promise<void> | null;
};

/** From letting go to the last process's end; a healthy machine needs a hundredth of a second. */
const END_MS_MAX = 10_000;

/**
 * The cage that the commands of a job share (DESIGN 3): the first has it made, later ones enter it, so that what one of them leaves
 * running serves the next. One stands at a time; it ends with the session, or when what a command may see and write is no longer what
 * it was made for.
 *
 * INVARIANT: whoever is in it was told where it is by us, and after its proof (P8).
 */
export class JobCages {
  readonly #parts: JobCagesParts;
  #current: Made | null = null;
  #count = 0;
  #isClosed = false;

  constructor(parts: JobCagesParts) {
    this.#parts = parts;
  }

  /**
   * Whether a command makes the cage that it will run in, or finds it standing. Waits while another command makes it.
   *
   * @param isAlive false once the command has ended: `left` is told of it only if it was given a cage.
   */
  async claim(command: string, request: ClaimRequest, isAlive: () => boolean): Promise<ClaimAnswer> {
    for (;;) {
      if (!isAlive()) throw new ControlError('conflict', 'Cannot give the command a cage: it has ended, expected it alive');
      if (this.#isClosed) throw new ControlError('conflict', 'Cannot give the command a cage: the session ends, expected it open');
      const cage = this.#current;
      if (cage === null) return this.#make(command, request);
      if (cage.ending !== null) await cage.ending;
      else if (cage.state === 'making') await cage.settled.promise;
      else if (this.#suits(cage, request)) {
        const entered = await this.#enter(cage, command);
        if (entered !== null) return entered;
      } else await this.#replace(cage);
    }
  }

  /** The cage that a command makes, and nobody else. */
  madeBy(command: string): Made['live'] | null {
    const cage = this.#current;
    return cage?.state === 'making' && cage.commands.has(command) ? cage.live : null;
  }

  /** Takes what the cage is to live by, from whoever makes it. Resolves when it has ended. */
  async hold(command: string, lifeline: Lifeline): Promise<void> {
    const cage = this.#current;
    if (cage === null || cage.state !== 'making' || !cage.commands.has(command) || cage.lifeline !== null) {
      lifeline.destroy();
      throw new ControlError('conflict', 'Cannot hold the cage: this command makes none, expected its own claim');
    }
    cage.lifeline = lifeline;
    await lifeline.closed;
    await this.#end(cage, 'the cage is gone');
  }

  /** The command has proved the cage: others may enter it. */
  stands(command: string): void {
    const cage = this.#current;
    if (cage === null || cage.state !== 'making' || !cage.commands.has(command)) return;
    if (cage.lifeline === null || !cage.live.isConfined) return;
    cage.state = 'standing';
    cage.settled.resolve();
  }

  /**
   * The command has ended. INVARIANT (P2): where nobody can say how, whatever it left in the cage does not go on; nor is there a cage
   * that its maker has not proved.
   */
  async left(command: string, how: 'ended' | 'cut'): Promise<void> {
    const cage = this.#current;
    if (cage === null || !cage.commands.delete(command)) return;
    if (how === 'cut' || cage.state === 'making') await this.#end(cage, 'a command of the cage broke off');
  }

  async close(why: string): Promise<void> {
    this.#isClosed = true;
    if (this.#current !== null) await this.#end(this.#current, why);
  }

  async #make(command: string, { plan }: ClaimRequest): Promise<ClaimAnswer> {
    this.#count += 1;
    const id = `cage-${this.#count}`;
    const commands = new Set([command]);
    const [live, settled] = [this.#parts.make(id), Promise.withResolvers<void>()];
    this.#current = { id, live, plan, commands, settled, lifeline: null, state: 'making', ending: null };
    await this.#parts.record({ kind: 'cage', cage: id, event: 'made', command });
    return { kind: 'make', cage: id };
  }

  /** Null when it ended meanwhile. */
  async #enter(cage: Made, command: string): Promise<ClaimAnswer | null> {
    const { id, live, commands } = cage;
    commands.add(command);
    await this.#parts.record({ kind: 'cage', cage: id, event: 'entered', command });
    const { place } = live;
    if (cage.state !== 'standing' || place === null) return null;
    const { init, network, entrance } = place;
    return { kind: 'enter', cage: id, init, network, entrance };
  }

  /** Where an agent was seen, the whole cage is held to what that may do (R26): who comes later gets another one. */
  #suits({ id, plan, commands }: Made, asked: ClaimRequest): boolean {
    return plan === asked.plan && (this.#parts.isWhole(id) || commands.size > 0);
  }

  async #replace(cage: Made): Promise<void> {
    if (cage.commands.size > 0) {
      const what = 'what it may see or write is not what the cage was made for';
      throw new ControlError('conflict', `Cannot enter the job's cage: another command runs in it, and ${what}; expected to run after it`);
    }
    await this.#end(cage, 'another cage takes its place');
  }

  #end(cage: Made, why: string): Promise<void> {
    cage.ending ??= this.#ended(cage, why);
    return cage.ending;
  }

  async #ended(cage: Made, why: string): Promise<void> {
    cage.state = 'ending';
    const stopped = cage.live.stop(why);
    cage.lifeline?.end();
    await stopped;
    await Promise.race([cage.lifeline?.closed, delay(END_MS_MAX, undefined, { ref: false })]);
    cage.lifeline?.destroy();
    await this.#parts.record({ kind: 'cage', cage: cage.id, event: 'ended', command: null }).catch(() => undefined);
    if (this.#current === cage) this.#current = null;
    cage.settled.resolve();
  }
}
