/**
 * Reads the first message of a TLS client (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2) for the one name that it asks for (RFC 6066, 3).
 *
 *     record     type 1 | version 2 | length 2 | fragment …            a message may be cut into several records
 *     handshake  type 1 | length 3  | ClientHello
 *     hello      version 2 | random 32 | session <0..32> | suites <2..> | compression <1..> | extensions <0..>
 *
 * The bytes are hostile. What has two readings is a fault: another extension of the same type, another name, bytes left over.
 */
export type HelloReading =
  | { readonly kind: 'more' }
  | { readonly kind: 'hello'; readonly serverName: string }
  | { readonly kind: 'fault'; readonly why: string; readonly serverName: string | null };

export const HELLO_BYTES_MAX = 32 * 1024;
export const HELLO_RECORDS_MAX = 64;
const RECORD_HEADER_BYTES = 5;
const RECORD_BYTES_MAX = 16_384;
const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const EXTENSION = { serverName: 0, encryptedServerName: 0xffce, encryptedClientHello: 0xfe0d } as const;

class Fault extends Error {}

/** @param bytes all that the client has sent so far. */
export function readClientHello(bytes: Buffer): HelloReading {
  try {
    const message = handshakeMessage(bytes);
    return message === null ? { kind: 'more' } : readHello(message);
  } catch (error) {
    if (error instanceof Fault) return { kind: 'fault', why: error.message, serverName: null };
    throw error;
  }
}

/** The handshake message without its header, put together from its records; null while it is not all there. */
function handshakeMessage(bytes: Buffer): Buffer | null {
  const fragments: Buffer[] = [];
  let [offset, gathered, records] = [0, 0, 0];
  for (;;) {
    if (bytes.length > offset && bytes[offset] !== HANDSHAKE) throw new Fault('its TLS record is no handshake');
    if (bytes.length > offset + 1 && bytes[offset + 1] !== 3) throw new Fault('its TLS version is none that there is');
    if (bytes.length < offset + RECORD_HEADER_BYTES) return null;
    const length = bytes.readUInt16BE(offset + 3);
    records += 1;
    if (length === 0 || length > RECORD_BYTES_MAX || records > HELLO_RECORDS_MAX)
      throw new Fault('its TLS records are empty, too large or too many');
    const fragment = bytes.subarray(offset + RECORD_HEADER_BYTES, offset + RECORD_HEADER_BYTES + length);
    fragments.push(fragment);
    gathered += fragment.length;
    const message = wholeMessage(gathered < 4 ? null : Buffer.concat(fragments, gathered));
    if (message !== null) return message;
    if (fragment.length < length) return null;
    offset += RECORD_HEADER_BYTES + length;
  }
}

function wholeMessage(message: Buffer | null): Buffer | null {
  if (message === null) return null;
  if (message[0] !== CLIENT_HELLO) throw new Fault('its first TLS message is no ClientHello');
  const length = message.readUIntBE(1, 3);
  if (length > HELLO_BYTES_MAX) throw new Fault('its ClientHello is too large');
  if (message.length < 4 + length) return null;
  if (message.length > 4 + length) throw new Fault('something follows its ClientHello in the same record');
  return message.subarray(4);
}

function readHello(hello: Buffer): HelloReading {
  const fields = new Fields(hello);
  fields.take(2 + 32);
  if (fields.vector(1).length > 32) throw new Fault('its ClientHello is malformed');
  fields.vector(2);
  fields.vector(1);
  const extensions = fields.isAtEnd ? new Map<number, Buffer>() : readExtensions(fields);
  const names = extensions.get(EXTENSION.serverName);
  if (names === undefined) throw new Fault('its ClientHello names no server (SNI)');
  const serverName = readServerName(names);
  const isEncrypted = extensions.has(EXTENSION.encryptedClientHello) || extensions.has(EXTENSION.encryptedServerName);
  return isEncrypted ? { kind: 'fault', why: 'its ClientHello may hide another name (ECH)', serverName } : { kind: 'hello', serverName };
}

function readExtensions(fields: Fields): ReadonlyMap<number, Buffer> {
  const list = new Fields(fields.vector(2));
  if (!fields.isAtEnd) throw new Fault('its ClientHello is malformed');
  const extensions = new Map<number, Buffer>();
  while (!list.isAtEnd) {
    const type = list.take(2).readUInt16BE();
    if (extensions.has(type)) throw new Fault('its ClientHello has an extension twice');
    extensions.set(type, list.vector(2));
  }
  return extensions;
}

function readServerName(extension: Buffer): string {
  const outer = new Fields(extension);
  const list = new Fields(outer.vector(2));
  const type = list.take(1)[0];
  const name = list.vector(2);
  if (!outer.isAtEnd || !list.isAtEnd || type !== 0) throw new Fault('its ClientHello names more than one server, or none by name');
  const text = name.toString('latin1');
  if (!/^[\x21-\x7e]{1,253}$/.test(text)) throw new Fault('its ClientHello names a server by no host name');
  return text.toLowerCase();
}

/** Reads fields off the front. */
class Fields {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  take(length: number): Buffer {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new Fault('its ClientHello is malformed');
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  /** Bytes with their length before them. */
  vector(lengthBytes: 1 | 2): Buffer {
    return this.take(this.take(lengthBytes).readUIntBE(0, lengthBytes));
  }
}
