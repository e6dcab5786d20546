import type { EgressEntry } from '#core/audit/entry.ts';
import type { Clock } from '#session/ports.ts';
import type { EgressDestination } from './egress-gate.ts';

type Said = Partial<Pick<EgressEntry, 'protocol' | 'seen' | 'why'>>;
type Carried = { readonly bytesWritten: number; readonly bytesRead: number };

const SEEN_CHARACTERS_MAX = 300;

/** One attempt to connect, and what the evidence says of it: refused; or opened, before the connection is made, and closed. */
export class Attempt {
  readonly to: EgressDestination;
  readonly #common: Pick<EgressEntry, 'kind' | 'link' | 'attempt' | 'host' | 'port' | 'rule'>;
  readonly #record: (entry: EgressEntry) => Promise<void>;
  readonly #clock: Clock;
  #openedAtMicros: number | null = null;
  #address: string | null = null;

  constructor({ id, link, to, record, clock }: AttemptParts) {
    this.to = to;
    this.#common = { kind: 'egress', link, attempt: id, host: to.host, port: to.port, rule: to.rule };
    this.#record = record;
    this.#clock = clock;
  }

  opened(address: string, said: Said = {}): Promise<void> {
    this.#openedAtMicros = this.#clock.monotonicMicros();
    this.#address = address;
    return this.#record(this.#entry('opened', said));
  }

  refused(why: string, said: Said = {}): Promise<void> {
    return this.#record(this.#entry('refused', { ...said, why }));
  }

  /** @param carried null: nothing was. */
  closed(carried: Carried | null, why: string | null = null): Promise<void> {
    const durationMicros = Math.max(0, this.#clock.monotonicMicros() - (this.#openedAtMicros ?? 0));
    const entry = this.#entry('closed', { why });
    return this.#record({ ...entry, sent: carried?.bytesWritten ?? 0, received: carried?.bytesRead ?? 0, durationMicros });
  }

  #entry(event: EgressEntry['event'], { protocol = null, seen = null, why = null }: Said): EgressEntry {
    const shown = seen === null ? null : seen.slice(0, SEEN_CHARACTERS_MAX).toWellFormed();
    return {
      ...this.#common,
      ...{ event, protocol, seen: shown, address: this.#address, why, sent: 0, received: 0, durationMicros: 0, times: 1 },
    };
  }
}

type AttemptParts = {
  readonly id: string;
  readonly link: string;
  readonly to: EgressDestination;
  readonly record: (entry: EgressEntry) => Promise<void>;
  readonly clock: Clock;
};
