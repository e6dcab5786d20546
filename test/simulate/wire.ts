/** Just enough of the wire format for the model: built by hand, so that the gate's own encoder is not its own judge. */
export function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const frame = Buffer.alloc(5 + body.length);
  frame.write(type, 0, 'latin1');
  frame.writeInt32BE(4 + body.length, 1);
  body.copy(frame, 5);
  return frame;
}

export function text(body: Buffer): string {
  return body.toString('utf8', 0, body.indexOf(0));
}

/** The first two NUL-terminated strings. */
export function texts(body: Buffer): [string, string] {
  const first = body.indexOf(0);
  return [body.toString('utf8', 0, first), text(body.subarray(first + 1))];
}

export function zeroTerminated(...strings: readonly string[]): Buffer {
  return Buffer.from(`${strings.join('\0')}\0`);
}

export function error(code: string): Buffer {
  return message('E', Buffer.from(`SERROR\0VERROR\0C${code}\0Mmodel error\0\0`));
}

export function ready(status: string): Buffer {
  return message('Z', Buffer.from(status));
}

export function complete(tag: string): Buffer {
  return message('C', zeroTerminated(tag));
}

/** One text column without an origin. */
export function rowDescription(): Buffer {
  const name = zeroTerminated('column');
  const body = Buffer.alloc(2 + name.length + 18);
  body.writeInt16BE(1, 0);
  name.copy(body, 2);
  body.writeInt32BE(25, 2 + name.length + 6);
  body.writeInt16BE(-1, 2 + name.length + 10);
  body.writeInt32BE(-1, 2 + name.length + 12);
  return message('T', body);
}

export function row(value: string): Buffer {
  const bytes = Buffer.from(value);
  const body = Buffer.alloc(6 + bytes.length);
  body.writeInt16BE(1, 0);
  body.writeInt32BE(bytes.length, 2);
  bytes.copy(body, 6);
  return message('D', body);
}

export function lookUpAnswer(): string {
  const relation = {
    oid: 16_500,
    schema: 'public',
    name: 'things',
    kind: 'r',
    temporary: false,
    rules: false,
    userTriggers: false,
    columns: [],
  };
  return JSON.stringify({ schema: 'public', relations: [relation], functions: null, operators: null });
}

/** Splits whole messages. */
export function* messages(bytes: Buffer): Generator<{ type: string; body: Buffer; frame: Buffer }> {
  for (let offset = 0; offset < bytes.length; ) {
    const end = offset + 1 + bytes.readInt32BE(offset + 1);
    yield { type: String.fromCharCode(bytes[offset] ?? 0), body: bytes.subarray(offset + 5, end), frame: bytes.subarray(offset, end) };
    offset = end;
  }
}
