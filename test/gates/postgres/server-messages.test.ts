import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backendKeyData, errorResponse, parameterStatus } from '#gates/postgres/encode.ts';
import { ProtocolViolation } from '#gates/postgres/frames.ts';
import {
  decodeBackendKeyData,
  decodeParameterStatus,
  decodeRowDescription,
  errorFields,
  firstColumnText,
  rowsOfTag,
} from '#gates/postgres/server-messages.ts';

type Decode = (bytes: Buffer, start: number, end: number) => unknown;

function decode<Message>(decoder: (bytes: Buffer, start: number, end: number) => Message, frame: Buffer): Message {
  const around = Buffer.concat([Buffer.from('C 77 99 '), frame, Buffer.from('\0 5\0')]);
  return decoder(around, 8, 8 + frame.length);
}

function frame(type: string, body: Buffer | string): Buffer {
  const bytes = Buffer.concat([Buffer.from(`${type}LLLL`), Buffer.from(body as string)]);
  bytes.writeInt32BE(bytes.length - 1, 1);
  return bytes;
}

test('decodeRowDescription() gives each column its origin, type and format', () => {
  // `SELECT id, 1 FROM t` in binary format, as PostgreSQL 15 sent it, but for the oids.
  const body = Buffer.from(
    '0002' +
      '696400' +
      'ffffffff' +
      '0001' +
      '00000017' +
      '0004' +
      'ffffffff' +
      '0001' +
      '3f636f6c756d6e3f00' +
      '00000000' +
      '0000' +
      '00000017' +
      '0004' +
      'ffffffff' +
      '0000',
    'hex',
  );
  assert.deepEqual(decode(decodeRowDescription, frame('T', body)), [
    { name: 'id', tableOid: 0xffffffff, columnAttr: 1, typeOid: 23, format: 1 },
    { name: '?column?', tableOid: 0, columnAttr: 0, typeOid: 23, format: 0 },
  ]);
});

test('decodeParameterStatus(), decodeBackendKeyData() and errorFields() read what the encoders wrote', () => {
  assert.deepEqual(decode(decodeParameterStatus, parameterStatus('TimeZone', 'Österreich')), { name: 'TimeZone', value: 'Österreich' });
  const key = Buffer.alloc(32, 7);
  assert.deepEqual(decode(decodeBackendKeyData, backendKeyData(0xfffffffe, key)), { processId: 0xfffffffe, key });
  const fields = decode(errorFields, errorResponse({ severity: 'ERROR', code: '42501', message: 'no', detail: 'd', hint: null }));
  assert.deepEqual(Object.fromEntries(fields), { S: 'ERROR', V: 'ERROR', C: '42501', M: 'no', D: 'd' });
});

test('decodeBackendKeyData() takes keys of 4 to 256 bytes', () => {
  for (const bytes of [4, 256]) assert.equal(decode(decodeBackendKeyData, backendKeyData(1, Buffer.alloc(bytes))).key.length, bytes);
  for (const bytes of [0, 3, 257])
    assert.throws(() => decode(decodeBackendKeyData, backendKeyData(1, Buffer.alloc(bytes))), ProtocolViolation);
});

const TAGS: readonly (readonly [tag: string, rows: number])[] = [
  ['SELECT 3', 3],
  ['INSERT 0 5', 5],
  ['COPY 1000000', 1_000_000],
  ['UPDATE 0', 0],
  ['BEGIN', 0],
  ['CREATE TABLE', 0],
  ['', 0],
  ['SELECT 1e9', 0],
  ['SELECT -1', 0],
  ['SELECT 99999999999999999999', 0],
];

test('rowsOfTag() reads the count of a command tag, and none where there is none', () => {
  for (const [tag, rows] of TAGS) assert.equal(decode(rowsOfTag, frame('C', `${tag}\0`)), rows, tag);
});

test('firstColumnText() reads the first value of a row', () => {
  assert.equal(decode(firstColumnText, frame('D', Buffer.from('00020000000261620000000163', 'hex'))), 'ab');
  assert.equal(decode(firstColumnText, frame('D', Buffer.from('0001ffffffff', 'hex'))), null);
  assert.equal(decode(firstColumnText, frame('D', Buffer.from('0000', 'hex'))), null);
});

const BROKEN: readonly (readonly [what: string, decoder: Decode, body: string])[] = [
  ['row description that counts a column too many', decodeRowDescription, '\0\u0001'],
  ['row description with a column cut short', decodeRowDescription, '\0\u0001id\0\0\0\0'],
  ['row description with bytes behind its end', decodeRowDescription, '\0\0x'],
  ['parameter without a value', decodeParameterStatus, 'name\0'],
  ['parameter with two values', decodeParameterStatus, 'name\0one\0two\0'],
  ['error without an end', errorFields, 'Mmessage\0'],
  ['error field without an end', errorFields, 'Mmessage'],
  ['error with bytes behind its end', errorFields, 'Mmessage\0\0x'],
  ['tag without an end', rowsOfTag, 'SELECT 3'],
];

test('decoders throw ProtocolViolation for a broken message', () => {
  for (const [what, decoder, body] of BROKEN) assert.throws(() => decode(decoder, frame('?', body)), ProtocolViolation, what);
});

test('decoders make a message or a ProtocolViolation of random bytes', () => {
  const decoders: readonly Decode[] = [
    decodeRowDescription,
    decodeParameterStatus,
    decodeBackendKeyData,
    errorFields,
    rowsOfTag,
    firstColumnText,
  ];
  fc.assert(
    fc.property(fc.constantFrom(...decoders), fc.uint8Array({ maxLength: 80 }), (decoder, bytes) => {
      try {
        decode(decoder, frame('?', Buffer.from(bytes)));
      } catch (error) {
        assert.ok(error instanceof ProtocolViolation);
      }
    }),
    { numRuns: 1_000 },
  );
});
