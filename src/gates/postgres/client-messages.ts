import { BodyReader } from './body-reader.ts';
import { ProtocolViolation } from './frames.ts';

/** Decoders of the client's messages (protocol-message-formats). Each takes a whole frame at [start, end). */
export function decodeQuery(bytes: Buffer, start: number, end: number): { readonly text: Buffer } {
  const reader = new BodyReader(bytes, start, end);
  return { text: lastText(reader) };
}

export function decodeParse(bytes: Buffer, start: number, end: number): { readonly name: string; readonly text: Buffer } {
  const reader = new BodyReader(bytes, start, end);
  const name = reader.name();
  const text = reader.zeroTerminated();
  const types = reader.uint16();
  reader.bytes(types * 4);
  reader.done();
  return { name, text };
}

export type BindMessage = {
  readonly portal: string;
  readonly statement: string;
  /** Format 0 is text, 1 binary. */
  readonly parameters: readonly { readonly format: number; readonly value: Buffer | null }[];
};

/** String portal, String statement, Int16[] formats, { Int32 length, bytes }[] values, Int16[] result formats. */
export function decodeBind(bytes: Buffer, start: number, end: number): BindMessage {
  const reader = new BodyReader(bytes, start, end);
  const portal = reader.name();
  const statement = reader.name();
  const formats = int16s(reader);
  const values: (Buffer | null)[] = [];
  for (let count = reader.uint16(); count > 0; count--) values.push(reader.value());
  int16s(reader);
  reader.done();
  if (formats.length > 1 && formats.length !== values.length)
    throw new ProtocolViolation(`${formats.length} formats for ${values.length} parameters`);
  const formatOf = (index: number) => (formats.length === 1 ? formats[0] : formats[index]) ?? 0;
  return { portal, statement, parameters: values.map((value, index) => ({ format: formatOf(index), value })) };
}

export type NamedMessage = { readonly what: 'statement' | 'portal'; readonly name: string };

export function decodeDescribe(bytes: Buffer, start: number, end: number): NamedMessage {
  return decodeNamed(bytes, start, end);
}

export function decodeClose(bytes: Buffer, start: number, end: number): NamedMessage {
  return decodeNamed(bytes, start, end);
}

export function decodeExecute(bytes: Buffer, start: number, end: number): { readonly portal: string; readonly rowsMax: number } {
  const reader = new BodyReader(bytes, start, end);
  const portal = reader.name();
  const rowsMax = reader.int32();
  reader.done();
  return { portal, rowsMax };
}

function decodeNamed(bytes: Buffer, start: number, end: number): NamedMessage {
  const reader = new BodyReader(bytes, start, end);
  const kind = reader.byte();
  const name = reader.name();
  reader.done();
  if (kind !== STATEMENT && kind !== PORTAL) throw new ProtocolViolation(`kind ${kind}, expected S or P`);
  return { what: kind === STATEMENT ? 'statement' : 'portal', name };
}

const STATEMENT = 0x53;
const PORTAL = 0x50;

/** The message is this one string. A NUL before its end stays in it, for the classifier to refuse in a statement's own error (R28a). */
function lastText(reader: BodyReader): Buffer {
  const body = reader.rest();
  if (body.length === 0 || body[body.length - 1] !== 0) throw new ProtocolViolation('query without an end');
  return body.subarray(0, body.length - 1);
}

function int16s(reader: BodyReader): number[] {
  const values: number[] = [];
  for (let count = reader.uint16(); count > 0; count--) values.push(reader.int16());
  return values;
}
