import { canonicalJson, NotCanonicalizable } from '#core/audit/canonical-json.ts';
import { decodeBase64url } from './base64url.ts';
import { hasRepeatedMember } from './unique-members.ts';

type Members = Readonly<Record<string, unknown>>;

/** A compact JWS (RFC 7515 section 3.1) of JSON claims. Nothing in it is checked but its form. */
export type CompactJws = {
  readonly header: Members;
  readonly claims: Members;
  /** What was signed. */
  readonly input: Buffer;
  readonly signature: Buffer;
};

/**
 * Reads a token strictly: base64url in its only spelling, UTF-8, objects, no member twice. So whoever reads it later reads the same.
 * A text in answer says what it is not. The caller limits the length.
 */
export function parseCompactJws(token: string): CompactJws | string {
  const parts = token.split('.');
  const [head = '', body = '', sig = ''] = parts;
  const [header, claims, signature] = [decodePart(head), decodePart(body), decodeBase64url(sig)];
  if (parts.length !== 3 || sig === '' || header === null || claims === null || signature === null)
    return 'it is not a signed compact JWS in strict base64url';
  if (header === 'repeats' || claims === 'repeats') return 'it names a member twice';
  return { header, claims, input: Buffer.from(`${head}.${body}`, 'latin1'), signature };
}

function decodePart(part: string): Members | 'repeats' | null {
  const bytes = decodeBase64url(part);
  if (bytes === null) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return null;
    canonicalJson(value); // as everybody reads it: no lone surrogates, no number too large, no absurd depth
    return hasRepeatedMember(text) ? 'repeats' : value;
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError || cause instanceof NotCanonicalizable) return null;
    throw cause;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
