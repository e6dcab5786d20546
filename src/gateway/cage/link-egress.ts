import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import type { EgressEntry } from '#core/audit/entry.ts';
import type { EgressPolicy } from '#core/egress/rules.ts';
import { type EgressDestination, EgressGate } from '#gates/egress/egress-gate.ts';
import type { Clock, Ids } from '#session/ports.ts';
import type { CageAddresses, Endpoint, NameAddresses } from './addresses.ts';
import { EgressNames } from './egress-names.ts';
import type { CageListeners, CageListenersOptions } from './listeners.ts';

export type LinkEgressParts = {
  readonly policy: EgressPolicy;
  readonly link: string;
  /** Endpoints that are taken: targets come before egress (R24). */
  readonly addresses: CageAddresses;
  readonly record: (entry: EgressEntry) => Promise<void>;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly lookup?: (name: string) => Promise<readonly string[]>;
};

type Entered = Pick<CageListenersOptions, 'pid' | 'entrance' | 'onConnection'>;
type OpenListeners = (options: CageListenersOptions) => Promise<CageListeners>;

const LOOK_UP_MS_MAX = 5000;

/** What one command's cage has of the policy's `egress`: listeners at the addresses that it names, names, and the gate behind both. */
export class LinkEgress {
  /** To listen at from the beginning. */
  readonly targets: readonly { readonly target: string; readonly listen: readonly Endpoint[] }[];
  readonly #destinations = new Map<string, EgressDestination>();
  readonly #names: EgressNames;
  readonly #gate: EgressGate;
  readonly #parts: LinkEgressParts;
  readonly #open: OpenListeners;
  readonly #listeners: CageListeners[] = [];
  #entered: Entered | null = null;
  /** Listeners are made one after the other, however many names are asked for. */
  #making: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: LinkEgressParts, open: OpenListeners) {
    const { policy, link, record, ids, clock } = parts;
    this.#parts = parts;
    this.#open = open;
    this.#names = new EgressNames({
      ...{ policy, link, record, lookup: parts.lookup ?? systemLookup, nowMs: () => clock.nowMs() },
      listen: (name, address, ports) => this.#listen(name, address, ports),
    });
    this.#gate = new EgressGate({
      ...{ link, mode: policy.mode, record, ids, clock },
      addresses: (name, port) => this.#names.addresses(name, port),
    });
    this.targets = this.#addressTargets();
  }

  /** Names resolve from here on: before, nothing that is caged may be served (P8). */
  entered(into: Entered): void {
    this.#entered = into;
  }

  resolve(name: string): Promise<NameAddresses | null> {
    return this.#entered === null ? Promise.resolve(null) : this.#names.resolve(name);
  }

  /** Undefined: that listener is none of these. */
  behind(target: string): { accept(socket: Socket): void } | undefined {
    const to = this.#destinations.get(target);
    return to === undefined ? undefined : { accept: (socket) => this.#gate.accept(socket, to) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const listeners of this.#listeners) listeners.close();
    await this.#gate.close();
    await this.#names.finish();
    if (this.#gate.turnedAway > 0) await this.#recordTurnedAway(this.#gate.turnedAway);
  }

  #addressTargets(): LinkEgress['targets'] {
    const { policy, addresses } = this.#parts;
    const taken = new Set([...addresses.targets.flatMap(({ listen }) => listen), ...addresses.ambiguous].map(keyOf));
    return policy.addresses.flatMap(({ id, address, port }) => {
      const endpoint = { address, port };
      if (taken.has(keyOf(endpoint))) return [];
      taken.add(keyOf(endpoint));
      return [{ target: this.#destination({ kind: 'address', host: address, port, rule: id }), listen: [endpoint] }];
    });
  }

  async #listen(name: string, address: string, ports: ReadonlyMap<number, string | null>): Promise<void> {
    const targets = [...ports].map(([port, rule]) => ({
      target: this.#destination({ kind: 'name', host: name, port, rule }),
      listen: [{ address, port }],
    }));
    const making = this.#making.then(async () => {
      const into = this.#entered;
      if (into === null || this.#isClosed) throw new Error('Cannot listen for a name: the command has ended, expected it alive');
      const listeners = await this.#open({ ...into, targets, resolvers: [], names: new Map() });
      this.#listeners.push(listeners);
      // It may have ended meanwhile.
      if (this.#isClosed) listeners.close();
    });
    this.#making = making.catch(() => undefined);
    await making;
  }

  #destination(to: EgressDestination): string {
    const target = `:egress ${to.host} ${to.port}`;
    this.#destinations.set(target, to);
    return target;
  }

  #recordTurnedAway(times: number): Promise<void> {
    return this.#parts.record({
      ...{ kind: 'egress', link: this.#parts.link, attempt: '', event: 'refused', host: '', port: null, rule: null, protocol: null },
      ...{ seen: null, address: null, why: 'more connections than a cage may have', sent: 0, received: 0, durationMicros: 0, times },
    });
  }
}

function keyOf({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}

async function systemLookup(name: string): Promise<readonly string[]> {
  const late = new Promise<readonly string[]>((resolve) => void setTimeout(() => resolve([]), LOOK_UP_MS_MAX).unref());
  const found = lookup(name, { all: true }).then((answers) => answers.map(({ address }) => address));
  return Promise.race([found, late]);
}
