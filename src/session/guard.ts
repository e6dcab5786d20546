import type { DecisionEntry } from '#core/audit/entry.ts';
import type { Decision } from '#core/operation/decision.ts';
import type { Operation, Pair } from '#core/operation/operation.ts';
import type { Refusal } from '#core/operation/refusal.ts';
import { explainReason, refusalText } from '#core/operation/refusal.ts';
import type { JudgementRequest, Outcome } from '#core/operation/request.ts';
import { decideAll, dutyNames, type EffectiveDuty, type Right, rightText } from '#core/policy/effective-duty.ts';
import type { Duty } from '#core/policy/policy.ts';
import type { OperationCounts } from './operation-counts.ts';
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
  /** Of the session. */
  readonly counts: OperationCounts;
  readonly audit: AuditLog;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Whether outcomes carry a digest of the response. */
  readonly digestsResponses: boolean;
};

/** An operation that was cleared and has not ended. */
type UnderWay = { readonly startedMicros: number; readonly response: ResponseDigest | null };

export function createGuard({ link, right, counts, audit, ids, clock, digestsResponses }: GuardSetup): Guard {
  const underWay = new Map<string, UnderWay>();
  const preview = decisionCache(right);
  const judge = judgeBy(preview, right, counts);
  const dutyNow = nameCache(right);

  return {
    preview,
    inert: mint(),
    ask(connection, request, answer) {
      const decisionId = ids.next();
      const duty = dutyNow();
      const verdict = judge(request);
      const refusal = refusalOf(verdict, decisionId, duty);
      audit.append(decisionEntry(request, { decision: decisionId, connection, link, duty }, verdict, refusal), (written) => {
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

type Verdict = Decision | { readonly outcome: 'unjudgeable'; readonly why: string; readonly remedy: string } | OverLimit;
type OverLimit = { readonly outcome: 'over-limit'; readonly limit: string; readonly remedy: string };

/** What is allowed has been counted when it answers: an operation that asks for nothing (COMMIT) counts for none. */
function judgeBy(preview: Guard['preview'], right: Right, counts: OperationCounts): (request: JudgementRequest) => Verdict {
  return (request) => {
    switch (request.kind) {
      case 'operation': {
        const decision = preview(request.operation);
        if (decision.outcome !== 'allow' || request.operation.pairs.length === 0) return decision;
        const spent = counts.take(right.current(), request.operation.statements);
        return spent === null ? decision : operationsSpent(spent);
      }
      case 'unjudgeable':
        return { outcome: 'unjudgeable', why: request.why, remedy: request.remedy };
      case 'over-limit':
        return { outcome: 'over-limit', limit: request.limit, remedy: request.remedy };
    }
  };
}

function operationsSpent({ name, operationsMax }: Duty): OverLimit {
  const limit = `${operationsMax} operations of duty "${name}" in one session`;
  return {
    outcome: 'over-limit',
    limit,
    remedy: "Do it in fewer statements, or have the policy's owners raise limits.operations of the duty.",
  };
}

/** Null when the operation is allowed. */
function refusalOf(verdict: Verdict, decisionId: string, duty: string): Refusal | null {
  switch (verdict.outcome) {
    case 'allow':
      return null;
    case 'deny':
      return { kind: 'denied', decisionId, duty, reasons: verdict.reasons };
    case 'unjudgeable':
      return { kind: 'unjudgeable', decisionId, duty, why: verdict.why, remedy: verdict.remedy };
    case 'over-limit':
      return { kind: 'over-limit', decisionId, duty, limit: verdict.limit, remedy: verdict.remedy };
  }
}

function decisionEntry(
  request: JudgementRequest,
  made: Pick<DecisionEntry, 'decision' | 'connection' | 'link' | 'duty'>,
  verdict: Verdict,
  refusal: Refusal | null,
): DecisionEntry {
  const reasons = verdict.outcome === 'deny' ? verdict.reasons.map(explainReason) : refusal === null ? [] : [refusalText(refusal).message];
  const rules = 'rules' in verdict ? verdict.rules : [];
  const ruled = { kind: 'decision', ...made, outcome: verdict.outcome, rules, reasons } as const;
  if (request.kind !== 'operation') return { ...ruled, target: request.target, pairs: [], statement: request.statement, parameters: [] };
  const { target, pairs, statement, parameters } = request.operation;
  return { ...ruled, target, pairs, statement, parameters };
}
