import type { Operation } from './operation.ts';

/** What a gate asks of the guard: an operation for the policy, or a request that nobody can judge, which is recorded and refused. */
export type JudgementRequest =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'unjudgeable'; readonly target: string; readonly statement: string; readonly why: string; readonly remedy: string }
  | { readonly kind: 'over-limit'; readonly target: string; readonly statement: string; readonly limit: string; readonly remedy: string };

/** How a cleared operation ended. */
export type Outcome = {
  readonly status: 'ok' | 'error' | 'suspended' | 'skipped' | 'cut';
  /** SQLSTATE, or the protocol's own code; null when it went well. */
  readonly code: string | null;
  readonly rows: number;
  /** Bytes of the response, as the client got them. */
  readonly bytes: number;
  /** Values masked in the response. */
  readonly masked: number;
};
