import type { MaskMethod } from '#core/policy/policy.ts';
import { type DetectorMethod, maskDetected } from './detect.ts';
import { maskText } from './mask-value.ts';

declare const masked: unique symbol;

/** Bytes that hold a masked value. INVARIANT (P7): only this file makes them. */
export type MaskedBytes = Buffer & { readonly [masked]: true };

/**
 * One field of a result, masked. Null is SQL NULL.
 *
 * `typeOid` and `format` (0 text, 1 binary) are those of RowDescription (PostgreSQL, "Message Formats"). The text types
 * send the same bytes in both formats, so a mask fits both. Any other type becomes NULL: `***` is no integer, and a
 * client that asked for one would break on it. A mask may be longer than `varchar(n)` allows, which no client checks.
 */
export function maskField(method: MaskMethod, typeOid: number, _format: number, bytes: Buffer, key: Buffer): MaskedBytes | null {
  if (method === 'null') return null;
  if (typeOid === SINGLE_BYTE_CHAR) return asMasked('*');
  if (!TEXT_TYPES.has(typeOid)) return null;
  const text = maskText(method, bytes.toString('utf8'), key);
  return text === null ? null : asMasked(text);
}

/**
 * One field with what the detectors find in it masked; the same Buffer where they find nothing.
 *
 * Texts and JSON are masked in place, and so is any type in text format but numbers, which become NULL like any value
 * in binary format in which a text is found (an array, a range): its lengths would no longer fit.
 */
export function maskDetectedField(
  typeOid: number,
  format: number,
  bytes: Buffer,
  masks: readonly DetectorMethod[],
  key: Buffer,
): Buffer | MaskedBytes | null {
  if (bytes.length < FINDING_BYTES_MIN || NEVER_SENSITIVE.has(typeOid)) return bytes;
  const inPlace = TEXT_TYPES.has(typeOid) || JSON_TYPES.has(typeOid) || (format === 0 && !NUMBERS.has(typeOid));
  const { text, count } = maskDetected(bytes.toString(inPlace ? 'utf8' : 'latin1'), masks, key);
  if (count === 0) return bytes;
  return inPlace ? asMasked(text) : null;
}

/** `a@b.c`, `pwd:x`. */
const FINDING_BYTES_MIN = 5;

/** json, and jsonb, whose binary format is a version byte and the same text. */
const JSON_TYPES: ReadonlySet<number> = new Set([114, 3802]);

/** int8, int2, int4, float4, float8, money, numeric. */
const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 700, 701, 790, 1700]);

/** bool, oid, date, time, timestamp, timestamptz, interval, timetz, uuid: digits that mean something else. */
const NEVER_SENSITIVE: ReadonlySet<number> = new Set([16, 26, 1082, 1083, 1114, 1184, 1186, 1266, 2950]);

/** `"char"`, of which clients read exactly one byte in binary format. */
const SINGLE_BYTE_CHAR = 18;

/** Oids from PostgreSQL's pg_type.dat: name, text, xml, unknown, bpchar, varchar. Domains are sent as their base type. */
const TEXT_TYPES: ReadonlySet<number> = new Set([19, 25, 142, 705, 1042, 1043]);

function asMasked(text: string): MaskedBytes {
  return Buffer.from(text, 'utf8') as MaskedBytes; // the only cast that makes one
}
