import { errorResponse } from './encode.ts';
import type { Expectation, Run } from './expectations.ts';
import type { Fate } from './fate.ts';
import type { Machine } from './machine.ts';
import { maskRow, planRows } from './rows.ts';
import { failed, popFailed, withoutValues } from './server-errors.ts';
import { decodeParameterStatus, decodeRowDescription, firstColumnText, rowsOfTag } from './server-messages.ts';

/**
 * Whole messages of the server, in order. Those that pass leave as they came, in as few pieces as possible: no work and
 * no copy for each row where nothing is masked.
 */
export function serverFrames(machine: Machine, frames: Buffer): void {
  let passFrom = 0;
  let offset = 0;
  while (offset < frames.length && !machine.closed) {
    const start = offset;
    offset = start + 1 + frames.readUInt32BE(start + 1);
    const fate = serverFrame(machine, frames, start, offset);
    if (fate === 'pass') continue;
    if (start > passFrom) machine.effect({ kind: 'send-client', frames: frames.subarray(passFrom, start) });
    if (fate !== 'swallow') machine.effect({ kind: 'send-client', frames: fate });
    passFrom = offset;
  }
  if (offset > passFrom && !machine.closed) machine.effect({ kind: 'send-client', frames: frames.subarray(passFrom, offset) });
}

function serverFrame(machine: Machine, frames: Buffer, start: number, end: number): Fate {
  const head = machine.expectations.head();
  const fate = head?.kind === 'look-up' ? lookUpFrame(machine, head, frames, start, end) : null;
  if (fate !== null) return fate;
  switch (frames[start]) {
    case DATA_ROW:
      return dataRow(machine, head, frames, start, end);
    case COMMAND_COMPLETE:
    case EMPTY_QUERY:
      return completed(machine, head, frames, start, end);
    case READY_FOR_QUERY:
      return ready(machine, head, frames[start + 5]);
    case PARSE_COMPLETE:
    case BIND_COMPLETE:
    case CLOSE_COMPLETE:
      return acknowledged(machine, head);
    case ROW_DESCRIPTION:
    case NO_DATA:
      return described(machine, head, frames, start, end);
    case PARAMETER_DESCRIPTION:
      return head?.kind === 'describe' ? 'pass' : violation(machine, 't');
    case PORTAL_SUSPENDED:
      if (head?.kind !== 'execute') return violation(machine, 's');
      machine.expectations.pop();
      machine.finish(head.run, 'suspended');
      return 'pass';
    case ERROR_RESPONSE:
      return failed(machine, head, frames, start, end);
    case NOTICE_RESPONSE:
      return machine.setup.masks.masksColumns ? withoutValues(frames, start, end) : 'pass';
    case PARAMETER_STATUS:
      return parameterStatus(machine, frames, start, end);
    case NOTIFICATION:
      return 'pass';
    case COPY_IN:
      return copyInBegins(machine, head);
    case COPY_OUT:
    case COPY_DATA:
    case COPY_DONE:
      return count(machine, head, frames, start, end);
    default:
      return violation(machine, String.fromCharCode(frames[start] ?? 0));
  }
}

const DATA_ROW = 0x44;
const COMMAND_COMPLETE = 0x43;
const EMPTY_QUERY = 0x49;
const READY_FOR_QUERY = 0x5a;
const PARSE_COMPLETE = 0x31;
const BIND_COMPLETE = 0x32;
const CLOSE_COMPLETE = 0x33;
const ROW_DESCRIPTION = 0x54;
const NO_DATA = 0x6e;
const PARAMETER_DESCRIPTION = 0x74;
const PORTAL_SUSPENDED = 0x73;
const ERROR_RESPONSE = 0x45;
const NOTICE_RESPONSE = 0x4e;
const PARAMETER_STATUS = 0x53;
const NOTIFICATION = 0x41;
const COPY_IN = 0x47;
const COPY_OUT = 0x48;
const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
const IDLE = 0x49;

function dataRow(machine: Machine, head: Expectation | undefined, frames: Buffer, start: number, end: number): Fate {
  const run = runOf(head);
  if (run === null) return violation(machine, 'D');
  run.rows += 1;
  if (run.plan === null) {
    run.bytes += end - start;
    machine.respond(run, frames, start, end);
    return 'pass';
  }
  const row = maskRow(frames, start, end, run.plan);
  run.masked += row.masked;
  run.bytes += row.frame.length;
  machine.respond(run, row.frame, 0, row.frame.length);
  return row.frame;
}

function completed(machine: Machine, head: Expectation | undefined, frames: Buffer, start: number, end: number): Fate {
  const run = runOf(head);
  if (run === null) return violation(machine, 'C');
  if (run.rows === 0 && frames[start] === COMMAND_COMPLETE) run.rows = rowsOfTag(frames, start, end);
  run.plan = null;
  if (head?.kind === 'execute') {
    machine.expectations.pop();
    machine.finish(run, 'ok');
  }
  return 'pass';
}

function ready(machine: Machine, head: Expectation | undefined, status: number | undefined): Fate {
  if (head?.kind !== 'simple' && head?.kind !== 'sync' && head?.kind !== 'refusal') return violation(machine, 'Z');
  machine.expectations.pop();
  machine.copyIn = false;
  if (head.kind === 'simple') machine.finish(head.run, head.run.code === null ? 'ok' : 'error');
  if (status === IDLE && machine.unsettled && machine.expectations.size === 0 && machine.outboxSize === 0) {
    machine.unsettled = false;
    machine.names.forget();
  }
  return 'pass';
}

function acknowledged(machine: Machine, head: Expectation | undefined): Fate {
  if (head?.kind !== 'parse' && head?.kind !== 'bind' && head?.kind !== 'close') return violation(machine, '1, 2 or 3');
  machine.expectations.pop();
  head.change.confirm();
  return 'pass';
}

function described(machine: Machine, head: Expectation | undefined, frames: Buffer, start: number, end: number): Fate {
  const rows = () =>
    frames[start] === NO_DATA ? null : planRows(decodeRowDescription(frames, start, end), machine.setup.masks, machine.maskedRelations);
  if (head?.kind === 'simple') {
    head.run.plan = rows();
    return 'pass';
  }
  if (head?.kind !== 'describe') return violation(machine, 'T or n');
  machine.expectations.pop();
  if (head.rowsOf === null) return 'pass';
  head.rowsOf.plan = rows();
  return 'swallow';
}

/** Answers to the gate's own question. None reaches the client but an error that stops its pipeline. Null: not one of them. */
function lookUpFrame(machine: Machine, item: Expectation & { kind: 'look-up' }, frames: Buffer, start: number, end: number): Fate | null {
  switch (frames[start]) {
    case PARSE_COMPLETE:
    case BIND_COMPLETE:
    case COMMAND_COMPLETE:
      return 'swallow';
    case DATA_ROW:
      item.answer = firstColumnText(frames, start, end);
      return 'swallow';
    case CLOSE_COMPLETE:
      item.closed += 1;
      if (item.form !== 'simple' && item.closed === 2) endLookUp(machine, item, 'answered');
      return 'swallow';
    case READY_FOR_QUERY:
      endLookUp(machine, item, item.state === 'failed' ? 'failed' : 'answered');
      return 'swallow';
    case ERROR_RESPONSE:
      if (item.form === 'simple') {
        item.state = 'failed';
        return 'swallow';
      }
      popFailed(machine);
      item.state = 'stopped';
      machine.resume();
      return 'pass';
    default:
      return null;
  }
}

function endLookUp(machine: Machine, item: Expectation & { kind: 'look-up' }, state: 'answered' | 'failed'): void {
  machine.expectations.pop();
  item.state = state;
  if (state === 'failed') item.answer = null;
  machine.resume();
}

function copyInBegins(machine: Machine, head: Expectation | undefined): Fate {
  if (runOf(head) === null) return violation(machine, 'G');
  machine.copyIn = true;
  if (head?.kind === 'execute') machine.expectations.dropSyncsAfterHead();
  return 'pass';
}

function count(machine: Machine, head: Expectation | undefined, frames: Buffer, start: number, end: number): Fate {
  const run = runOf(head);
  if (run === null) return violation(machine, 'COPY');
  run.bytes += end - start;
  machine.respond(run, frames, start, end);
  return 'pass';
}

function parameterStatus(machine: Machine, frames: Buffer, start: number, end: number): Fate {
  const { name, value } = decodeParameterStatus(frames, start, end);
  if (name === 'client_encoding') machine.encoding.clientEncoding = value;
  if (name === 'standard_conforming_strings') machine.encoding.standardConformingStrings = value === 'on' ? 'on' : 'off';
  return 'pass';
}

function runOf(item: Expectation | undefined): Run | null {
  return item?.kind === 'simple' || item?.kind === 'execute' ? item.run : null;
}

function violation(machine: Machine, type: string): Fate {
  const message = `Cannot follow the target's messages: ${JSON.stringify(type)} came out of turn`;
  machine.effect({ kind: 'send-client', frames: errorResponse({ severity: 'FATAL', code: '08P01', message, detail: null, hint: null }) });
  machine.close(message);
  return 'swallow';
}
