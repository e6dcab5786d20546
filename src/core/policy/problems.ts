/** A fault in a policy text, at the place a person should look. `line` and `column` count from 1. Never holds a secret. */
export type PolicyProblem = {
  readonly line: number;
  readonly column: number;
  /** Such as `duties.log-reader.allow[0].effects`; empty for the whole text. */
  readonly path: string;
  readonly message: string;
};

export type Path = readonly (string | number)[];

/** A fault before it has its line. `at`: whether to point at the key or at its value. */
export type Fault = { readonly path: Path; readonly at: 'key' | 'value'; readonly message: string };

/** More problems than this are counted, not listed. */
export const PROBLEMS_MAX = 200;

/** In the text's order, each once, cut at the maximum with a line that says so. */
export function listProblems(problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  const unique = new Map(problems.map((problem) => [`${problem.line}:${problem.column}:${problem.path}:${problem.message}`, problem]));
  const sorted = [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column || (a.path < b.path ? -1 : 1));
  const last = sorted.at(PROBLEMS_MAX - 1);
  if (sorted.length <= PROBLEMS_MAX || last === undefined) return sorted;
  return [...sorted.slice(0, PROBLEMS_MAX), { ...last, path: '', message: `and ${sorted.length - PROBLEMS_MAX} more problems` }];
}

export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const key = printable(step);
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

const QUOTED_CHARACTERS_MAX = 80;

/** A name out of the text, safe in a message: cut, and with control characters escaped. */
export function printable(text: string): string {
  const cut = text.length > QUOTED_CHARACTERS_MAX ? `${text.slice(0, QUOTED_CHARACTERS_MAX)}…` : text;
  return cut.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** `line:column path: message`, as commands print it. */
export function describeProblem(problem: PolicyProblem): string {
  const path = problem.path === '' ? '' : `${problem.path}: `;
  return `${problem.line}:${problem.column} ${path}${problem.message}`;
}

/** ` (did you mean "x"?)`, or nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const best = known
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)[0]?.candidate;
  const candidate = best ?? (word.length >= CONTAINED_CHARACTERS_MIN ? known.find((longer) => longer.includes(word)) : undefined);
  return candidate === undefined ? '' : ` (did you mean "${candidate}"?)`;
}

const CONTAINED_CHARACTERS_MIN = 3;

const COMPARED_CHARACTERS_MAX = 40;

/** Optimal string alignment distance: a swap of neighbours counts one. Words longer than any key are not compared. */
function editDistance(a: string, b: string): number {
  if (a.length > COMPARED_CHARACTERS_MAX) return Number.POSITIVE_INFINITY;
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1);
      const swaps = i > 1 && j > 1 && a.charAt(i - 1) === b.charAt(j - 2) && a.charAt(i - 2) === b.charAt(j - 1);
      const swapped = swaps ? (beforePrevious[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(replaced, swapped, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
