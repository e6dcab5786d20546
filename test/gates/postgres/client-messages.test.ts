import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBind, decodeClose, decodeDescribe, decodeExecute, decodeParse, decodeQuery } from '#gates/postgres/client-messages.ts';
import { bind, close, describe, execute, parse, query } from '#gates/postgres/encode.ts';
import { ProtocolViolation } from '#gates/postgres/frames.ts';

type Decode = (bytes: Buffer, start: number, end: number) => unknown;

function decode<Message>(decoder: (bytes: Buffer, start: number, end: number) => Message, frame: Buffer): Message {
  const around = Buffer.concat([Buffer.from('\0\0\0'), frame, Buffer.from('\0\0\0')]);
  return decoder(around, 3, 3 + frame.length);
}

function frame(type: string, ...parts: readonly (string | readonly number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
  const header = Buffer.from([type.charCodeAt(0), 0, 0, 0, 0]);
  header.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([header, body]);
}

const NAME = fc.string({ unit: 'grapheme', maxLength: 8 }).map((name) => name.replaceAll('\0', ''));
const TEXT = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll('\0', ''));

test('decoders read back what the encoders wrote', () => {
  fc.assert(
    fc.property(NAME, NAME, TEXT, fc.array(TEXT, { maxLength: 5 }), (name, other, text, values) => {
      const bytes = Buffer.from(text);
      assert.deepEqual(decode(decodeQuery, query(bytes)), { text: bytes });
      assert.deepEqual(decode(decodeParse, parse(name, bytes)), { name, text: bytes });
      const parameters = values.map((value) => ({ format: 0, value: Buffer.from(value) }));
      assert.deepEqual(decode(decodeBind, bind(name, other, values)), { portal: name, statement: other, parameters });
      assert.deepEqual(decode(decodeDescribe, describe('portal', name)), { what: 'portal', name });
      assert.deepEqual(decode(decodeClose, close('statement', name)), { what: 'statement', name });
      assert.deepEqual(decode(decodeExecute, execute(name)), { portal: name, rowsMax: 0 });
    }),
    { numRuns: 200 },
  );
});

test('decodeBind() gives each parameter its format: none, one for all, or one each', () => {
  const values = [[0, 2], [0, 0, 0, 1], 'a', [255, 255, 255, 255]] as const;
  const cases: readonly (readonly [formats: readonly number[], expected: readonly number[]])[] = [
    [
      [0, 0],
      [0, 0],
    ],
    [
      [0, 1, 0, 1],
      [1, 1],
    ],
    [
      [0, 2, 0, 0, 0, 1],
      [0, 1],
    ],
  ];
  for (const [formats, expected] of cases) {
    const message = decode(decodeBind, frame('B', 'p\0s\0', formats, ...values, [0, 1, 0, 1]));
    assert.deepEqual(message.parameters, [
      { format: expected[0], value: Buffer.from('a') },
      { format: expected[1], value: null },
    ]);
  }
});

test('decodeBind() takes as many parameters as the protocol can count', () => {
  const message = decode(
    decodeBind,
    bind(
      '',
      '',
      Array.from({ length: 65_535 }, () => ''),
    ),
  );
  assert.equal(message.parameters.length, 65_535);
});

test('decodeQuery() keeps a NUL inside the text, for the classifier to refuse (R28a)', () => {
  assert.deepEqual(decode(decodeQuery, frame('Q', 'SELECT 1\0; DROP TABLE t\0')), { text: Buffer.from('SELECT 1\0; DROP TABLE t') });
});

const BROKEN: readonly (readonly [what: string, decoder: Decode, frame: Buffer])[] = [
  ['query without an end', decodeQuery, frame('Q', 'SELECT 1')],
  ['query of nothing', decodeQuery, frame('Q')],
  ['parse whose text has no end', decodeParse, frame('P', 's\0', 'SELECT 1')],
  ['parse without types', decodeParse, frame('P', 's\0', 'SELECT 1\0')],
  ['parse with fewer types than it counts', decodeParse, frame('P', 's\0', 'SELECT 1\0', [0, 2, 0, 0, 0, 23])],
  ['parse with a second text behind the first', decodeParse, frame('P', 's\0', 'SELECT 1\0DROP TABLE t\0', [0, 0])],
  ['parse with a name that the server would cut', decodeParse, frame('P', `${'n'.repeat(64)}\0`, 'SELECT 1\0', [0, 0])],
  ['bind of nothing', decodeBind, frame('B')],
  ['bind with more values counted than given', decodeBind, frame('B', 'p\0s\0', [0, 0], [0, 2], [255, 255, 255, 255], [0, 0])],
  ['bind with 65535 values counted and none given', decodeBind, frame('B', 'p\0s\0', [0, 0], [255, 255])],
  ['bind with a value longer than the message', decodeBind, frame('B', 'p\0s\0', [0, 0], [0, 1], [127, 255, 255, 255], [0, 0])],
  ['bind with a value of length -2', decodeBind, frame('B', 'p\0s\0', [0, 0], [0, 1], [255, 255, 255, 254], [0, 0])],
  ['bind with two formats for one value', decodeBind, frame('B', 'p\0s\0', [0, 2, 0, 0, 0, 1], [0, 1], [255, 255, 255, 255], [0, 0])],
  ['bind with bytes behind its end', decodeBind, frame('B', 'p\0s\0', [0, 0], [0, 0], [0, 0], [0])],
  ['describe of neither', decodeDescribe, frame('D', 'Xname\0')],
  ['describe of nothing', decodeDescribe, frame('D')],
  ['close with two names', decodeClose, frame('C', 'Sone\0two\0')],
  ['execute without a row count', decodeExecute, frame('E', 'p\0')],
  ['execute with bytes behind its end', decodeExecute, frame('E', 'p\0', [0, 0, 0, 0, 0])],
];

test('decoders throw ProtocolViolation for a broken message', () => {
  for (const [what, decoder, bytes] of BROKEN) assert.throws(() => decode(decoder, bytes), ProtocolViolation, what);
});

test('decoders make a message or a ProtocolViolation of random bytes', () => {
  const decoders: readonly Decode[] = [decodeQuery, decodeParse, decodeBind, decodeDescribe, decodeClose, decodeExecute];
  fc.assert(
    fc.property(fc.constantFrom(...decoders), fc.uint8Array({ maxLength: 80 }), (decoder, bytes) => {
      try {
        decode(decoder, frame('?', [...bytes]));
      } catch (error) {
        assert.ok(error instanceof ProtocolViolation);
      }
    }),
    { numRuns: 1_000 },
  );
});
