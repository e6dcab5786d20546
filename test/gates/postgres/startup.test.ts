import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cancelRequest, sslRequest, startupMessage } from '#gates/postgres/encode.ts';
import { ProtocolViolation } from '#gates/postgres/frames.ts';
import { StartupReader } from '#gates/postgres/startup.ts';

/** Int32 length, Int32 code, body. */
function packet(code: number, body: string | Buffer = '', length?: number): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(8), Buffer.from(body as string)]);
  bytes.writeInt32BE(length ?? bytes.length, 0);
  bytes.writeInt32BE(code, 4);
  return bytes;
}

const VERSION_3_0 = 196_608;
const VERSION_3_2 = 196_610;
const GSS = 80_877_104;
const SSL = 80_877_103;
const CANCEL = 80_877_102;

function read(...chunks: readonly Buffer[]): ReturnType<StartupReader['push']> {
  const reader = new StartupReader();
  let last: ReturnType<StartupReader['push']> = null;
  for (const chunk of chunks) last = reader.push(chunk);
  return last;
}

test('push() reads each kind of first packet', () => {
  const nothing = Buffer.alloc(0);
  assert.deepEqual(read(sslRequest()), { packet: { kind: 'ssl' }, rest: nothing });
  assert.deepEqual(read(packet(GSS)), { packet: { kind: 'gss' }, rest: nothing });
  const key = Buffer.alloc(32, 9);
  assert.deepEqual(read(cancelRequest(7, key)), { packet: { kind: 'cancel', processId: 7, key }, rest: nothing });
  const parameters = new Map([
    ['user', 'ü'],
    ['database', 'orders'],
  ]);
  assert.deepEqual(read(startupMessage(parameters)), { packet: { kind: 'startup', minor: 0, parameters }, rest: nothing });
  assert.deepEqual(read(packet(VERSION_3_2, '\0')), { packet: { kind: 'startup', minor: 2, parameters: new Map() }, rest: nothing });
});

test('push() sees direct TLS by its first byte, and leaves all of it to be read', () => {
  const hello = Buffer.from([0x16, 3, 1, 2, 0]);
  assert.deepEqual(read(hello), { packet: { kind: 'direct-tls' }, rest: hello });
});

test('push() lets the last of two parameters of one name win, as the server does', () => {
  const result = read(packet(VERSION_3_0, 'options\0one\0options\0two\0\0'));
  assert.ok(result?.packet.kind === 'startup');
  assert.equal(result.packet.parameters.get('options'), 'two');
});

test('push() gives back what came behind a start-up packet', () => {
  const rest = Buffer.from('Q pipelined');
  assert.deepEqual(read(Buffer.concat([packet(VERSION_3_0, '\0'), rest]))?.rest, rest);
});

test('push() refuses bytes in the clear behind a request for encryption (CVE-2021-23222)', () => {
  for (const code of [SSL, GSS]) {
    assert.throws(() => read(Buffer.concat([packet(code), packet(VERSION_3_0, 'user\0evil\0\0')])), ProtocolViolation);
    assert.throws(() => read(Buffer.concat([packet(code), Buffer.from([0])])), ProtocolViolation);
  }
});

const BROKEN: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['four bytes 00 00 00 04', Buffer.from([0, 0, 0, 4])],
  ['length 0', Buffer.from([0, 0, 0, 0])],
  ['length 7', Buffer.from([0, 0, 0, 7])],
  ['length -1', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ['length over the limit', packet(VERSION_3_0, '', 10_001)],
  ['the first line of HTTP', Buffer.from('GET / HTTP/1.1\r\n')],
  ['the greeting of SSH', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
  ['a version and no list', packet(VERSION_3_0)],
  ['a list that ends in a name', packet(VERSION_3_0, 'user\0')],
  ['a list that ends in a name without an end', packet(VERSION_3_0, 'user')],
  ['a list that ends in a name and its terminator', packet(VERSION_3_0, 'user\0app\0database\0')],
  ['a list without its terminator', packet(VERSION_3_0, 'user\0app\0')],
  ['a value without an end', packet(VERSION_3_0, 'user\0app')],
  ['bytes behind the list', packet(VERSION_3_0, 'user\0app\0\0more\0')],
  ['a name that is not UTF-8', packet(VERSION_3_0, Buffer.from([0xff, 0, 0x61, 0, 0]))],
  ['a value that is not UTF-8', packet(VERSION_3_0, Buffer.from([0x61, 0, 0xc3, 0, 0]))],
  ['protocol 2', packet(131_072, '\0')],
  ['protocol 4', packet(4 << 16, '\0')],
  ['a negative version', packet(-1, '\0')],
  ['a request for TLS with a body', packet(SSL, 'x')],
  ['a cancel request without a process', packet(CANCEL)],
  ['a cancel request without a key', packet(CANCEL, Buffer.alloc(4))],
  ['a cancel request with a key of 3 bytes', packet(CANCEL, Buffer.alloc(7))],
  ['a cancel request with a key of 257 bytes', packet(CANCEL, Buffer.alloc(261))],
];

test('push() throws ProtocolViolation for a broken first packet (W-sql-9)', () => {
  for (const [what, bytes] of BROKEN) assert.throws(() => read(bytes), ProtocolViolation, what);
});

test('push() takes a packet of 10,000 bytes', () => {
  const value = 'v'.repeat(10_000 - 8 - 'user\0\0\0'.length);
  assert.deepEqual(read(packet(VERSION_3_0, `user\0${value}\0\0`))?.packet, {
    kind: 'startup',
    minor: 0,
    parameters: new Map([['user', value]]),
  });
});

test('push() gives the same packet for any split', () => {
  const packets = [...BROKEN.map(([, bytes]) => bytes), startupMessage(new Map([['user', 'app']])), cancelRequest(1, Buffer.alloc(4, 1))];
  const outcome = (...chunks: readonly Buffer[]) => {
    try {
      return read(...chunks)?.packet ?? 'waits for more';
    } catch (error) {
      assert.ok(error instanceof ProtocolViolation);
      return 'violation';
    }
  };
  for (const whole of packets) {
    for (let cut = 1; cut < Math.min(whole.length, 64); cut++) {
      assert.deepEqual(
        outcome(whole.subarray(0, cut), whole.subarray(cut)),
        outcome(whole),
        `${whole.toString('hex', 0, 20)} cut at ${cut}`,
      );
    }
  }
});

test('push() makes a packet, a ProtocolViolation or a wait of random bytes', () => {
  const body = fc.tuple(fc.constantFrom(VERSION_3_0, VERSION_3_2, SSL, GSS, CANCEL), fc.uint8Array({ maxLength: 60 }));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((random) => Buffer.from(random)),
    body.map(([code, random]) => packet(code, Buffer.from(random))),
  );
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 3 }), (chunks) => {
      try {
        read(...chunks);
      } catch (error) {
        assert.ok(error instanceof ProtocolViolation);
      }
    }),
    { numRuns: 1_000 },
  );
});
