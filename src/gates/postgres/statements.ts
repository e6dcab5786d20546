import type { StatementFacts } from '#core/sql/facts.ts';
import type { Judged } from './judge.ts';
import { NameTable } from './name-table.ts';

/** What the client has prepared and bound on this connection. */
export class Statements {
  readonly prepared = new NameTable<Prepared>();
  readonly portals = new NameTable<Portal>();
  /**
   * SQL's PREPARE and DECLARE share their names with the protocol's, and may fail or be undone out of our sight. So a
   * name here means everything it ever stood for on this connection, all together: more than it is, never less.
   */
  readonly #everNamed = new Map<string, Map<string, StatementFacts>>();

  /** False when there are too many to keep apart: then the statement must not go on. */
  rememberNamed(name: string, facts: StatementFacts): boolean {
    const meanings = this.#everNamed.get(name) ?? new Map<string, StatementFacts>();
    const meaning = JSON.stringify(facts, (key, value) => (MEANINGLESS.has(key) ? undefined : value instanceof Set ? [...value] : value));
    if (!meanings.has(meaning) && (meanings.size >= MEANINGS_MAX || this.#everNamed.size >= NAMED_MAX)) return false;
    this.#everNamed.set(name, meanings.set(meaning, facts));
    return true;
  }

  /** Everything the name may stand for; empty when it was never seen. */
  meaningsOf(name: string): readonly StatementFacts[] {
    return [...(this.#everNamed.get(name)?.values() ?? [])];
  }
}

const NAMED_MAX = 5_000;
const MEANINGS_MAX = 64;
/** What may differ between two texts that do the same to the same objects. */
const MEANINGLESS: ReadonlySet<string> = new Set(['literals', 'shape']);

/** `text`: the statement's bytes, as judged and as sent. */
export type Prepared = { readonly text: Buffer; readonly facts: StatementFacts; judged: Judged };

/** Parameter values as they came; a format of 1 is binary. */
export type Portal = { readonly prepared: Prepared; readonly parameters: readonly PortalParameter[] };
export type PortalParameter = { readonly format: number; readonly value: Buffer | null };
