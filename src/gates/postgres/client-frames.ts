import type { StatementFacts } from '#core/sql/facts.ts';
import { decodeBind, decodeClose, decodeDescribe, decodeExecute, decodeParse, decodeQuery } from './client-messages.ts';
import { describe, errorResponse, flush } from './encode.ts';
import { type Form, startRun } from './expectations.ts';
import { type Judged, operationOf } from './judge.ts';
import { type Judgement, withJudgement } from './look-up.ts';
import type { Machine } from './machine.ts';
import { showParameters, showStatement, showUnreadable } from './shown-text.ts';
import type { Portal, Prepared } from './statements.ts';

/** One message of the client (protocol-message-formats), at [start, end) of `frames`. A broken one ends the connection. */
export function clientFrame(machine: Machine, frames: Buffer, start: number, end: number): void {
  const frame = frames.subarray(start, end);
  if (machine.unitRefused && SKIPPED.has(frame[0] ?? 0)) return;
  switch (frame[0]) {
    case QUERY:
      return simpleQuery(machine, frame);
    case PARSE:
      return parseMessage(machine, frame);
    case BIND:
      return bindMessage(machine, frame);
    case DESCRIBE:
      return describeMessage(machine, frame);
    case EXECUTE:
      return executeMessage(machine, frame);
    case CLOSE:
      return closeMessage(machine, frame);
    case FLUSH:
      return machine.send(frame);
    case SYNC:
      return syncMessage(machine, frame);
    case COPY_DATA:
    case COPY_DONE:
    case COPY_FAIL:
      return copyMessage(machine, frame);
    case FUNCTION_CALL:
      // W-sql-4: the fast path calls any function by its oid, without a statement that anybody could judge.
      return machine.refuse('simple', '(function call)', {
        why: 'the function call protocol carries no statement',
        remedy: 'Call the function in a SELECT.',
      });
    case TERMINATE:
      // Past whatever still waits to be cleared: nobody is there to hear of it.
      machine.effect({ kind: 'send-upstream', frames: frame, clearance: machine.setup.inert });
      return machine.close(null);
    default:
      return violation(machine, `unexpected message type ${frame[0]}`);
  }
}

const QUERY = 0x51;
const PARSE = 0x50;
const BIND = 0x42;
const DESCRIBE = 0x44;
const EXECUTE = 0x45;
const CLOSE = 0x43;
const FLUSH = 0x48;
const SYNC = 0x53;
const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
const COPY_FAIL = 0x66;
const FUNCTION_CALL = 0x46;
const TERMINATE = 0x58;
/** What the server passes over between an error and Sync (protocol-flow, "Extended Query"). */
const SKIPPED: ReadonlySet<number> = new Set([QUERY, PARSE, BIND, DESCRIBE, EXECUTE, CLOSE, FUNCTION_CALL]);

/** W-sql-4: a message over the limit is answered in its place like any other that cannot be judged. */
export function oversizedClientFrame(machine: Machine, type: number, bytes: number): void {
  if (machine.unitRefused && SKIPPED.has(type)) return;
  if (type === COPY_DATA || type === TERMINATE || type === SYNC) return violation(machine, `message of ${bytes} bytes`);
  machine.sendRefused(
    {
      kind: 'over-limit',
      target: machine.setup.target,
      statement: `(message of ${bytes} bytes, not read)`,
      limit: 'message size',
      remedy: 'Send less at once: many rows go by COPY or in several statements.',
    },
    type === QUERY || type === FUNCTION_CALL ? 'simple' : 'extended',
  );
}

function simpleQuery(machine: Machine, frame: Buffer): void {
  const text = decodeQuery(frame, 0, frame.length).text;
  const facts = machine.setup.classify(text, machine.encoding);
  if ('kind' in facts) return machine.refuse('simple', showUnreadable(machine.setup, text), facts);
  withJudgement(machine, facts, 'simple', (judgement) => {
    const judged = accept(machine, judgement, text, facts, 'simple');
    if (judged === null) return;
    const run = startRun(machine.barrierOf(facts) !== 'none');
    const operation = operationOf(machine.setup, judged, showStatement(machine.setup, text, facts, judged), []);
    machine.sendWhenCleared({ kind: 'operation', operation }, 'simple', frame, [{ kind: 'simple', run }], run);
    sent(machine, facts, 'simple');
  });
}

function parseMessage(machine: Machine, frame: Buffer): void {
  const { name, text } = decodeParse(frame, 0, frame.length);
  const form: Form = name === '' ? 'unnamed-parse' : 'extended';
  const facts = machine.setup.classify(text, machine.encoding);
  if ('kind' in facts) return machine.refuse(form, showUnreadable(machine.setup, text), facts);
  withJudgement(machine, facts, form, (judgement) => {
    // As a Parse that fails would have done on the server.
    if (judgement.kind === 'skipped' && judgement.stopped && name === '')
      machine.statements.prepared.change('', null, machine.unit)?.clear();
    const judged = accept(machine, judgement, text, facts, form);
    if (judged === null || refusedEarly(machine, judged, text, facts, form)) return;
    const change = machine.statements.prepared.change(name, { text, facts, judged }, machine.unit);
    // SQL's EXECUTE runs it by the same name.
    const named = name === '' || machine.statements.rememberNamed(name, facts);
    if (change === null || !named) return tooMany(machine, text, facts, judged);
    // The server drops the unnamed statement before it reads the new one: after a failed Parse there is none.
    machine.send(frame, [{ kind: 'parse', change, failed: name === '' ? change.clear : change.undo }]);
  });
}

/**
 * Binding plans the statement, and planning runs functions that are declared free of effects: so what the policy refuses
 * is refused here already. What it allows is recorded when it is executed, each time (W-sql-4).
 */
function bindMessage(machine: Machine, frame: Buffer): void {
  const bind = decodeBind(frame, 0, frame.length);
  const prepared = machine.statements.prepared.get(bind.statement, machine.unit);
  if (prepared === undefined) return unknownName(machine, 'prepared statement', bind.statement);
  if (prepared === 'uncertain') return onceAnswered(machine, () => bindMessage(machine, frame));
  withFreshJudgement(machine, prepared, (judged) => {
    if (refusedEarly(machine, judged, prepared.text, prepared.facts, 'extended')) return;
    const change = machine.statements.portals.change(bind.portal, { prepared, parameters: bind.parameters }, machine.unit);
    const named = bind.portal === '' || machine.statements.rememberNamed(bind.portal, prepared.facts);
    if (change === null || !named) return tooMany(machine, prepared.text, prepared.facts, judged);
    machine.send(frame, [{ kind: 'bind', change, failed: change.undo }]);
  });
}

function describeMessage(machine: Machine, frame: Buffer): void {
  decodeDescribe(frame, 0, frame.length);
  machine.send(frame, [{ kind: 'describe', rowsOf: null }]);
}

/** Every execution is an operation of its own, a portal fetched in pieces too (R34). */
function executeMessage(machine: Machine, frame: Buffer): void {
  const { portal: name } = decodeExecute(frame, 0, frame.length);
  const portal = machine.statements.portals.get(name, machine.unit);
  if (portal === undefined) return unknownName(machine, 'portal', name);
  if (portal === 'uncertain') return onceAnswered(machine, () => executeMessage(machine, frame));
  withFreshJudgement(machine, portal.prepared, (judged) => executePortal(machine, frame, name, portal, judged));
}

function executePortal(machine: Machine, frame: Buffer, name: string, portal: Portal, judged: Judged): void {
  const { text, facts } = portal.prepared;
  const run = startRun(machine.barrierOf(facts) !== 'none');
  const statement = showStatement(machine.setup, text, facts, judged);
  const operation = operationOf(machine.setup, judged, statement, showParameters(machine.setup, portal.parameters, judged));
  const looksAtRows = judged.showsMasked || machine.setup.masks.detects;
  // The origin of columns is known from a description, and clients need not ask for one: so the gate asks for its own.
  const frames = looksAtRows ? Buffer.concat([describe('portal', name), frame]) : frame;
  const expect = looksAtRows
    ? ([
        { kind: 'describe', rowsOf: run },
        { kind: 'execute', run },
      ] as const)
    : ([{ kind: 'execute', run }] as const);
  machine.sendWhenCleared({ kind: 'operation', operation }, 'extended', frames, expect, run);
  sent(machine, facts, 'extended');
}

function closeMessage(machine: Machine, frame: Buffer): void {
  const { what, name } = decodeClose(frame, 0, frame.length);
  const change = machine.statements[what === 'portal' ? 'portals' : 'prepared'].change(name, null, machine.unit);
  if (change === null) return violation(machine, 'too many messages about one name at once');
  machine.send(frame, [{ kind: 'close', change, failed: change.undo }]);
}

function syncMessage(machine: Machine, frame: Buffer): void {
  machine.endUnit();
  // While rows are copied in, the server reads Sync as part of them and answers nothing (protocol-flow, "COPY Operations").
  machine.send(frame, machine.copyIn ? [] : [{ kind: 'sync' }]);
}

/** Data of a COPY that was cleared; at any other time the server would ignore it, and so nobody sends it. */
function copyMessage(machine: Machine, frame: Buffer): void {
  if (!machine.copyIn) return;
  machine.send(frame);
  if (frame[0] !== COPY_DATA) machine.copyIn = false;
}

/** Null when the message has been answered, or will be passed over by the server. */
function accept(machine: Machine, judgement: Judgement, text: Buffer, facts: StatementFacts, form: Form): Judged | null {
  if (judgement.kind === 'skipped') return null;
  if (judgement.kind === 'failed') {
    machine.refuse(form, showUnreadable(machine.setup, text), judgement.objection);
    return null;
  }
  const { judged } = judgement;
  if (judged.objection === null) return judged;
  machine.refuse(form, showStatement(machine.setup, text, facts, judged), judged.objection);
  return null;
}

/** Judges again what was judged when names may have meant something else (R34), or fewer masks applied (R26). */
function withFreshJudgement(machine: Machine, prepared: Prepared, then: (judged: Judged) => void): void {
  machine.settleNames();
  if (machine.isCurrent(prepared.judged)) return then(prepared.judged);
  withJudgement(machine, prepared.facts, 'extended', (judgement) => {
    const judged = accept(machine, judgement, prepared.text, prepared.facts, 'extended');
    if (judged === null) return;
    prepared.judged = judged;
    then(judged);
  });
}

/** Has a refusal recorded at once, where the policy's answer cannot be anything else. */
function refusedEarly(machine: Machine, judged: Judged, text: Buffer, facts: StatementFacts, form: Form): boolean {
  const operation = operationOf(machine.setup, judged, showStatement(machine.setup, text, facts, judged), []);
  if (machine.setup.preview(operation).outcome === 'allow') return false;
  machine.sendRefused({ kind: 'operation', operation }, form);
  return true;
}

/** What a statement on its way means for the judgement of those behind it. */
function sent(machine: Machine, facts: StatementFacts, form: Form): void {
  for (const { name, facts: inner } of [...facts.cursors.prepares, ...facts.cursors.declares]) {
    if (!machine.statements.rememberNamed(name, inner)) return violation(machine, 'too many named statements and cursors');
  }
  const barrier = machine.barrierOf(facts);
  if (barrier === 'none') return;
  machine.names.forget();
  machine.unsettled = true;
  if (barrier === 'names') return;
  // Code that nobody read may have changed what the gate knows of the session: wait until it has run (R32).
  if (form === 'extended') machine.send(flush());
  machine.stall('drained', () => machine.names.forget());
}

/** What a name stands for hangs on answers that have not come: waits for them, then looks at the message again. */
function onceAnswered(machine: Machine, again: () => void): void {
  if (machine.unsynced) machine.send(flush());
  machine.stall('drained', again);
}

function unknownName(machine: Machine, what: string, name: string): void {
  machine.refuse('extended', `(${what} ${JSON.stringify(name)})`, {
    why: `${what} ${JSON.stringify(name)} was not made through the protocol on this connection`,
    remedy: 'Prepare and bind it by protocol messages, or use SQL for all of it.',
  });
}

function tooMany(machine: Machine, text: Buffer, facts: StatementFacts, judged: Judged): void {
  machine.sendRefused(
    {
      kind: 'over-limit',
      target: machine.setup.target,
      statement: showStatement(machine.setup, text, facts, judged),
      limit: 'prepared statements and portals of one connection',
      remedy: 'Close those that are no longer needed.',
    },
    'extended',
  );
}

function violation(machine: Machine, what: string): void {
  const message = `Cannot read the client's messages: ${what}, expected the PostgreSQL protocol`;
  machine.effect({ kind: 'send-client', frames: errorResponse({ severity: 'FATAL', code: '08P01', message, detail: null, hint: null }) });
  machine.close(message);
}
