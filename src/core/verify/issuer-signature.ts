import type { CompactJws } from '#core/identity/compact-jws.ts';
import { parseIssuerHeader } from '#core/identity/issuer-header.ts';
import { isRs256SignedBy } from '#core/identity/rsa-key.ts';
import type { KnownKeys } from './issuer-keys.ts';

/** Whether an issuer signed a token. `unknownKey`: the key that would have to be known from outside to tell. */
export type IssuerSignature =
  | { readonly kind: 'good' }
  | { readonly kind: 'unknown-key'; readonly kid: string }
  | { readonly kind: 'bad'; readonly what: string };

/** By keys from outside alone (R1); with none that fits, nothing is known. */
export function checkIssuerSignature({ header, input, signature }: CompactJws, issuer: string, keys: KnownKeys): IssuerSignature {
  const parsed = parseIssuerHeader(header);
  if (typeof parsed === 'string') return { kind: 'bad', what: parsed };
  const key = keys.find(issuer, parsed.kid);
  if (key === null) return { kind: 'unknown-key', kid: parsed.kid };
  if (isRs256SignedBy(key, input, signature)) return { kind: 'good' };
  return { kind: 'bad', what: `its signature is not the one of key ${parsed.kid} of its issuer` };
}
