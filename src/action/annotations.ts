import type { RefusedOperations } from './refused-operations.ts';
import type { Toolkit } from './toolkit.ts';
import { visible } from './untrusted-text.ts';

/** The runner shows ten warnings of a step, and we may have one of our own to say. */
const ANNOTATIONS_MAX = 9;
const STATEMENT_CHARACTERS_MAX = 500;
const REASON_CHARACTERS_MAX = 500;

/** A warning for each of the first refused operations; the last says how many more there are. */
export function annotateRefused({ warning }: Pick<Toolkit, 'warning'>, { first, count }: RefusedOperations): void {
  const shown = first.slice(0, count > ANNOTATIONS_MAX ? ANNOTATIONS_MAX - 1 : ANNOTATIONS_MAX);
  for (const { target, statement, reasons } of shown) {
    const why = reasons.map((reason) => visible(reason, REASON_CHARACTERS_MAX)).join('; ');
    warning(`${visible(target, 100)}: ${visible(statement, STATEMENT_CHARACTERS_MAX)}\n${why}`, { title: 'duty-gate: refused' });
  }
  if (count > shown.length)
    warning(`${count - shown.length} more operations were refused: see the summary and the report`, { title: 'duty-gate: refused' });
}
