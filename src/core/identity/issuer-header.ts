import * as z from 'zod';
import { printable } from '#core/recording/safe-terminal.ts';

const KID_CHARACTERS_MAX = 256;
const SHOWN_CHARACTERS_MAX = 40;

const Header = z.looseObject({ kid: z.string().min(1).max(KID_CHARACTERS_MAX), typ: z.literal('JWT').optional() });

/** By these a token would bring its own key, or conditions that a reader may not know (RFC 7515 section 4.1, RFC 7797). */
const FOREIGN = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip'] as const;

/**
 * The header of a token that an issuer signed: which of the issuer's keys, or in words why it is none. One algorithm (RFC 8725
 * section 3.1), and no key but the issuer's own.
 */
export function parseIssuerHeader(header: Readonly<Record<string, unknown>>): { readonly kid: string } | string {
  if (header['alg'] !== 'RS256') return `it is signed with ${shown(header['alg'])}, expected RS256`;
  const foreign = FOREIGN.filter((name) => Object.hasOwn(header, name));
  if (foreign.length > 0) return `its header has ${foreign.join(', ')}, expected neither keys nor conditions of its own`;
  const parsed = Header.safeParse(header);
  if (parsed.success) return { kid: parsed.data.kid };
  return `its header has no usable ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`;
}

function shown(alg: unknown): string {
  return typeof alg === 'string' ? printable(JSON.stringify(alg.slice(0, SHOWN_CHARACTERS_MAX))) : 'no algorithm';
}
