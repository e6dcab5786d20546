import type { Socket } from 'node:net';
import { lookIntoCage } from '#adapters/proc/cage-sight.ts';
import type { AgentEntry } from '#core/audit/entry.ts';
import { agentsIn, type SeenAgent } from '#core/chain/agent-sight.ts';
import { agentLink } from '#core/chain/chain.ts';
import { dutyNames } from '#core/policy/effective-duty.ts';
import type { AgentRule } from '#core/policy/policy.ts';
import type { LinkChain } from '#session/link-chain.ts';
import type { Narrowing } from '#session/narrowing.ts';
import type { AuditLog, Clock } from '#session/ports.ts';

export type AgentWatchParts = {
  readonly link: string;
  /** Agents join it. */
  readonly chain: LinkChain;
  /** Processes of which all others of the cage descend, or whose network they share. */
  readonly roots: readonly number[];
  /** Inode of the cage's network namespace. */
  readonly network: string;
  readonly agents: readonly AgentRule[];
  /** As in agentsIn. */
  readonly launchers: ReadonlySet<string>;
  /** Seen in cages of the job so far, those that hold for all later ones. */
  readonly sticky: Map<string, SeenAgent>;
  readonly right: Narrowing;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly look?: typeof lookIntoCage;
};

/**
 * Looks into a cage at each connection that comes out of it, and holds all of it, for good, to the duty of every agent that is
 * there (R25, R26). INVARIANT: what is seen is in force, and on its way to the evidence, before the connection is served.
 */
export class AgentWatch {
  readonly #parts: AgentWatchParts;
  readonly #told = new Set<string>();
  #entries = 0;

  /** INVARIANT (R26): who was seen before, and holds for the whole job, is in force from the cage's beginning. */
  constructor(parts: AgentWatchParts) {
    this.#parts = parts;
    for (const seen of parts.sticky.values()) this.#hold(seen);
  }

  /** False when nobody has the connection open any more. */
  admits(socket: Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>): boolean {
    const { roots, network, agents, launchers, look = lookIntoCage } = this.#parts;
    if (agents.every(({ duty }) => this.#holds(duty.name))) return true;
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    if (remoteAddress === undefined || remotePort === undefined || localAddress === undefined || localPort === undefined) return false;
    const connection = { from: { address: remoteAddress, port: remotePort }, to: { address: localAddress, port: localPort } };
    const sight = look({ roots, network }, connection);
    if (sight === null) return false;
    for (const seen of agentsIn(agents, sight, launchers)) this.#hold(seen);
    return true;
  }

  #holds(duty: string): boolean {
    return dutyNames(this.#parts.right.current()).includes(duty);
  }

  #hold(seen: SeenAgent): void {
    const { right, audit, chain, sticky } = this.#parts;
    const { duty, id } = seen.rule;
    if (seen.rule.sticky === 'job' && !sticky.has(id)) sticky.set(id, seen);
    if (this.#told.has(id) || (seen.proof === 'unproved' && this.#holds(duty.name))) return;
    if (seen.proof !== 'unproved') this.#told.add(id);
    right.narrow(duty);
    const entry = this.#entry(seen);
    chain.add(agentLink(entry));
    audit.append(entry);
  }

  #entry(seen: SeenAgent): AgentEntry {
    const { link, chain, right, clock } = this.#parts;
    this.#entries += 1;
    const common = {
      kind: 'agent',
      link,
      agent: `${link}-${this.#entries}`,
      principal: chain.links().at(-1)?.principal ?? '',
      duty: seen.rule.duty.name,
      started: new Date(clock.nowMs()).toISOString(),
      duties: dutyNames(right.current()),
    } as const;
    if (seen.proof === 'unproved') return { ...common, executable: null, pid: null, match: null, proof: seen.proof, why: seen.why };
    const { executable, pid, match, proof } = seen;
    return { ...common, executable: executable.toWellFormed(), pid, match, proof, why: null };
  }
}
