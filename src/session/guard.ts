import type { DecisionEntry } from '#core/audit/entry.ts';
import type { Decision } from '#core/operation/decision.ts';
import type { Operation, Pair } from '#core/operation/operation.ts';
import type { Refusal } from '#core/operation/refusal.ts';
import { explainReason, refusalText } from '#core/operation/refusal.ts';
import type { JudgementRequest, Outcome } from '#core/operation/request.ts';
import { decide } from '#core/policy/decide.ts';
import type { Duty } from '#core/policy/policy.ts';
import type { AuditLog, Clock, Ids } from './ports.ts';

declare const minted: unique symbol;

/**
 * The right to send something upstream. INVARIANT (P1): only this file makes one, and it makes one for an operation
 * only after the operation's decision entry has been written.
 */
export type Clearance = { readonly [minted]: true };

export type Judgement =
  | { readonly kind: 'cleared'; readonly decisionId: string; readonly clearance: Clearance }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The one place where operations are judged and recorded, for one session. */
export type Guard = {
  /** What the policy would say, recorded nowhere: for refusing early. It clears nothing. */
  preview(operation: Operation): Decision;
  /** Judges, records, and only then answers; never from within the call. Answers come in the order of the asks. */
  ask(connection: string, request: JudgementRequest, answer: (judgement: Judgement) => void): void;
  /** Records how a cleared operation ended. Once for each. */
  outcome(decisionId: string, outcome: Outcome): void;
  /** For frames that execute nothing of the client's: Sync, catalog look-ups, a refused statement's stand-in. */
  readonly inert: Clearance;
};

export type GuardSetup = {
  readonly duty: Duty;
  readonly audit: AuditLog;
  readonly ids: Ids;
  readonly clock: Clock;
};

export function createGuard({ duty, audit, ids, clock }: GuardSetup): Guard {
  const startedMicros = new Map<string, number>();
  const preview = decisionCache(duty);

  return {
    preview,
    inert: mint(),
    ask(connection, request, answer) {
      const decisionId = ids.next();
      const refusal = judge(request, decisionId, duty.name, preview);
      audit.append(decisionEntry(request, decisionId, connection, duty.name, refusal, preview), (written) => {
        if (!written.ok || refusal !== null) {
          answer({
            kind: 'refused',
            refusal: written.ok && refusal !== null ? refusal : { kind: 'unrecordable', decisionId, duty: duty.name },
          });
          return;
        }
        startedMicros.set(decisionId, clock.monotonicMicros());
        answer({ kind: 'cleared', decisionId, clearance: mint() });
      });
    },
    outcome(decisionId, outcome) {
      const started = startedMicros.get(decisionId);
      if (started === undefined) return;
      startedMicros.delete(decisionId);
      audit.append({ kind: 'outcome', decision: decisionId, ...outcome, durationMicros: clock.monotonicMicros() - started });
    },
  };
}

/** Clearances carry nothing: that one exists is the proof. */
const CLEARANCE = Object.freeze({}) as Clearance; // the only cast that makes one; see the invariant above

function mint(): Clearance {
  return CLEARANCE;
}

/** Pairs are immutable and made once for each judged statement, so their decision is too. */
function decisionCache(duty: Duty): (operation: Operation) => Decision {
  const known = new WeakMap<readonly Pair[], { target: string; database: string; decision: Decision }>();
  return (operation) => {
    const cached = known.get(operation.pairs);
    if (cached !== undefined && cached.target === operation.target && cached.database === operation.database) return cached.decision;
    const decision = decide(duty, operation);
    known.set(operation.pairs, { target: operation.target, database: operation.database, decision });
    return decision;
  };
}

/** Null when the operation is allowed. */
function judge(request: JudgementRequest, decisionId: string, duty: string, preview: Guard['preview']): Refusal | null {
  switch (request.kind) {
    case 'operation': {
      const decision = preview(request.operation);
      return decision.outcome === 'allow' ? null : { kind: 'denied', decisionId, duty, reasons: decision.reasons };
    }
    case 'unjudgeable':
      return { kind: 'unjudgeable', decisionId, duty, why: request.why, remedy: request.remedy };
    case 'over-limit':
      return { kind: 'over-limit', decisionId, duty, limit: request.limit, remedy: request.remedy };
  }
}

function decisionEntry(
  request: JudgementRequest,
  decision: string,
  connection: string,
  duty: string,
  refusal: Refusal | null,
  preview: Guard['preview'],
): DecisionEntry {
  const common = { kind: 'decision', decision, connection, duty } as const;
  if (request.kind !== 'operation') {
    const reasons = refusal === null ? [] : [refusalText(refusal).message];
    return {
      ...common,
      target: request.target,
      outcome: request.kind,
      rules: [],
      pairs: [],
      reasons,
      statement: request.statement,
      parameters: [],
    };
  }
  const { operation } = request;
  const decided = preview(operation);
  return {
    ...common,
    target: operation.target,
    outcome: decided.outcome,
    rules: decided.rules,
    pairs: operation.pairs,
    reasons: decided.outcome === 'allow' ? [] : decided.reasons.map(explainReason),
    statement: operation.statement,
    parameters: operation.parameters,
  };
}
