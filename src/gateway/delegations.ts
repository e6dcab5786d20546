import type { Socket } from 'node:net';
import { ControlError } from '#control/fault.ts';
import { createSigningKey } from '#control/keys.ts';
import type { OpenAnswer } from '#control/messages.ts';
import { savedFile } from '#control/saved-session.ts';
import type { SessionTokens } from '#control/session-tokens.ts';
import type { SeenAgent } from '#core/chain/agent-sight.ts';
import { chainDigest, delegatedLink } from '#core/chain/chain.ts';
import { type DelegationLimits, delegationFault } from '#core/chain/delegation-limits.ts';
import type { NestedRequest } from '#core/nested/request.ts';
import { dutyNames } from '#core/policy/effective-duty.ts';
import type { AgentRule, Duty } from '#core/policy/policy.ts';
import type { LinkChain } from '#session/link-chain.ts';
import type { Narrowing } from '#session/narrowing.ts';
import type { Clock } from '#session/ports.ts';
import type { Command, DutySession } from '#session/session.ts';
import { openNestedDoor } from './cage/nested-door.ts';
import { startSupervisor } from './cage/supervisor.ts';
import type { LiveCage } from './live-cage.ts';
import type { LiveLink } from './live-link.ts';

/** Whoever may start commands in turn: what may be done there, on whose behalf, how far it is from the job, and what it started. */
export type Holder = {
  readonly live: Pick<LiveLink | LiveCage, 'isEnding' | 'ending' | 'place'>;
  readonly right: Narrowing;
  readonly chain: LinkChain;
  readonly depth: number;
  readonly children: Set<string>;
};

export type DelegateRequest = Pick<NestedRequest, 'argv' | 'duty' | 'agent'>;

export type DelegationsParts = {
  readonly session: DutySession;
  /** What a command may be held to that another starts. */
  readonly duties: ReadonlyMap<string, Duty>;
  readonly agents: readonly AgentRule[];
  /** As in AgentWatchParts. */
  readonly sticky: Map<string, SeenAgent>;
  /** What the job's own commands run. */
  readonly scripts: () => readonly string[];
  readonly limits: DelegationLimits;
  readonly clock: Clock;
  readonly gateway: string;
  readonly tokens: SessionTokens;
  /** Where the gateway answers. */
  readonly socketPath: string;
  readonly answer: () => Omit<OpenAnswer, 'token'>;
  /** @throws ControlError */
  readonly holder: (link: string) => Holder;
  readonly nextLink: () => string;
  readonly begin: (command: Command, right: Narrowing, chain: LinkChain, depth: number) => { readonly live: LiveLink };
  readonly startSupervisor?: typeof startSupervisor;
};

/** At once, of a whole session: each may take as much memory as a request is long. */
const ASKING_MAX = 64;
const SCRIPTS_MAX = 64;

/** Commands that are started on behalf of others. */
export class Delegations {
  readonly #parts: DelegationsParts;
  /** Connections whose request is still coming. */
  #asking = 0;

  constructor(parts: DelegationsParts) {
    this.#parts = parts;
  }

  /**
   * Starts a command on behalf of another one, held to one duty more. It needs no binding: it can only narrow (P3). Who asks is told
   * by the listener that was asked, and by nothing in the request (R21).
   */
  async delegate(parent: string, { argv, duty: asked, agent }: DelegateRequest, keyThumbprint: string | null): Promise<Delegated> {
    const { session, duties, limits, clock, holder, nextLink, begin } = this.#parts;
    const from = holder(parent);
    // INVARIANT: nothing is awaited from here to the entry, so nobody delegates who has ended.
    if (from.live.isEnding) throw new ControlError('conflict', 'Cannot delegate: the command ends, expected it alive');
    const duty = duties.get(asked);
    if (duty === undefined) {
      const expected = `one of the policy (${[...duties.keys()].join(', ')})`;
      throw new ControlError('forbidden', `Cannot delegate: duty ${JSON.stringify(asked)} is defined nowhere, expected ${expected}`);
    }
    this.#requireAgent(agent, asked);
    const fault = delegationFault(limits, { depth: from.depth, children: from.children.size });
    if (fault !== null) throw new ControlError('conflict', `Cannot delegate: ${fault}`);
    const command = { link: nextLink(), argv };
    from.children.add(command.link);
    const principal = from.chain.links().at(-1)?.principal ?? '';
    const started = new Date(clock.nowMs()).toISOString();
    const asOne = { link: command.link, principal, duty: asked, executable: argv[0] ?? '', started, keyThumbprint };
    const [right, chain] = [from.right.child(duty), from.chain.child(delegatedLink(asOne))];
    const made = { duties: dutyNames(right.current()), chainSha256: chainDigest(chain.links()) };
    await session.record({ kind: 'delegation', parent, ...asOne, ...made });
    await session.commandStarted(command);
    const { live } = begin(command, right, chain, from.depth + 1);
    if (agent !== null) this.#holdLater(agent, command.link);
    void live.ending.then(() => from.children.delete(command.link));
    void from.live.ending.then(() => live.cut('the command that it was started from has ended')).catch(() => undefined);
    return { link: command.link, live };
  }

  #requireAgent(agent: number | null, duty: string): void {
    if (agent === null || this.#parts.agents[agent]?.duty.name === duty) return;
    throw new ControlError('forbidden', `Cannot delegate: agents[${agent}] has another duty, expected the one that is asked for`);
  }

  /** One that holds for the whole job does so wherever it was started. Later cages have its duty, and no process of it. */
  #holdLater(agent: number, link: string): void {
    const rule = this.#parts.agents[agent];
    if (rule?.sticky !== 'job' || this.#parts.sticky.has(rule.id)) return;
    this.#parts.sticky.set(rule.id, { rule, proof: 'unproved', why: `it was started earlier in the job, as command ${link}` });
  }

  /** Takes the connection of somebody in that cage who wants a command run. */
  nest(from: string, socket: Socket): void {
    if (this.#asking >= ASKING_MAX) return void socket.destroy();
    this.#asking += 1;
    void openNestedDoor(socket, (request, asking) => this.#start(from, request, asking)).then(() => {
      this.#asking -= 1;
    });
  }

  /** With a key and a token of its own, which are good for it and for nothing else (W-del-1). */
  async #start(from: string, request: NestedRequest, socket: Socket): Promise<void> {
    const { session, gateway, tokens, socketPath, answer, holder, scripts, startSupervisor: start = startSupervisor } = this.#parts;
    const place = holder(from).live.place;
    if (place === null) throw new ControlError('conflict', 'Cannot delegate: the cage that it is asked from is gone, expected it there');
    const key = createSigningKey();
    const { link, live } = await this.delegate(from, request, key.thumbprint);
    const cut = (why: string): void => void live.cut(why).catch(() => undefined);
    const token = tokens.issue({ session: session.id, clientKey: key.thumbprint, link });
    void live.ending.then(() => tokens.revoke(token));
    const { pid: _, ...outer } = place;
    const saved = savedFile({ socketPath, gateway, key, answer: { ...answer(), token } });
    try {
      await start(
        {
          saved,
          link,
          outer: { ...outer, launchers: [...outer.launchers] },
          scripts: [...new Set(scripts())].slice(0, SCRIPTS_MAX),
          request,
        },
        socket,
        () => cut('whoever ran it is gone'),
      );
    } catch (error) {
      cut('nobody could run it');
      throw error;
    }
  }
}

type Delegated = { readonly link: string; readonly live: LiveLink };
