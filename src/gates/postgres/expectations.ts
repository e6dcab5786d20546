import type { Refusal } from '#core/operation/refusal.ts';
import type { NameChange } from './name-table.ts';
import type { LookUp } from './names.ts';
import type { RowPlan } from './rows.ts';

/**
 * What the server still owes, in the order in which it will answer: PostgreSQL answers strictly in order, so the head
 * is always what the next message belongs to (protocol-flow, "Extended Query").
 */
export type Expectation =
  /** `failed`: what the server's own error does to the name; skipped, the change is undone. */
  | { readonly kind: 'parse' | 'bind' | 'close'; readonly change: NameChange; readonly failed: () => void }
  /** `rowsOf`: a Describe of our own, before an Execute whose rows may have to be masked. The client never sees it. */
  | { readonly kind: 'describe'; readonly rowsOf: Run | null }
  | { readonly kind: 'execute'; readonly run: Run }
  | { readonly kind: 'simple'; readonly run: Run }
  | { readonly kind: 'sync' }
  /** A statement that cannot succeed stands in for the refused one; its error becomes the refusal. */
  | { readonly kind: 'refusal'; readonly refusal: Refusal; readonly form: Form; readonly change: NameChange | null }
  | { readonly kind: 'look-up'; readonly lookUp: LookUp; readonly form: Form; state: LookUpState; answer: string | null; closed: number };

/**
 * skipped: an earlier message failed, and the server passes over this as over the message that waits for it. stopped: the
 * look-up itself failed between messages of a pipeline; the client has been given the error.
 */
export type LookUpState = 'pending' | 'answered' | 'failed' | 'stopped' | 'skipped';

/**
 * A simple query ends in its own ReadyForQuery; extended messages share the next Sync's. A Parse of the unnamed statement
 * makes the server drop the old one, even if it fails.
 */
export type Form = 'simple' | 'extended' | 'unnamed-parse';

/** One execution that was cleared, and what came of it so far. */
export type Run = {
  decisionId: string;
  plan: RowPlan | null;
  rows: number;
  bytes: number;
  masked: number;
  code: string | null;
  /** Whether its names may mean something else for other connections once it is done. */
  readonly changesNames: boolean;
};

export function startRun(changesNames: boolean): Run {
  return { decisionId: '', plan: null, rows: 0, bytes: 0, masked: 0, code: null, changesNames };
}

export class Expectations {
  #items: Expectation[] = [];
  #head = 0;
  /** After an error the server reads nothing until Sync: what is sent until then is not owed an answer. */
  #skipping = false;

  get size(): number {
    return this.#items.length - this.#head;
  }

  head(): Expectation | undefined {
    return this.#items[this.#head];
  }

  /** Returns false, and keeps nothing, when the server will pass over the message. */
  push(item: Expectation): boolean {
    if (item.kind === 'sync') this.#skipping = false;
    if (this.#skipping) return false;
    this.#items.push(item);
    return true;
  }

  pop(): Expectation | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head >= COMPACT_AFTER) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** After an error in an extended message: everything up to the next Sync is dropped, latest first. */
  skipToSync(): readonly Expectation[] {
    const pending = this.#items.slice(this.#head);
    const sync = pending.findIndex((item) => item.kind === 'sync');
    const dropped = sync === -1 ? pending : pending.slice(0, sync);
    this.#items = sync === -1 ? [] : pending.slice(sync);
    this.#head = 0;
    this.#skipping = sync === -1;
    return dropped.reverse();
  }

  /** COPY FROM STDIN has begun: Syncs sent before its data are read as part of it and not answered (protocol-flow, "COPY Operations"). */
  dropSyncsAfterHead(): void {
    const rest = this.#items.slice(this.#head + 1);
    const firstOther = rest.findIndex((item) => item.kind !== 'sync');
    this.#items = [...this.#items.slice(this.#head, this.#head + 1), ...(firstOther === -1 ? [] : rest.slice(firstOther))];
    this.#head = 0;
  }
}

const COMPACT_AFTER = 1_024;
