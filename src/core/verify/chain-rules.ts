import type { KnownEntry } from '#core/audit/entry-schema.ts';
import { agentLink, type ChainLink, chainDigest, delegatedLink, dutiesAlong, sessionChain } from '#core/chain/chain.ts';
import { rightText } from '#core/policy/effective-duty.ts';
import type { RuleBroken, SessionFacts } from './verification.ts';

/** Links of a chain that lead from command to command, agents aside. */
export const DEPTH_MAX = 32;
/** Agents that are seen in one cage. */
export const AGENTS_MAX = 200;

type Delegation = Extract<KnownEntry, { kind: 'delegation' }>;
type Agent = Extract<KnownEntry, { kind: 'agent' }>;

/** What is known of a command besides its parent's chain. */
type Step = { readonly parent: string | null; readonly depth: number; readonly own: ChainLink[]; agents: number };

/**
 * On whose behalf each command acts: a delegated one has its parent's chain and its own link behind it, and whatever agents are
 * seen in a cage come on top, for it and all below it. So nobody has more than whoever stands before him (P3).
 */
export class ChainRules {
  readonly #session: readonly ChainLink[];
  readonly #steps = new Map<string, Step>();
  /** Until an agent is seen. */
  readonly #rights = new Map<string, string>();

  constructor({ chain }: SessionFacts) {
    this.#session = sessionChain(chain);
  }

  /** That `entry.parent` runs, and `entry.link` was not started, is for the caller to see. */
  delegation(entry: Delegation): RuleBroken | null {
    const { link, parent } = entry;
    if (this.#steps.has(link)) return { code: 'order', what: `command ${link} was delegated to, or had an agent, before` };
    const depth = (this.#steps.get(parent)?.depth ?? 0) + 1;
    if (depth > DEPTH_MAX) return { code: 'entry', what: `a chain has more than ${DEPTH_MAX} commands` };
    this.#steps.set(link, { parent, depth, own: [delegatedLink(entry)], agents: 0 });
    const chain = this.chainOf(link);
    if (entry.chainSha256 !== chainDigest(chain))
      return { code: 'chain', what: `its chain is not that of command ${parent} and its own link` };
    return sameDuties(entry.duties, chain);
  }

  /** That `entry.link` runs is for the caller to see. */
  agent(entry: Agent): RuleBroken | null {
    const { link, agent } = entry;
    const step = this.#steps.get(link) ?? { parent: null, depth: 0, own: [], agents: 0 };
    step.agents += 1;
    if (agent !== `${link}-${step.agents}`) return { code: 'order', what: `it is agent ${agent}, expected ${link}-${step.agents}` };
    if (step.agents > AGENTS_MAX) return { code: 'entry', what: `more than ${AGENTS_MAX} agents were seen in one cage` };
    step.own.push(agentLink(entry));
    this.#steps.set(link, step);
    this.#rights.clear();
    return sameDuties(entry.duties, this.chainOf(link));
  }

  /** Whether a decision names exactly the duties that hold for its command, where it stands. */
  decision(link: string, duty: string): RuleBroken | null {
    let right = this.#rights.get(link);
    if (right === undefined) {
      right = rightText(dutiesAlong(this.chainOf(link)));
      this.#rights.set(link, right);
    }
    return duty === right ? null : { code: 'chain', what: `it was decided under "${duty}", where "${right}" holds` };
  }

  chainOf(link: string): readonly ChainLink[] {
    const step = this.#steps.get(link);
    if (step === undefined) return this.#session;
    return [...(step.parent === null ? this.#session : this.chainOf(step.parent)), ...step.own];
  }
}

function sameDuties(duties: readonly string[], chain: readonly ChainLink[]): RuleBroken | null {
  const expected = dutiesAlong(chain);
  if (duties.length === expected.length && duties.every((duty, index) => duty === expected[index])) return null;
  return { code: 'chain', what: `it names the duties "${rightText(duties)}", where "${rightText(expected)}" hold` };
}
