import { BodyReader } from './body-reader.ts';
import { ProtocolViolation } from './frames.ts';

/** One column of a RowDescription. `tableOid` and `columnAttr` are 0 where the value is computed. */
export type FieldDescription = {
  readonly name: string;
  readonly tableOid: number;
  readonly columnAttr: number;
  readonly typeOid: number;
  readonly format: number;
};

/** Decoders of the server's messages (protocol-message-formats). Each takes a whole frame at [start, end). */
export function decodeRowDescription(bytes: Buffer, start: number, end: number): readonly FieldDescription[] {
  const reader = new BodyReader(bytes, start, end);
  const fields: FieldDescription[] = [];
  for (let count = reader.uint16(); count > 0; count--) fields.push(field(reader));
  reader.done();
  return fields;
}

/** String name, Int32 table oid, Int16 attribute, Int32 type oid, Int16 type size, Int32 type modifier, Int16 format. */
function field(reader: BodyReader): FieldDescription {
  const name = reader.zeroTerminated().toString('utf8');
  const tableOid = reader.uint32();
  const columnAttr = reader.int16();
  const typeOid = reader.uint32();
  reader.int16();
  reader.int32();
  return { name, tableOid, columnAttr, typeOid, format: reader.int16() };
}

export function decodeParameterStatus(bytes: Buffer, start: number, end: number): { readonly name: string; readonly value: string } {
  const reader = new BodyReader(bytes, start, end);
  const name = reader.zeroTerminated().toString('utf8');
  const value = reader.zeroTerminated().toString('utf8');
  reader.done();
  return { name, value };
}

/** 4 bytes of key in protocol 3.0, up to 256 in 3.2. */
export function decodeBackendKeyData(bytes: Buffer, start: number, end: number): { readonly processId: number; readonly key: Buffer } {
  const reader = new BodyReader(bytes, start, end);
  const processId = reader.uint32();
  const key = Buffer.from(reader.rest());
  if (key.length < KEY_BYTES_MIN || key.length > KEY_BYTES_MAX) throw new ProtocolViolation(`cancel key of ${key.length} bytes`);
  return { processId, key };
}

const KEY_BYTES_MIN = 4;
const KEY_BYTES_MAX = 256;

/** Fields of an ErrorResponse or NoticeResponse by their letter: `C` SQLSTATE, `V` severity untranslated, `M` message. */
export function errorFields(bytes: Buffer, start: number, end: number): ReadonlyMap<string, string> {
  const reader = new BodyReader(bytes, start, end);
  const fields = new Map<string, string>();
  for (let letter = reader.byte(); letter !== 0; letter = reader.byte()) {
    fields.set(String.fromCharCode(letter), reader.zeroTerminated().toString('utf8'));
  }
  reader.done();
  return fields;
}

/** `INSERT 0 5`, `SELECT 3`, `COPY 7`: the last word; a tag without a number counts none. */
export function rowsOfTag(bytes: Buffer, start: number, end: number): number {
  const tag = new BodyReader(bytes, start, end).zeroTerminated().toString('latin1');
  return Number(/ ([0-9]{1,15})$/.exec(tag)?.[1] ?? 0);
}

/** First value of a DataRow as text; null where there is none. */
export function firstColumnText(bytes: Buffer, start: number, end: number): string | null {
  const reader = new BodyReader(bytes, start, end);
  if (reader.uint16() === 0) return null;
  return reader.value()?.toString('utf8') ?? null;
}
