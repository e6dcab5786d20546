import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBind, decodeClose, decodeDescribe, decodeExecute, decodeParse, decodeQuery } from '#gates/postgres/client-messages.ts';
import * as encode from '#gates/postgres/encode.ts';
import { FrameReader } from '#gates/postgres/frames.ts';
import { decodeBackendKeyData, decodeParameterStatus, errorFields } from '#gates/postgres/server-messages.ts';
import { StartupReader } from '#gates/postgres/startup.ts';
import { bytes, text as textWithoutNul } from './bytes.ts';

/** Each message against its bytes in hexadecimal, by protocol-message-formats. */
const VECTORS: readonly (readonly [what: string, frame: Buffer, hex: string])[] = [
  ['ReadyForQuery', encode.readyForQuery('T'), '5a 00000005 54'],
  ['AuthenticationOk', encode.authenticationOk(), '52 00000008 00000000'],
  ['ParameterStatus', encode.parameterStatus('a', 'b'), '53 00000008 6100 6200'],
  ['BackendKeyData', encode.backendKeyData(1, Buffer.from([1, 2, 3, 4])), '4b 0000000c 00000001 01020304'],
  ['NegotiateProtocolVersion', encode.negotiateProtocolVersion(2, ['_pq_.x']), '76 00000013 00030002 00000001 5f70715f2e7800'],
  ['Query', encode.query(Buffer.from('x')), '51 00000006 7800'],
  ['Parse', encode.parse('s', Buffer.from('x')), '50 0000000a 7300 7800 0000'],
  ['Bind', encode.bind('p', 's', ['v']), '42 00000013 7000 7300 0000 0001 00000001 76 0000'],
  ['Describe', encode.describe('portal', 'p'), '44 00000007 50 7000'],
  ['Execute', encode.execute('p'), '45 0000000a 7000 00000000'],
  ['Close', encode.close('statement', 's'), '43 00000007 53 7300'],
  ['Sync', encode.sync(), '53 00000004'],
  ['Flush', encode.flush(), '48 00000004'],
  ['PasswordMessage', encode.passwordMessage('pw'), '70 00000007 707700'],
  ['SASLInitialResponse', encode.saslInitialResponse('M', 'ab'), '70 0000000c 4d00 00000002 6162'],
  ['SASLResponse', encode.saslResponse('ab'), '70 00000006 6162'],
  ['StartupMessage', encode.startupMessage(new Map([['user', 'u']])), '00000010 00030000 7573657200 7500 00'],
  ['SSLRequest', encode.sslRequest(), '00000008 04d2162f'],
  ['CancelRequest', encode.cancelRequest(0xfffffffe, Buffer.from([1, 2, 3, 4])), '00000010 04d2162e fffffffe 01020304'],
];

test('each encoder writes what the protocol says', () => {
  for (const [what, frame, hex] of VECTORS) assert.equal(frame.toString('hex'), hex.replaceAll(' ', ''), what);
});

test('errorResponse() leaves out what there is not, and may be a notice', () => {
  const error = encode.errorResponse({ severity: 'ERROR', code: '42501', message: 'm', detail: null, hint: 'h' });
  assert.equal(error.toString('latin1', 5), 'SERROR\0VERROR\0C42501\0Mm\0Hh\0\0');
  assert.equal(String.fromCharCode(error[0] ?? 0), 'E');
  const notice = encode.errorResponse({ severity: 'NOTICE', code: '00000', message: 'm', detail: null, hint: null, notice: true });
  assert.equal(String.fromCharCode(notice[0] ?? 0), 'N');
});

test('errorResponse() escapes what would play with a terminal, and keeps lines and other writing', () => {
  const message = 'a\u001b[2J\u0000\u009b\u202eb\r\n\tö😀';
  const frame = encode.errorResponse({ severity: 'ERROR', code: '0A000', message, detail: null, hint: null });
  assert.equal(errorFields(frame, 0, frame.length).get('M'), 'a\\x1b[2J\\x00\\x9b\\u202eb\\x0d\n\tö😀');
});

test('encoders write one whole frame whatever the text', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 });
  fc.assert(
    fc.property(text, text, (one, two) => {
      const frames = [
        encode.errorResponse({ severity: one, code: two, message: one, detail: two, hint: one }),
        encode.parameterStatus(one, two),
        encode.describe('statement', one),
        encode.bind(one, two, [one, two]),
        encode.passwordMessage(one),
      ];
      const stream = Buffer.concat(frames);
      const batches = new FrameReader({ frameBytesMax: 10_000, oversize: 'fail' }).push(stream);
      assert.deepEqual(batches, [{ kind: 'frames', frames: stream }]);
      const fields = errorFields(stream, 0, frames[0]?.length ?? 0);
      assert.deepEqual([...fields.keys()], ['S', 'V', 'C', 'M', 'D', 'H']);
    }),
    { numRuns: 200 },
  );
});

/** Names that the protocol can carry: at most 63 bytes. */
const name = textWithoutNul(15).filter((each) => Buffer.byteLength(each) <= 63);

test('what is encoded for the server is decoded as it was', () => {
  const sql = textWithoutNul(60).map((each) => Buffer.from(each));
  const what = fc.constantFrom('statement' as const, 'portal' as const);
  fc.assert(
    fc.property(name, name, sql, what, fc.array(textWithoutNul(20), { maxLength: 5 }), (one, two, text, kind, values) => {
      const [parse, query, bind] = [encode.parse(one, text), encode.query(text), encode.bind(one, two, values)];
      const [describe, close, execute] = [encode.describe(kind, one), encode.close(kind, one), encode.execute(one)];
      const parameters = values.map((value) => ({ format: 0, value: Buffer.from(value) }));
      assert.deepEqual(decodeParse(parse, 0, parse.length), { name: one, text });
      assert.deepEqual(decodeQuery(query, 0, query.length), { text });
      assert.deepEqual(decodeBind(bind, 0, bind.length), { portal: one, statement: two, parameters });
      assert.deepEqual(decodeDescribe(describe, 0, describe.length), { what: kind, name: one });
      assert.deepEqual(decodeClose(close, 0, close.length), { what: kind, name: one });
      assert.deepEqual(decodeExecute(execute, 0, execute.length), { portal: one, rowsMax: 0 });
    }),
    { numRuns: 200, verbose: 1 },
  );
});

test('what is encoded for the client is decoded as it was', () => {
  fc.assert(
    fc.property(textWithoutNul(30), textWithoutNul(30), fc.nat({ max: 2 ** 31 - 1 }), bytes(252), (one, two, processId, more) => {
      const status = encode.parameterStatus(one, two);
      assert.deepEqual(decodeParameterStatus(status, 0, status.length), { name: one, value: two });
      const key = Buffer.concat([Buffer.from('four'), more]);
      const data = encode.backendKeyData(processId, key);
      assert.deepEqual(decodeBackendKeyData(data, 0, data.length), { processId, key });
    }),
    { numRuns: 200, verbose: 1 },
  );
});

test('startupMessage() and cancelRequest() are read back as they were', () => {
  const parameter = fc.tuple(
    textWithoutNul(12).filter((each) => each !== ''),
    textWithoutNul(20),
  );
  fc.assert(
    fc.property(fc.array(parameter, { maxLength: 6 }), fc.nat({ max: 2 ** 31 - 1 }), (list, processId) => {
      const parameters = new Map(list);
      const read = new StartupReader().push(encode.startupMessage(parameters));
      assert.deepEqual(read?.packet, { kind: 'startup', minor: 0, parameters });
      assert.equal(read.rest.length, 0);
      const cancel = new StartupReader().push(encode.cancelRequest(processId, Buffer.from('abcd')));
      assert.deepEqual(cancel?.packet, { kind: 'cancel', processId, key: Buffer.from('abcd') });
    }),
    { numRuns: 200, verbose: 1 },
  );
});
