import { ESCAPES, type Escape } from './escape-list.ts';
import { WrapError } from './wrap-error.ts';

/** What an attempt came to, as wrapper/cage/probe.c says it. `late` proves nothing. */
export type EscapeVerdict = 'held' | 'open' | 'absent' | 'late';

export type EscapeResult = { readonly name: string; readonly verdict: EscapeVerdict; readonly detail: string };

export type EscapeReport = {
  /** One for each on the list, in its order; of what was not tried properly, `late`. */
  readonly results: readonly EscapeResult[];
  /** Why the cage cannot be trusted: each attempt that succeeded, proved nothing, is missing or was told twice. */
  readonly faults: readonly string[];
  /** One line for the log. */
  readonly summary: string;
};

const FAULTS_TOLD_MAX = 5;

/**
 * @param inside of the cage; @param outside the same attempts on the host, as far as they tell whether there is anything
 * to reach: where it found nothing, "held" proves nothing, and counts as absent.
 */
export function judgeEscapes(
  inside: readonly EscapeResult[],
  outside: readonly EscapeResult[],
  expected: readonly Escape[] = ESCAPES,
): EscapeReport {
  const nothingThere = new Set(outside.filter(({ verdict }) => verdict === 'absent' || verdict === 'late').map(({ name }) => name));
  const known = new Set(expected.map(({ name }) => name));
  const strangers = inside.filter(({ name }) => !known.has(name)).map(({ name }) => `${name} is not on the list`);
  const judged = expected.map((each) => judge(each, inside, nothingThere));
  const results = judged.map(({ result }) => result);
  const faults = [...strangers, ...judged.flatMap(({ fault }) => fault ?? [])];
  const count = (wanted: EscapeVerdict): number => results.filter(({ verdict }) => verdict === wanted).length;
  const bad = faults.length === 0 ? '' : `, ${count('open')} open`;
  const summary = `confinement: ${results.length} escapes tried, ${count('held')} held, ${count('absent')} absent${bad}`;
  return { results, faults, summary };
}

/**
 * INVARIANT (P8): the command starts only if every escape on the list was tried in its cage, and none succeeded.
 *
 * @throws WrapError `escape`, naming what is wrong.
 */
export function requireNoWayOut({ faults }: EscapeReport): void {
  if (faults.length === 0) return;
  const more = faults.length > FAULTS_TOLD_MAX ? `; and ${faults.length - FAULTS_TOLD_MAX} more` : '';
  throw new WrapError('escape', `Cannot trust the cage: ${faults.slice(0, FAULTS_TOLD_MAX).join('; ')}${more}, expected no way out`);
}

type Judged = { readonly result: EscapeResult; readonly fault: string | null };

function judge({ name, reason }: Escape, inside: readonly EscapeResult[], nothingThere: ReadonlySet<string>): Judged {
  const [result, ...others] = inside.filter((each) => each.name === name);
  const unproved = (why: string): Judged => ({ result: { name, verdict: 'late', detail: why }, fault: `${name} ${why} (${reason})` });
  if (result === undefined) return unproved('was not tried');
  if (others.length > 0) return unproved(`was told ${others.length + 1} times`);
  switch (result.verdict) {
    case 'open':
      return { result, fault: `${name} succeeded: ${result.detail} (${reason})` };
    case 'late':
      return { result, fault: `${name} came to no end: ${result.detail} (${reason})` };
    case 'held':
      return { result: nothingThere.has(name) ? { ...result, verdict: 'absent' } : result, fault: null };
    case 'absent':
      return { result, fault: null };
  }
}

const LINE = /^@escape ([a-z0-9-]{1,64}) (held|open|absent|late) ([ -~]{0,96})$/;

/** A line of the probe; null when it is none. */
export function parseEscapeLine(line: string): EscapeResult | null {
  const [, name, verdict, detail] = LINE.exec(line) ?? [];
  if (name === undefined || verdict === undefined || detail === undefined) return null;
  return { name, verdict: verdict as EscapeVerdict, detail };
}
