import { createHash } from 'node:crypto';
import type { StatementFacts } from '#core/sql/facts.ts';
import { maskLiterals } from '#core/sql/lexer.ts';
import type { Judged } from './judge.ts';
import type { ConversationSetup } from './machine.ts';
import type { PortalParameter } from './statements.ts';

/** What of a statement people may see, in the audit and in errors. INVARIANT (P7): everything shown comes through here. */
export function showStatement(setup: ConversationSetup, text: Buffer, facts: StatementFacts, judged: Judged): string {
  return judged.hidesLiterals ? maskLiterals(text, facts.literals, HIDDEN) : setup.forPeople(text.toString('utf8'));
}

/** A text that nobody could read: no telling what in it is a value, so under masks none of it is shown. */
export function showUnreadable(setup: ConversationSetup, text: Buffer): string {
  if (setup.masks.masksColumns)
    return `(statement of ${text.length} bytes, not shown: it could not be judged, and this duty masks columns)`;
  return setup.forPeople(text.subarray(0, UNREADABLE_BYTES_MAX).toString('utf8'));
}

export function showParameters(
  setup: ConversationSetup,
  parameters: readonly PortalParameter[],
  judged: Judged,
): readonly (string | null)[] {
  return parameters.map(({ format, value }) => {
    if (value === null) return null;
    if (judged.hidesLiterals) return HIDDEN;
    if (value.length > PARAMETER_BYTES_MAX) return `sha256:${createHash('sha256').update(value).digest('hex')} (${value.length} bytes)`;
    if (format === 0) return setup.forPeople(value.toString('utf8'));
    // A text is the same bytes in binary format, and must not get past the detectors in hexadecimal.
    const text = value.toString('latin1');
    return setup.forPeople(text) === text ? `\\x${value.toString('hex')}` : HIDDEN;
  });
}

const HIDDEN = "'***'";
const UNREADABLE_BYTES_MAX = 4_096;
const PARAMETER_BYTES_MAX = 4_096;
