import type { EgressEntry } from '#core/audit/entry.ts';
import { CAGE_IPV4 } from '#core/cage-networks.ts';
import { type AddressesDecision, decideAddresses, decideName, type EgressPolicy, type NameDecision } from '#core/egress/rules.ts';
import type { NameAddresses } from './addresses.ts';

export type EgressNamesParts = {
  readonly policy: EgressPolicy;
  readonly link: string;
  /** All addresses of a name, as the gateway's own machine finds them; none: there is no such name. */
  readonly lookup: (name: string) => Promise<readonly string[]>;
  readonly record: (entry: EgressEntry) => Promise<void>;
  /** Resolves once connects from inside to the address, at the ports, are taken for the name. */
  readonly listen: (name: string, address: string, ports: ReadonlyMap<number, string | null>) => Promise<void>;
  readonly nowMs: () => number;
};

/** Names that may leave the machine for one cage: with wildcards, a name can carry data to its zone's owner. */
export const EGRESS_NAMES_MAX = 256;
/** Refused names that get an entry each; what is beyond is counted. */
export const REFUSED_NAMES_MAX = 200;
const ANSWERS_MS_MAX = 30_000;
const FAILED_MS_MAX = 5000;
const HOSTS_A_BLOCK = 250;
const SHOWN_CHARACTERS_MAX = 300;

type Allowed = Extract<NameDecision, { kind: 'allowed' }>;
type Answers = { readonly at: number; readonly addresses: Promise<readonly string[]> };

/**
 * The names of one cage that a rule of `egress` covers, and the address that each has inside.
 *
 * INVARIANT: no name that nothing covers leaves the machine, and none that is not written down before.
 */
export class EgressNames {
  readonly #parts: EgressNamesParts;
  readonly #resolved = new Map<string, { readonly at: number; readonly found: Promise<NameAddresses | null> }>();
  readonly #allotted = new Map<string, string>();
  readonly #answers = new Map<string, Answers>();
  readonly #refused = new Set<string>();
  #unwritten = 0;
  #isFinished = false;

  constructor(parts: EgressNamesParts) {
    this.#parts = parts;
  }

  /** What a name resolves to inside; null: there is no such name, as far as the cage is concerned. */
  resolve(asked: string): Promise<NameAddresses | null> {
    if (this.#isFinished) return Promise.resolve(null);
    const decision = decideName(this.#parts.policy, asked);
    if (decision.kind === 'refused') return this.#refuse(asked, decision.why);
    const { name } = decision;
    const known = this.#resolved.get(name);
    if (known !== undefined && (this.#allotted.has(name) || this.#parts.nowMs() - known.at < FAILED_MS_MAX)) return known.found;
    if (known === undefined && this.#resolved.size >= EGRESS_NAMES_MAX)
      return this.#refuse(name, `a cage may ask for ${EGRESS_NAMES_MAX} names`);
    const found = this.#allot(decision);
    this.#resolved.set(name, { at: this.#parts.nowMs(), found });
    return found;
  }

  /** What may be connected to for a name that was resolved, now. */
  async addresses(name: string, port: number): Promise<AddressesDecision> {
    return decideAddresses(this.#parts.policy, await this.#lookUp(name), port);
  }

  /** Writes how many names were refused without an entry of their own. */
  async finish(): Promise<void> {
    this.#isFinished = true;
    if (this.#unwritten > 0)
      await this.#write('refused', '', 'refused names beyond those that have an entry of their own', this.#unwritten);
  }

  async #allot({ name, ports }: Allowed): Promise<NameAddresses | null> {
    await this.#write('asked', name, null, 1);
    const answers = await this.#lookUp(name);
    const open = new Map([...ports].filter(([port]) => decideAddresses(this.#parts.policy, answers, port).kind === 'allowed'));
    if (open.size === 0) {
      const [port = 0] = ports.keys();
      const decision = decideAddresses(this.#parts.policy, answers, port);
      return this.#refuse(name, decision.kind === 'refused' ? decision.why : 'it has no address');
    }
    const address = addressOf(this.#allotted.size);
    this.#allotted.set(name, address);
    try {
      await this.#parts.listen(name, address, open);
    } catch {
      return null;
    }
    return { ipv4: address, ipv6: null };
  }

  #lookUp(name: string): Promise<readonly string[]> {
    const { lookup, nowMs } = this.#parts;
    const known = this.#answers.get(name);
    if (known !== undefined && nowMs() - known.at < ANSWERS_MS_MAX) return known.addresses;
    const addresses = lookup(name).catch(() => []);
    this.#answers.set(name, { at: nowMs(), addresses });
    return addresses;
  }

  async #refuse(asked: string, why: string): Promise<null> {
    if (this.#refused.has(asked) || this.#isFinished) return null;
    if (this.#refused.size >= REFUSED_NAMES_MAX) {
      this.#unwritten += 1;
      return null;
    }
    this.#refused.add(asked);
    await this.#write('refused', asked.slice(0, SHOWN_CHARACTERS_MAX).toWellFormed(), why, 1).catch(() => undefined);
    return null;
  }

  #write(event: 'asked' | 'refused', host: string, why: string | null, times: number): Promise<void> {
    return this.#parts.record({
      ...{ kind: 'egress', link: this.#parts.link, attempt: '', event, host, port: null, rule: null, protocol: null },
      ...{ seen: null, address: null, why, sent: 0, received: 0, durationMicros: 0, times },
    });
  }
}

/** Of a range that nothing else in a cage has an address in (addresses.ts). */
function addressOf(index: number): string {
  return `${CAGE_IPV4[1]}.${128 + Math.floor(index / HOSTS_A_BLOCK)}.${1 + (index % HOSTS_A_BLOCK)}`;
}
