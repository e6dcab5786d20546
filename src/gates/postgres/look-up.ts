import type { StatementFacts } from '#core/sql/facts.ts';
import { bind, close, execute, flush, parse, sync } from './encode.ts';
import type { Expectation, Form } from './expectations.ts';
import type { Judged, Objection } from './judge.ts';
import type { Machine } from './machine.ts';
import { LOOK_UP_SQL, type LookUp, lookUpParameters, parseLookUpAnswer } from './names.ts';

export type Judgement =
  | { readonly kind: 'judged'; readonly judged: Judged }
  | { readonly kind: 'failed'; readonly objection: Objection }
  /** The server passes over everything until Sync: an earlier message failed, or (`stopped`) the look-up did, and the client knows. */
  | { readonly kind: 'skipped'; readonly stopped: boolean };

/**
 * Judges facts, asking the server for the names it does not know yet: on the client's own connection, and in the place
 * where the statement will go (R31). Until the answer has come, nothing of the client's behind it is looked at.
 */
export function withJudgement(machine: Machine, facts: StatementFacts, form: Form, then: (judgement: Judgement) => void): void {
  machine.settleNames();
  const involved = involvedFacts(machine, facts);
  if (involved === null) return then({ kind: 'failed', objection: UNKNOWN_NAME });
  const missing = mergeLookUps(involved.map((each) => machine.names.missing(each)));
  if (missing === null) return then(judged(machine, involved));
  askServer(machine, missing, (answer) => {
    if (answer.state === 'skipped') return then({ kind: 'skipped', stopped: false });
    if (answer.state === 'stopped') {
      // A simple query is owed a ReadyForQuery, and the server now waits for a Sync to say it.
      if (form === 'simple') machine.endPipeline();
      return then({ kind: 'skipped', stopped: true });
    }
    const names = answer.answer === null ? null : parseLookUpAnswer(answer.answer);
    if (names === null) return then({ kind: 'failed', objection: NO_ANSWER });
    machine.names.learn(missing, names);
    then(judged(machine, involved));
  });
}

const UNKNOWN_NAME: Objection = {
  why: 'it runs a prepared statement or cursor that was not made on this connection',
  remedy: 'Prepare or declare it first.',
};
const NO_ANSWER: Objection = {
  why: 'the target did not say what its names stand for (in a failed transaction it cannot)',
  remedy: 'End the transaction with ROLLBACK, or check the names and the login’s rights to its schemas.',
};

function judged(machine: Machine, involved: readonly StatementFacts[]): Judgement {
  return { kind: 'judged', judged: machine.judge(involved) };
}

/** The facts, and those of all that they run by name. Null when a name was never seen. */
function involvedFacts(machine: Machine, facts: StatementFacts): readonly StatementFacts[] | null {
  const { executes, fetches, declares } = facts.cursors;
  if (executes.length + fetches.length + declares.length === 0) return [facts];
  const run = [...executes, ...fetches].map((name) => machine.statements.meaningsOf(name));
  if (run.some((meanings) => meanings.length === 0)) return null;
  return [facts, ...declares.map((declared) => declared.facts), ...run.flat()];
}

function mergeLookUps(lookUps: readonly (LookUp | null)[]): LookUp | null {
  const asked = lookUps.filter((lookUp) => lookUp !== null);
  const first = asked[0];
  if (first === undefined) return null;
  if (asked.length === 1) return first;
  const all = (key: keyof LookUp) => [...new Set(asked.flatMap((lookUp) => lookUp[key]))];
  return { relations: all('relations'), functions: all('functions'), operators: all('operators') };
}

type LookUpItem = Expectation & { readonly kind: 'look-up' };

/**
 * Extended messages with names of their own, which disturb neither the client's unnamed statement nor its portal. Between
 * the client's messages and their Sync a Flush must do; at any other place a Sync ends what was begun.
 */
function askServer(machine: Machine, lookUp: LookUp, then: (item: LookUpItem) => void): void {
  const form: Form = machine.unsynced ? 'extended' : 'simple';
  const item: LookUpItem = { kind: 'look-up', lookUp, form, state: 'pending', answer: null, closed: 0 };
  machine.stall('resumed', () => then(item));
  machine.send(
    Buffer.concat([
      parse(LOOK_UP_NAME, Buffer.from(LOOK_UP_SQL)),
      bind(LOOK_UP_NAME, LOOK_UP_NAME, lookUpParameters(lookUp)),
      execute(LOOK_UP_NAME),
      close('portal', LOOK_UP_NAME),
      close('statement', LOOK_UP_NAME),
      form === 'simple' ? sync() : flush(),
    ]),
    [item],
  );
}

const LOOK_UP_NAME = 'duty_gate_look_up';
