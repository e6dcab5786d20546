import type { DecisionEntry } from '#core/audit/entry.ts';
import type { Decision } from '#core/operation/decision.ts';
import type { Operation, Pair } from '#core/operation/operation.ts';
import type { Refusal } from '#core/operation/refusal.ts';
import { explainReason, refusalText } from '#core/operation/refusal.ts';
import type { JudgementRequest, Outcome } from '#core/operation/request.ts';
import { decideAll, dutyNames, type EffectiveDuty, type Right, rightText } from '#core/policy/effective-duty.ts';
import type { AuditLog, Clock, Ids } from './ports.ts';
import { ResponseDigest } from './response-digest.ts';

declare const minted: unique symbol;

/**
 * The right to send something upstream. INVARIANT (P1): only this file makes one, and it makes one for an operation
 * only after the operation's decision entry has been written.
 */
export type Clearance = { readonly [minted]: true };

export type Judgement =
  | { readonly kind: 'cleared'; readonly decisionId: string; readonly clearance: Clearance }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The one place where operations are judged and recorded, for one command of a session. */
export type Guard = {
  /** What the policy would say, recorded nowhere: for refusing early. It clears nothing. */
  preview(operation: Operation): Decision;
  /** Judges, records, and only then answers; never from within the call. Answers come in the order of the asks. */
  ask(connection: string, request: JudgementRequest, answer: (judgement: Judgement) => void): void;
  /** More of a cleared operation's response, as the client gets it. `bytes` are not written to afterwards. */
  response(decisionId: string, bytes: Uint8Array): void;
  /** Records how a cleared operation ended. Once for each. */
  outcome(decisionId: string, outcome: Outcome): void;
  /** For frames that execute nothing of the client's: Sync, catalog look-ups, a refused statement's stand-in. */
  readonly inert: Clearance;
};

export type GuardSetup = {
  /** The command, as the audit names it. */
  readonly link: string;
  /** INVARIANT (R26): asked anew for each operation, so what narrows it narrows connections that are open. */
  readonly right: Right;
  readonly audit: AuditLog;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Whether outcomes carry a digest of the response. */
  readonly digestsResponses: boolean;
};

/** An operation that was cleared and has not ended. */
type UnderWay = { readonly startedMicros: number; readonly response: ResponseDigest | null };

export function createGuard({ link, right, audit, ids, clock, digestsResponses }: GuardSetup): Guard {
  const underWay = new Map<string, UnderWay>();
  const preview = decisionCache(right);
  const dutyNow = nameCache(right);

  return {
    preview,
    inert: mint(),
    ask(connection, request, answer) {
      const decisionId = ids.next();
      const duty = dutyNow();
      const refusal = judge(request, decisionId, duty, preview);
      audit.append(decisionEntry(request, { decision: decisionId, connection, link, duty }, refusal, preview), (written) => {
        if (!written.ok) return answer({ kind: 'refused', refusal: { kind: 'unrecordable', decisionId, duty, why: written.why } });
        if (refusal !== null) return answer({ kind: 'refused', refusal });
        underWay.set(decisionId, { startedMicros: clock.monotonicMicros(), response: digestsResponses ? new ResponseDigest() : null });
        answer({ kind: 'cleared', decisionId, clearance: mint() });
      });
    },
    response: (decisionId, bytes) => underWay.get(decisionId)?.response?.update(bytes),
    outcome(decisionId, outcome) {
      const ended = underWay.get(decisionId);
      if (ended === undefined) return;
      underWay.delete(decisionId);
      const durationMicros = clock.monotonicMicros() - ended.startedMicros;
      audit.append({ kind: 'outcome', decision: decisionId, ...outcome, durationMicros, responseSha256: ended.response?.hex() ?? null });
    },
  };
}

/** Clearances carry nothing: that one exists is the proof. */
const CLEARANCE = Object.freeze({}) as Clearance; // the only cast that makes one; see the invariant above

function mint(): Clearance {
  return CLEARANCE;
}

/** Pairs are immutable and made once for each judged statement, so their decision is too, until the right is another. */
function decisionCache(right: Right): (operation: Operation) => Decision {
  type Known = { readonly under: EffectiveDuty; readonly target: string; readonly database: string; readonly decision: Decision };
  const known = new WeakMap<readonly Pair[], Known>();
  return (operation) => {
    const { target, database, pairs } = operation;
    const under = right.current();
    const cached = known.get(pairs);
    if (cached !== undefined && cached.under === under && cached.target === target && cached.database === database) return cached.decision;
    const decision = decideAll(under, operation);
    known.set(pairs, { under, target, database, decision });
    return decision;
  };
}

/** The right's name, made anew only when it is another. */
function nameCache(right: Right): () => string {
  let known = { under: right.current(), name: rightText(dutyNames(right.current())) };
  return () => {
    const under = right.current();
    if (under !== known.under) known = { under, name: rightText(dutyNames(under)) };
    return known.name;
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
  made: Pick<DecisionEntry, 'decision' | 'connection' | 'link' | 'duty'>,
  refusal: Refusal | null,
  preview: Guard['preview'],
): DecisionEntry {
  const common = { kind: 'decision', ...made } as const;
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
