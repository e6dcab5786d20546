import type { KnownEntry } from '#core/audit/entry-schema.ts';
import { beginning, cutText, cutTexts } from './cut.ts';
import { describePair } from './describe-pair.ts';

/**
 * Operations that a report lists, and characters of them, of each sort: those that were allowed, and those that were not. Each sort has
 * room of its own, so that nobody can push a refusal out of the report by asking for much else. The bundle has them all.
 */
export const OPERATIONS_MAX = 10_000;
export const OPERATIONS_CHARACTERS_MAX = 8 * 1024 * 1024;
/** Characters of a statement that it shows. */
export const STATEMENT_CHARACTERS_MAX = 4000;

type DecisionEntry = Extract<KnownEntry, { kind: 'decision' }>;
type OutcomeEntry = Extract<KnownEntry, { kind: 'outcome' }>;

export type ReportOperation = {
  /** Number of its entry. */
  readonly n: number;
  readonly at: string;
  readonly link: string;
  readonly target: string;
  readonly duty: string;
  outcome: DecisionEntry['outcome'];
  readonly effects: readonly string[];
  readonly rules: readonly string[];
  readonly reasons: readonly string[];
  readonly statement: string;
  /** How much of the statement is not shown, in characters. */
  readonly cut: number;
  readonly parameters: readonly string[];
  /** Null when it was refused, or when no end is known. */
  end: {
    readonly status: OutcomeEntry['status'];
    readonly code: string | null;
    readonly rows: number;
    readonly masked: number;
    readonly micros: number;
  } | null;
};

type Place = { readonly at: string; readonly n: number; readonly link: string };

/** Joins decisions with their outcomes, and keeps what fits, in the order of the chain. */
export class ShownOperations {
  readonly #operations: ReportOperation[] = [];
  readonly #underWay = new Map<string, ReportOperation>();
  readonly #room = {
    allowed: { operations: OPERATIONS_MAX, characters: OPERATIONS_CHARACTERS_MAX },
    refused: { operations: OPERATIONS_MAX, characters: OPERATIONS_CHARACTERS_MAX },
  };
  readonly #leftOut = { allowed: 0, refused: 0 };

  decision(place: Place, entry: DecisionEntry): void {
    const mayRun = entry.outcome === 'allow' || entry.outcome === 'hold';
    const sort = mayRun ? 'allowed' : 'refused';
    const room = this.#room[sort];
    // Once one is left out, all later ones are: a list with gaps in it would look whole.
    const operation = this.#leftOut[sort] > 0 || room.operations === 0 ? null : shownOf(place, entry);
    if (operation === null || room.characters < charactersOf(operation)) {
      this.#leftOut[sort] += 1;
      return;
    }
    room.operations -= 1;
    room.characters -= charactersOf(operation);
    this.#operations.push(operation);
    if (mayRun) this.#underWay.set(entry.decision, operation);
  }

  /** An operation that waited goes on, or does not. */
  release({ decision, outcome }: Extract<KnownEntry, { kind: 'release' }>): void {
    const operation = this.#underWay.get(decision);
    if (operation !== undefined) operation.outcome = outcome;
  }

  outcome({ decision, status, code, rows, masked, durationMicros }: OutcomeEntry): void {
    const operation = this.#underWay.get(decision);
    this.#underWay.delete(decision);
    if (operation !== undefined)
      operation.end = { status, code: code === null ? null : cutText(code), rows, masked, micros: durationMicros };
  }

  shown(): {
    readonly operations: readonly ReportOperation[];
    readonly operationsLeftOut: { readonly allowed: number; readonly refused: number };
  } {
    return { operations: this.#operations, operationsLeftOut: { ...this.#leftOut } };
  }
}

function shownOf({ at, n, link }: Place, entry: DecisionEntry): ReportOperation {
  const { target, duty, outcome, pairs, rules, reasons, parameters } = entry;
  const statement = beginning(entry.statement, STATEMENT_CHARACTERS_MAX);
  return {
    ...{ n, at, link, outcome, target: cutText(target), duty: cutText(duty) },
    effects: cutTexts(pairs.map(describePair)),
    rules: cutTexts(rules),
    reasons: cutTexts(reasons),
    statement,
    cut: entry.statement.length - statement.length,
    parameters: cutTexts(parameters.map((value) => (value === null ? 'NULL' : `'${value}'`))),
    end: null,
  };
}

function charactersOf({ target, duty, statement, effects, rules, reasons, parameters }: ReportOperation): number {
  return [target, duty, statement, ...effects, ...rules, ...reasons, ...parameters].reduce((sum, text) => sum + text.length, 0);
}
