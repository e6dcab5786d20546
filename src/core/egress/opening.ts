import { readClientHello } from './client-hello.ts';

/** What a client's first bytes are, as far as anybody must know who lets it through by a name. */
export type Opening =
  | { readonly kind: 'more' }
  | { readonly kind: 'tls'; readonly serverName: string }
  | { readonly kind: 'http' }
  | { readonly kind: 'fault'; readonly why: string; readonly serverName: string | null };

const TLS_HANDSHAKE = 22;
const METHOD_CHARACTERS_MAX = 20;

/** @param bytes all that the client has sent so far. */
export function readOpening(bytes: Buffer): Opening {
  if (bytes.length === 0) return { kind: 'more' };
  if (bytes[0] === TLS_HANDSHAKE) {
    const reading = readClientHello(bytes);
    return reading.kind === 'hello' ? { kind: 'tls', serverName: reading.serverName } : reading;
  }
  const start = bytes.toString('latin1', 0, METHOD_CHARACTERS_MAX + 1);
  if (/^[A-Z]+ /.test(start)) return { kind: 'http' };
  if (/^[A-Z]+$/.test(start) && start.length <= METHOD_CHARACTERS_MAX) return { kind: 'more' };
  return { kind: 'fault', why: 'it speaks neither TLS nor HTTP', serverName: null };
}
