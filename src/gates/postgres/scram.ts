import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { ProtocolViolation } from './frames.ts';

/**
 * SCRAM-SHA-256, the client's side (RFC 5802, RFC 7677), as PostgreSQL speaks it: the user name is empty, the start-up message
 * has named it. No channel binding: `n,,` says that this client does not know it, so that offering SCRAM-SHA-256-PLUS beside
 * it is no downgrade (RFC 5802, 6).
 */
export type ScramFirst = { readonly message: string; answer(serverFirst: string): ScramFinal };
export type ScramFinal = { readonly message: string; verify(serverFinal: string): void };

/** `clientNonce`: printable, without a comma, never used before. PostgreSQL takes an empty `user`. */
export function scramClient(password: string, clientNonce: string, user = ''): ScramFirst {
  const bare = `n=${user},r=${clientNonce}`;
  return { message: `n,,${bare}`, answer: (serverFirst) => answer(password, clientNonce, bare, serverFirst) };
}

/** The server, not yet proved, chooses how much work a log-in is; past this it is only trying to hold the gateway up. */
const ITERATIONS_MAX = 1_000_000;
const SHA256_BYTES = 32;

function answer(password: string, clientNonce: string, bare: string, serverFirst: string): ScramFinal {
  const { nonce, salt, iterations } = parseServerFirst(serverFirst, clientNonce);
  const salted = pbkdf2Sync(preparePassword(password), salt, iterations, SHA256_BYTES, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  const withoutProof = `c=biws,r=${nonce}`;
  const exchange = `${bare},${serverFirst},${withoutProof}`;
  const signature = hmac(createHash('sha256').update(clientKey).digest(), exchange);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
  return {
    message: `${withoutProof},p=${proof.toString('base64')}`,
    verify(serverFinal) {
      const given = Buffer.from(/^v=([A-Za-z0-9+/=]+)/.exec(serverFinal)?.[1] ?? '', 'base64');
      const expected = hmac(hmac(salted, 'Server Key'), exchange);
      // A server that does not know the password's verifier is not the one it was meant for.
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        throw new ProtocolViolation('the server did not prove that it knows the password');
    },
  };
}

function parseServerFirst(serverFirst: string, clientNonce: string): { nonce: string; salt: Buffer; iterations: number } {
  const parts = /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/=]+),i=([0-9]{1,10})(?:,|$)/.exec(serverFirst);
  const [, nonce = '', salt = '', count = ''] = parts ?? [];
  const iterations = Number(count);
  if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length) throw new ProtocolViolation('SCRAM nonce that is not ours');
  if (iterations < 1 || iterations > ITERATIONS_MAX) throw new ProtocolViolation(`SCRAM with ${iterations} iterations`);
  return { nonce, salt: Buffer.from(salt, 'base64'), iterations };
}

/**
 * SASLprep (RFC 4013) as PostgreSQL does it: mapping and NFKC, or the bytes as they are where the result is prohibited
 * (pg_saslprep's callers fall back to the raw password). Two prohibitions are not seen here: characters newer than Unicode
 * 3.2, and mixed writing directions. They matter only to passwords that NFKC changes besides, whose log-in then fails.
 */
function preparePassword(password: string): string {
  const mapped = Array.from(password, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return MAPPED_TO_SPACE.has(code) ? ' ' : isMappedToNothing(code) ? '' : character;
  }).join('');
  const normal = mapped.normalize('NFKC');
  return normal.length === 0 || PROHIBITED.test(normal) ? password : normal;
}

/** RFC 3454, tables C.2 to C.9: control, format, surrogate, private, unassigned; what has no plain text form. */
const PROHIBITED = /[\p{C}\p{Zl}\p{Zp}\ufffc\ufffd\u2ff0-\u2ffb]/u;

/** RFC 3454, table C.1.2. */
const MAPPED_TO_SPACE: ReadonlySet<number> = new Set([
  0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x200b, 0x202f, 0x205f, 0x3000,
]);

/** RFC 3454, table B.1. */
function isMappedToNothing(code: number): boolean {
  return (
    [0xad, 0x34f, 0x1806, 0x200c, 0x200d, 0x2060, 0xfeff].includes(code) ||
    (code >= 0x180b && code <= 0x180d) ||
    (code >= 0xfe00 && code <= 0xfe0f)
  );
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
