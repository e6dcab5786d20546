import { isUtf8 } from 'node:buffer';
import { ProtocolViolation } from './frames.ts';

/** The first packets of a connection have no type byte. Wire layout: Int32 length (counts itself), Int32 code, body. */
export type StartupPacket =
  | { readonly kind: 'ssl' }
  | { readonly kind: 'gss' }
  /** The first byte of a TLS handshake instead (PostgreSQL 17, `sslnegotiation=direct`). */
  | { readonly kind: 'direct-tls' }
  | { readonly kind: 'cancel'; readonly processId: number; readonly key: Buffer }
  /** Protocol 3 and a minor version; `parameters` in the client's order, later ones winning as they do on the server. */
  | { readonly kind: 'startup'; readonly minor: number; readonly parameters: ReadonlyMap<string, string> };

/** Puts the first packet together; the peer, unauthenticated, controls every byte. `rest`: bytes that came behind it and belong to the next reader. */
export class StartupReader {
  #bytes: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): { readonly packet: StartupPacket; readonly rest: Buffer } | null {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const bytes = this.#bytes;
    if (bytes.length === 0) return null;
    if (bytes[0] === TLS_HANDSHAKE) return { packet: { kind: 'direct-tls' }, rest: bytes };
    if (bytes.length < 4) return null;
    const length = bytes.readInt32BE(0);
    // W-sql-9: a length too short for its own code once crashed a parser before any log-in.
    if (length < PACKET_BYTES_MIN || length > PACKET_BYTES_MAX) throw new ProtocolViolation(`start-up packet of ${length} bytes`);
    if (bytes.length < length) return null;
    const packet = decode(bytes.subarray(4, length));
    const rest = bytes.subarray(length);
    // CVE-2021-23222: what is sent in the clear behind a request for encryption must not be taken for what comes after it.
    if ((packet.kind === 'ssl' || packet.kind === 'gss') && rest.length > 0)
      throw new ProtocolViolation('bytes in the clear behind a request for encryption');
    return { packet, rest };
  }
}

const TLS_HANDSHAKE = 0x16;
const PACKET_BYTES_MIN = 8;
/** MAX_STARTUP_PACKET_LENGTH of PostgreSQL. */
const PACKET_BYTES_MAX = 10_000;
const CANCEL = 80_877_102;
const SSL = 80_877_103;
const GSS = 80_877_104;
const CANCEL_KEY_BYTES_MIN = 4;
const CANCEL_KEY_BYTES_MAX = 256;

function decode(body: Buffer): StartupPacket {
  const code = body.readInt32BE(0);
  if (code === SSL || code === GSS) {
    if (body.length !== 4) throw new ProtocolViolation('encryption request with a body');
    return { kind: code === SSL ? 'ssl' : 'gss' };
  }
  if (code === CANCEL) return cancel(body);
  if (code >>> 16 !== 3) throw new ProtocolViolation(`protocol version ${code >>> 16}, expected 3`);
  return { kind: 'startup', minor: code & 0xffff, parameters: parameters(body.subarray(4)) };
}

function cancel(body: Buffer): StartupPacket {
  const key = Buffer.from(body.subarray(8));
  if (body.length < 8 || key.length < CANCEL_KEY_BYTES_MIN || key.length > CANCEL_KEY_BYTES_MAX)
    throw new ProtocolViolation('cancel request without a key');
  return { kind: 'cancel', processId: body.readUInt32BE(4), key };
}

/** { String name, String value } …, NUL. A list that ends in a name, or not at all, is broken (W-sql-9). */
function parameters(body: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let offset = 0;
  const next = () => {
    const end = body.indexOf(0, offset);
    if (end === -1) throw new ProtocolViolation('start-up parameters without an end');
    const text = decodeText(body.subarray(offset, end));
    offset = end + 1;
    return text;
  };
  for (let name = next(); name !== ''; name = next()) {
    if (offset >= body.length) throw new ProtocolViolation('start-up parameter without a value');
    found.set(name, next());
  }
  if (offset !== body.length) throw new ProtocolViolation('bytes behind the start-up parameters');
  return found;
}

function decodeText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new ProtocolViolation('start-up parameter that is not UTF-8');
  return bytes.toString('utf8');
}
