import type { MaskMethod } from '#core/policy/policy.ts';
import { ProtocolViolation } from './frames.ts';
import type { FieldDescription } from './server-messages.ts';

/** How values of one target are masked in rows. Implemented over #core/masking by the gate. */
export type RowMasks = {
  readonly masksColumns: boolean;
  /** Some value anywhere may have to be masked by what it looks like. */
  readonly detects: boolean;
  /** The masked value in the field's own format; null is SQL NULL. */
  maskField(method: MaskMethod, typeOid: number, format: number, value: Buffer): Buffer | null;
  /** The value with what the detectors find masked, or the same Buffer when they find nothing; null is SQL NULL. */
  maskDetected(typeOid: number, format: number, value: Buffer): Buffer | null;
};

/** Relations whose names were resolved on this connection, by oid: the masks of their attributes. */
export type MaskedRelations = ReadonlyMap<number, ReadonlyMap<number, MaskMethod>>;

/** What to do with each column of a result; null: nothing. */
export type RowPlan = { readonly masks: RowMasks; readonly columns: readonly (ColumnPlan | null)[] };

type ColumnPlan = { readonly method: MaskMethod | 'detect'; readonly typeOid: number; readonly format: number };

/**
 * Plans by the origin that the server states for each column: table oid and attribute number (protocol-message-formats,
 * RowDescription). Null when no value needs looking at.
 */
export function planRows(fields: readonly FieldDescription[], masks: RowMasks, relations: MaskedRelations): RowPlan | null {
  const columns = fields.map((field): ColumnPlan | null => {
    const method = masks.masksColumns ? methodFor(field, relations) : null;
    if (method !== null) return { method, typeOid: field.typeOid, format: field.format };
    return masks.detects ? { method: 'detect', typeOid: field.typeOid, format: field.format } : null;
  });
  return columns.some((column) => column !== null) ? { masks, columns } : null;
}

function methodFor(field: FieldDescription, relations: MaskedRelations): MaskMethod | null {
  if (field.tableOid === 0) return null; // computed: judge.ts has seen to it that no masked column takes part
  const masked = relations.get(field.tableOid);
  if (masked !== undefined) return masked.get(field.columnAttr) ?? null;
  // INVARIANT (P7): a column of a user's relation that nobody resolved could be any, so it is not shown.
  return field.tableOid >= FIRST_USER_OID ? 'redact' : null;
}

/** FirstNormalObjectId: objects below it are PostgreSQL's own. */
const FIRST_USER_OID = 16_384;

/**
 * One DataRow with its masked values replaced. Wire layout: Byte1('D') Int32 length Int16 columns { Int32 length | -1, bytes }.
 * A row that is not as it was described would have other columns where the masks are: a ProtocolViolation.
 */
export function maskRow(frames: Buffer, start: number, end: number, plan: RowPlan): { readonly frame: Buffer; readonly masked: number } {
  const pieces: Buffer[] = [];
  let masked = 0;
  let copiedTo = start;
  let offset = start + HEADER_BYTES;
  if (offset > end || frames.readUInt16BE(offset - 2) !== plan.columns.length)
    throw new ProtocolViolation('row with other columns than described');
  for (const column of plan.columns) {
    const length = offset + 4 > end ? NaN : frames.readInt32BE(offset);
    const valueEnd = offset + 4 + Math.max(length, 0);
    if (!(length >= -1 && valueEnd <= end)) throw new ProtocolViolation('row shorter than its contents');
    if (column !== null && length >= 0) {
      const value = frames.subarray(offset + 4, valueEnd);
      const shown = maskValue(value, column, plan.masks);
      if (shown !== value) {
        masked += 1;
        pieces.push(frames.subarray(copiedTo, offset), encodeValue(shown));
        copiedTo = valueEnd;
      }
    }
    offset = valueEnd;
  }
  if (offset !== end) throw new ProtocolViolation('bytes behind the end of a row');
  if (masked === 0) return { frame: frames.subarray(start, end), masked };
  const frame = Buffer.concat([...pieces, frames.subarray(copiedTo, end)]);
  frame.writeInt32BE(frame.length - 1, 1);
  return { frame, masked };
}

/** Type, length, column count. */
const HEADER_BYTES = 7;

function maskValue(value: Buffer, column: ColumnPlan, masks: RowMasks): Buffer | null {
  if (column.method === 'detect') return masks.maskDetected(column.typeOid, column.format, value);
  return masks.maskField(column.method, column.typeOid, column.format, value);
}

function encodeValue(value: Buffer | null): Buffer {
  const bytes = value ?? Buffer.alloc(0);
  const encoded = Buffer.allocUnsafe(4 + bytes.length);
  encoded.writeInt32BE(value === null ? -1 : bytes.length, 0);
  bytes.copy(encoded, 4);
  return encoded;
}
