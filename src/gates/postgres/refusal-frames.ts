import { type Refusal, refusalText } from '#core/operation/refusal.ts';
import { errorResponse, parse, query } from './encode.ts';
import type { Form } from './expectations.ts';

/**
 * How a refusal reaches the client (P10).
 *
 * In a refused message's place the server gets one that cannot succeed: a text that PostgreSQL's grammar rejects before
 * anything else looks at it. So the server itself enters the state that an error leads to: a failed transaction block,
 * a pipeline skipped until Sync, an implicit transaction rolled back. Only the words of its error are replaced. The order of answers
 * under pipelining, and the status in ReadyForQuery, are then the server's own and cannot be wrong (W-sql-6).
 */
export function standIn(form: Form): Buffer {
  return STAND_INS[form];
}

const TEXT = Buffer.from('duty_gate refused this statement');
const STAND_INS: Readonly<Record<Form, Buffer>> = {
  simple: query(TEXT),
  // Named: a Parse of the unnamed statement would drop the client's own before it fails.
  extended: parse('duty_gate_refused', TEXT),
  'unnamed-parse': parse('', TEXT),
};

export function refusalError(refusal: Refusal): Buffer {
  const { message, detail, hint } = refusalText(refusal);
  return errorResponse({ severity: 'ERROR', code: sqlStateOf(refusal), message, detail, hint });
}

/** PROTOCOLS 1: insufficient_privilege, feature_not_supported, program_limit_exceeded, io_error. */
function sqlStateOf(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'denied':
      return '42501';
    case 'unjudgeable':
      return '0A000';
    case 'over-limit':
      return '54000';
    case 'unrecordable':
      return '58030';
  }
}
