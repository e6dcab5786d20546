import { errorResponse } from './encode.ts';
import type { Expectation } from './expectations.ts';
import type { Fate } from './fate.ts';
import type { Machine } from './machine.ts';
import { refusalError } from './refusal-frames.ts';
import { errorFields } from './server-messages.ts';

/** An ErrorResponse: whose it is, what it undoes, and what of it the client may see. */
export function failed(machine: Machine, head: Expectation | undefined, frames: Buffer, start: number, end: number): Fate {
  const fields = errorFields(frames, start, end);
  const code = fields.get('C') ?? 'XX000';
  const fatal = fields.get('V') === 'FATAL' || fields.get('V') === 'PANIC';
  machine.copyIn = false;
  const shown = machine.setup.masks.masksColumns ? withoutValues(frames, start, end) : 'pass';
  if (head === undefined || fatal) return shown;
  switch (head.kind) {
    case 'simple':
      head.run.code = code;
      return shown;
    case 'sync': // a deferred constraint, for one, fails the commit that Sync makes; ReadyForQuery follows
      return shown;
    case 'refusal':
      head.change?.clear();
      if (head.form !== 'simple') popFailed(machine);
      return refusalError(head.refusal);
    case 'execute':
      head.run.code = code;
      machine.finish(head.run, 'error');
      popFailed(machine);
      return shown;
    case 'parse':
    case 'bind':
    case 'close':
      head.failed();
      popFailed(machine);
      return shown;
    case 'describe':
    case 'look-up':
      popFailed(machine);
      return shown;
  }
}

/** After an error in an extended message the server passes over everything until Sync (protocol-flow, "Extended Query"). */
export function popFailed(machine: Machine): void {
  machine.expectations.pop();
  for (const item of machine.expectations.skipToSync()) machine.drop(item);
}

/** The fields of an error or a notice that can quote values (W-sql-8: `Key (email)=(…) already exists`) stay here. */
export function withoutValues(frames: Buffer, start: number, end: number): Buffer {
  const fields = errorFields(frames, start, end);
  return errorResponse({
    severity: fields.get('V') ?? 'ERROR',
    code: fields.get('C') ?? 'XX000',
    message: VALUE_FREE.has(fields.get('C') ?? '')
      ? (fields.get('M') ?? '')
      : 'error on the target (its words are not shown: this duty masks columns)',
    detail: null,
    hint: null,
    notice: frames[start] === NOTICE_RESPONSE,
  });
}

/** SQLSTATEs whose message names objects and never quotes a stored value. */
const VALUE_FREE = new Set([
  '00000',
  '23502',
  '23503',
  '23505',
  '25001',
  '25006',
  '25P01',
  '25P02',
  '26000',
  '34000',
  '3D000',
  '3F000',
  '40001',
  '40P01',
  '42501',
  '42601',
  '42701',
  '42702',
  '42703',
  '42704',
  '42710',
  '42723',
  '42803',
  '42804',
  '42809',
  '42846',
  '42883',
  '42P01',
  '42P03',
  '42P05',
  '42P07',
  '55000',
  '55006',
  '55P03',
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
]);

const NOTICE_RESPONSE = 0x4e;
