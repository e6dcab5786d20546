import * as z from 'zod';
import { describe, type KnownEntry } from '#core/audit/entry-schema.ts';
import { approvalAudience } from '#core/identity/audience.ts';
import { parseCompactJws } from '#core/identity/compact-jws.ts';
import type { KnownKeys } from './issuer-keys.ts';
import { checkIssuerSignature } from './issuer-signature.ts';
import { TOKEN_BYTES_MAX } from './manifest.ts';
import type { SessionFacts } from './verification.ts';

/** How long before it was asked for an approval may have been signed: clocks differ. */
const SKEW_SECONDS_MAX = 60;

/** An approval, and what it is of. */
export type Receipt = {
  readonly session: SessionFacts;
  readonly hold: Extract<KnownEntry, { kind: 'hold' }>;
  /** Time of the hold's line. */
  readonly heldAt: string;
  readonly approver: { readonly id: string };
  readonly run: string;
  readonly token: string;
};

/** `what`: in words, why it is not good; null: it is. `unknownKey`: the key it depends on is not known from outside. */
export type ReceiptFinding = { readonly what: string | null; readonly unknownKey: string | null };

const Claims = z.looseObject({
  ...{ iss: z.string(), aud: z.string(), sub: z.string(), jti: z.string(), iat: z.number(), exp: z.number() },
  ...{ run_id: z.string(), run_attempt: z.string(), environment: z.string(), repository_id: z.string() },
});

/**
 * Whether GitHub signed that, in a run of the hold's environment and of the session's own repository, this person approved
 * exactly this operation (R8), and that the person is not the one behind it (P4).
 */
export function checkReceipt(receipt: Receipt, keys: KnownKeys): ReceiptFinding {
  const { session, token } = receipt;
  const bad = (what: string): ReceiptFinding => ({ what, unknownKey: null });
  if (session.issuer === 'local') return bad('an issuer local has nobody to approve');
  if (token.length > TOKEN_BYTES_MAX) return bad(`its receipt is longer than ${TOKEN_BYTES_MAX} bytes`);
  const jws = parseCompactJws(token);
  if (typeof jws === 'string') return bad(`its receipt: ${jws}`);
  const claims = Claims.safeParse(jws.claims);
  if (!claims.success) return bad(`its receipt's claims are malformed: ${describe(claims.error)}`);
  const wrong = wrongClaims(claims.data, receipt);
  if (wrong !== null) return bad(`its receipt ${wrong}`);
  const signature = checkIssuerSignature(jws, session.issuer, keys);
  switch (signature.kind) {
    case 'good':
      return { what: null, unknownKey: null };
    case 'unknown-key':
      return { what: null, unknownKey: signature.kid };
    case 'bad':
      return bad(`its receipt: ${signature.what}`);
  }
}

function wrongClaims(claims: z.infer<typeof Claims>, { session, hold, heldAt, approver, run }: Receipt): string | null {
  const { gateway, issuer } = session;
  const { actor_id: actor, repository_id: repository } = session.claims;
  if (actor === undefined || repository === undefined)
    return 'has nothing to be held against: the session names no actor_id or repository_id';
  if (approver.id === actor) return 'is of the person behind the operation: nobody approves what is done in his own name';
  if (claims.iss !== issuer) return 'is from another issuer than the session';
  if (claims.aud !== approvalAudience({ gateway, request: hold.hold, operation: hold.operation, run, approvers: [approver.id] }))
    return 'is not of this operation, request, run and approver';
  if (claims.run_id !== run || claims.run_attempt !== '1') return 'is of another run, or not of its first attempt';
  if (claims.environment !== hold.environment) return 'is of another environment';
  if (claims.repository_id !== repository) return 'is of another repository';
  if (claims.iat < Date.parse(heldAt) / 1000 - SKEW_SECONDS_MAX) return 'is older than the request';
  if (claims.iat > Date.parse(hold.expires) / 1000) return 'is younger than the request lasts';
  return null;
}
