import type { Pair } from '#core/operation/operation.ts';
import { canonicalJson, canonicalString } from './canonical-json.ts';
import type { AuditEntry, DecisionEntry, OutcomeEntry } from './entry.ts';

/**
 * An entry as canonical JSON. The two kinds that are written for every statement have their members spelled out in
 * sorted order, five times as fast as sorting them anew; the result is the same, and a property test holds it so.
 */
export function encodeEntry(entry: AuditEntry): string {
  switch (entry.kind) {
    case 'decision':
      return encodeDecision(entry);
    case 'outcome':
      return encodeOutcome(entry);
    case 'session':
    case 'hold':
    case 'approval':
    case 'release':
    case 'connection':
    case 'cage':
    case 'confinement':
    case 'recording':
    case 'command':
    case 'delegation':
    case 'agent':
    case 'mint':
    case 'egress':
    case 'checkpoint':
    case 'incident':
    case 'seal':
      return canonicalJson(entry);
  }
}

function encodeDecision(entry: DecisionEntry): string {
  return (
    `{"connection":${canonicalString(entry.connection)},"decision":${canonicalString(entry.decision)},"duty":${canonicalString(entry.duty)},"kind":"decision",` +
    `"link":${canonicalString(entry.link)},"outcome":"${entry.outcome}","pairs":${encodePairs(entry.pairs)},"parameters":${encodeParameters(entry.parameters)},"reasons":${encodeStrings(entry.reasons)},` +
    `"rules":${encodeStrings(entry.rules)},"statement":${canonicalString(entry.statement)},"target":${canonicalString(entry.target)}}`
  );
}

function encodeOutcome(entry: OutcomeEntry): string {
  return (
    `{"bytes":${encodeCount(entry.bytes)},"code":${entry.code === null ? 'null' : canonicalString(entry.code)},"decision":${canonicalString(entry.decision)},` +
    `"durationMicros":${encodeCount(entry.durationMicros)},"kind":"outcome","masked":${encodeCount(entry.masked)},"responseSha256":${entry.responseSha256 === null ? 'null' : `"${entry.responseSha256}"`},` +
    `"rows":${encodeCount(entry.rows)},"status":"${entry.status}"}`
  );
}

/** Pairs are immutable and made once for each judged statement; its executions share them. */
const encodedPairs = new WeakMap<readonly Pair[], string>();

function encodePairs(pairs: readonly Pair[]): string {
  const known = encodedPairs.get(pairs);
  if (known !== undefined) return known;
  const text = canonicalJson(pairs);
  encodedPairs.set(pairs, text);
  return text;
}

function encodeParameters(parameters: DecisionEntry['parameters']): string {
  if (parameters.length === 0) return '[]';
  return `[${parameters.map((value) => (value === null ? 'null' : canonicalString(value))).join(',')}]`;
}

function encodeStrings(strings: readonly string[]): string {
  return strings.length === 0 ? '[]' : `[${strings.map(canonicalString).join(',')}]`;
}

function encodeCount(count: number): string {
  return Number.isSafeInteger(count) ? String(count + 0) : canonicalJson(count);
}
