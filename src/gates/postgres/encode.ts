/** Builders of messages (protocol-message-formats). Each returns a frame of its own. */
export type ErrorFields = {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
  /** A NoticeResponse instead: it ends nothing. */
  readonly notice?: boolean;
};

export function errorResponse({ severity, code, message, detail, hint, notice = false }: ErrorFields): Buffer {
  const field = (letter: string, value: string | null) => (value === null ? [] : [`${letter}${clean(value)}`]);
  const fields = [
    ...field('S', severity),
    ...field('V', severity),
    ...field('C', code),
    ...field('M', message),
    ...field('D', detail),
    ...field('H', hint),
  ];
  return frame(notice ? 'N' : 'E', zeroTerminated(...fields, ''));
}

/**
 * Control characters would let a message play with the terminal that shows it, those that turn the writing direction with
 * its reader, and NUL would end it.
 */
function clean(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  });
}

export function readyForQuery(status: 'I' | 'T' | 'E'): Buffer {
  return frame('Z', Buffer.from(status));
}

export function authenticationOk(): Buffer {
  return frame('R', int32(0));
}

export function parameterStatus(name: string, value: string): Buffer {
  return frame('S', zeroTerminated(name, value));
}

export function backendKeyData(processId: number, key: Buffer): Buffer {
  return frame('K', Buffer.concat([int32(processId), key]));
}

/** `minor`: the newest minor version of protocol 3 that is spoken; `options`: `_pq_.` parameters that are not. */
export function negotiateProtocolVersion(minor: number, options: readonly string[]): Buffer {
  return frame('v', Buffer.concat([int32(PROTOCOL_3 + minor), int32(options.length), ...options.map((option) => zeroTerminated(option))]));
}

export function query(text: Buffer): Buffer {
  return frame('Q', Buffer.concat([text, NUL]));
}

export function parse(name: string, text: Buffer): Buffer {
  return frame('P', Buffer.concat([zeroTerminated(name), text, NUL, int16(0)]));
}

/** Parameters and results in text format. */
export function bind(portal: string, statement: string, parameters: readonly string[]): Buffer {
  const values = parameters.flatMap((parameter) => {
    const bytes = Buffer.from(parameter);
    return [int32(bytes.length), bytes];
  });
  return frame(
    'B',
    Buffer.concat([zeroTerminated(portal), zeroTerminated(statement), int16(0), int16(parameters.length), ...values, int16(0)]),
  );
}

export function describe(what: 'statement' | 'portal', name: string): Buffer {
  return frame('D', Buffer.concat([kind(what), zeroTerminated(name)]));
}

export function execute(portal: string): Buffer {
  return frame('E', Buffer.concat([zeroTerminated(portal), int32(0)]));
}

export function close(what: 'statement' | 'portal', name: string): Buffer {
  return frame('C', Buffer.concat([kind(what), zeroTerminated(name)]));
}

export function sync(): Buffer {
  return frame('S', EMPTY);
}

export function flush(): Buffer {
  return frame('H', EMPTY);
}

/** A password, or an MD5 answer. */
export function passwordMessage(password: string): Buffer {
  return frame('p', zeroTerminated(password));
}

export function saslInitialResponse(mechanism: string, data: string): Buffer {
  const bytes = Buffer.from(data);
  return frame('p', Buffer.concat([zeroTerminated(mechanism), int32(bytes.length), bytes]));
}

export function saslResponse(data: string): Buffer {
  return frame('p', Buffer.from(data));
}

/** Int32 length, Int32 version, { String name, String value }, NUL. No type byte. */
export function startupMessage(parameters: ReadonlyMap<string, string>): Buffer {
  const body = Buffer.concat([int32(PROTOCOL_3), zeroTerminated(...[...parameters].flat(), '')]);
  return Buffer.concat([int32(4 + body.length), body]);
}

export function sslRequest(): Buffer {
  return Buffer.concat([int32(8), int32(80_877_103)]);
}

export function cancelRequest(processId: number, key: Buffer): Buffer {
  return Buffer.concat([int32(12 + key.length), int32(80_877_102), int32(processId), key]);
}

const PROTOCOL_3 = 196_608;
const NUL = Buffer.from([0]);
const EMPTY = Buffer.alloc(0);

function frame(type: string, body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(5 + body.length);
  bytes.write(type, 0, 'latin1');
  bytes.writeInt32BE(4 + body.length, 1);
  body.copy(bytes, 5);
  return bytes;
}

function kind(what: 'statement' | 'portal'): Buffer {
  return Buffer.from(what === 'statement' ? 'S' : 'P');
}

function zeroTerminated(...strings: readonly string[]): Buffer {
  return Buffer.from(`${strings.map((text) => text.replaceAll('\0', '')).join('\0')}\0`);
}

function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
