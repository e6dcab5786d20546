import { type KnownEntry, LineEnvelope, readEntry } from '#core/audit/entry-schema.ts';
import { decodeUtf8 } from '#core/verify/manifest.ts';
import type { Verification } from '#core/verify/verification.ts';

/** Operations that a report lists; the bundle has them all. */
export const OPERATIONS_MAX = 10_000;
/** Characters of a statement, of a text in a list, and texts of a list that it shows. */
export const STATEMENT_CHARACTERS_MAX = 4000;
const TEXT_CHARACTERS_MAX = 500;
const TEXTS_MAX = 20;
const COMMANDS_MAX = 1000;

export type ReportOperation = {
  readonly at: string;
  readonly link: string;
  readonly target: string;
  readonly statement: string;
  /** How much of the statement is not shown, in characters. */
  readonly cut: number;
  readonly outcome: string;
  readonly rules: readonly string[];
  readonly effects: readonly string[];
  readonly reasons: readonly string[];
  /** Null while it has not ended, or was refused. */
  end: {
    readonly status: string;
    readonly code: string | null;
    readonly rows: number;
    readonly masked: number;
    readonly micros: number;
  } | null;
};

export type ReportCommand = {
  readonly link: string;
  readonly argv: string;
  readonly started: string;
  ended: string | null;
  result: string | null;
};

export type ReportData = {
  readonly verification: Verification;
  readonly operations: readonly ReportOperation[];
  /** Beyond the maximum. */
  readonly operationsLeftOut: number;
  readonly commands: readonly ReportCommand[];
};

/** Gathers what a report shows from the lines of `audit.jsonl`, in bounded memory. What is no entry is passed over: verify names it. */
export class ReportGatherer {
  readonly #operations: ReportOperation[] = [];
  readonly #underWay = new Map<string, ReportOperation>();
  readonly #linkOf = new Map<string, string>();
  readonly #commands = new Map<string, ReportCommand>();
  #leftOut = 0;

  /** @param bytes one line, without its end. */
  take(bytes: Uint8Array): void {
    const line = parseLine(bytes);
    if (line === null) return;
    const read = readEntry(line.entry);
    if ('known' in read && read.known) this.#entry(line.at, read.entry);
  }

  data(verification: Verification): ReportData {
    return { verification, operations: this.#operations, operationsLeftOut: this.#leftOut, commands: [...this.#commands.values()] };
  }

  #entry(at: string, entry: KnownEntry): void {
    switch (entry.kind) {
      case 'connection':
        if (entry.event === 'opened') this.#linkOf.set(entry.connection, entry.link);
        else this.#linkOf.delete(entry.connection);
        break;
      case 'decision':
        this.#decision(at, entry);
        break;
      case 'outcome':
        this.#outcome(entry);
        break;
      case 'command':
        this.#command(at, entry);
        break;
      case 'session':
      case 'recording':
      case 'incident':
      case 'seal':
        break;
    }
  }

  #decision(at: string, entry: Extract<KnownEntry, { kind: 'decision' }>): void {
    if (this.#operations.length >= OPERATIONS_MAX) {
      this.#leftOut += 1;
      return;
    }
    const operation: ReportOperation = {
      ...{ at, link: this.#linkOf.get(entry.connection) ?? '', target: cutText(entry.target), outcome: entry.outcome, end: null },
      statement: entry.statement.slice(0, STATEMENT_CHARACTERS_MAX),
      cut: Math.max(0, entry.statement.length - STATEMENT_CHARACTERS_MAX),
      rules: cutList(entry.rules),
      effects: cutList(entry.pairs.map(({ effect, object }) => `${effect} ${describeObject(object)}`)),
      reasons: cutList(entry.reasons),
    };
    this.#operations.push(operation);
    if (entry.outcome === 'allow') this.#underWay.set(entry.decision, operation);
  }

  #outcome({ decision, status, code, rows, masked, durationMicros }: Extract<KnownEntry, { kind: 'outcome' }>): void {
    const operation = this.#underWay.get(decision);
    this.#underWay.delete(decision);
    if (operation !== undefined) operation.end = { status, code, rows, masked, micros: durationMicros };
  }

  #command(at: string, { link, event, argv, exitCode, signal }: Extract<KnownEntry, { kind: 'command' }>): void {
    const known = this.#commands.get(link);
    if (event === 'started' && known === undefined && this.#commands.size < COMMANDS_MAX) {
      this.#commands.set(link, { link, argv: cutText(argv.join(' ')), started: at, ended: null, result: null });
    } else if (event === 'ended' && known !== undefined) {
      known.ended = at;
      known.result = signal ?? (exitCode === null ? 'cut off' : `exit code ${exitCode}`);
    }
  }
}

function parseLine(bytes: Uint8Array): LineEnvelope | null {
  try {
    const parsed = LineEnvelope.safeParse(JSON.parse(decodeUtf8(bytes) ?? ''));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Objects belong to protocols, of which later versions have more. */
function describeObject(object: Readonly<Record<string, unknown>>): string {
  const { kind, path } = object;
  if (Array.isArray(path)) return path.join('.');
  return String(object['name'] ?? kind ?? '');
}

function cutList(texts: readonly string[]): readonly string[] {
  return texts.slice(0, TEXTS_MAX).map(cutText);
}

function cutText(text: string): string {
  return text.length <= TEXT_CHARACTERS_MAX ? text : `${text.slice(0, TEXT_CHARACTERS_MAX)}…`;
}
