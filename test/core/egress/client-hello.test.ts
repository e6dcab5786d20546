import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { HELLO_BYTES_MAX, HELLO_RECORDS_MAX, readClientHello } from '#core/egress/client-hello.ts';
import { hello, helloMessage, records, serverNames, vector } from './hello.ts';

const SOUND = { kind: 'hello', serverName: 'a.example' };

test('readClientHello() reads what a real client sends', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const client = connect({ host: '127.0.0.1', port: address.port, servername: 'Registry.example', ALPNProtocols: ['h2'] });
  client.on('error', () => undefined);
  const [socket]: Socket[] = await once(server, 'connection');
  const [bytes] = await once(socket ?? assert.fail(), 'data');
  socket?.destroy();
  assert.deepEqual(readClientHello(bytes), { kind: 'hello', serverName: 'registry.example' });
});

test('readClientHello() wants more at every byte before the end, and reads the same however it is cut', () => {
  for (const recordBytes of [16_384, 100, 7]) {
    const bytes = records(helloMessage(), recordBytes);
    for (let length = 0; length < bytes.length; length++)
      assert.equal(readClientHello(bytes.subarray(0, length)).kind, 'more', `${length} of ${bytes.length}`);
    assert.deepEqual(readClientHello(bytes), SOUND);
  }
});

test('readClientHello() leaves records after the message alone', () => {
  assert.deepEqual(readClientHello(Buffer.concat([hello(), Buffer.of(20, 3, 3, 0, 1, 1)])), SOUND);
});

for (const [name, bytes, why] of [
  ['no server name', hello({ extensions: [] }), /names no server/],
  ['no extensions at all', hello({ withoutExtensions: true }), /names no server/],
  ['two names in a list', hello({ extensions: [serverNames([0, 'a.example'], [0, 'b.example'])] }), /more than one server/],
  ['two lists of names', hello({ extensions: [serverNames([0, 'a.example']), serverNames([0, 'b.example'])] }), /extension twice/],
  ['another extension twice', hello({ extensions: [serverNames([0, 'a.example']), [43, Buffer.of(0)], [43, Buffer.of(0)]] }), /twice/],
  ['a name of an unknown type', hello({ extensions: [serverNames([1, 'a.example'])] }), /none by name/],
  ['an empty list of names', hello({ extensions: [[0, vector(2, Buffer.alloc(0))]] }), /malformed/],
  ['an empty name', hello({ extensions: [serverNames([0, ''])] }), /no host name/],
  ['a name with NUL', hello({ extensions: [serverNames([0, 'a.example\0.evil'])] }), /no host name/],
  ['a name that is no ASCII', hello({ extensions: [serverNames([0, 'bücher'])] }), /no host name/],
  ['a name that is too long', hello({ extensions: [serverNames([0, 'a'.repeat(254)])] }), /no host name/],
  [
    'bytes after the list of names',
    hello({ extensions: [[0, Buffer.concat([serverNames([0, 'a.example'])[1], Buffer.of(0)])]] }),
    /more than one/,
  ],
  ['bytes after the extensions', hello({ rest: Buffer.of(0) }), /malformed/],
  ['bytes after the message', records(Buffer.concat([helloMessage(), Buffer.of(1)])), /follows its ClientHello/],
  ['a second message', records(Buffer.concat([helloMessage(), helloMessage()])), /follows its ClientHello/],
  ['another message', records(Buffer.concat([Buffer.of(2), helloMessage().subarray(1)])), /no ClientHello/],
  ['another record', Buffer.of(23, 3, 3, 0, 1, 0), /no handshake/],
  ['SSL 2', Buffer.of(0x80, 0x2e, 1, 0, 2), /no handshake/],
  ['a version that is none', Buffer.of(22, 4, 0, 0, 1, 1), /version/],
  ['an empty record', Buffer.of(22, 3, 1, 0, 0), /empty/],
  ['a record that is too large', Buffer.of(22, 3, 1, 0x40, 1), /too large/],
  ['too many records', records(helloMessage({ extensions: [serverNames([0, 'a.example']), [21, Buffer.alloc(200)]] }), 1), /too many/],
  ['a message that is too large', Buffer.concat([Buffer.of(22, 3, 1, 0x40, 0, 1), Buffer.of(1, 0, 0)]), /too large/],
] as const) {
  test(`readClientHello() refuses ${name}`, () => {
    const reading = readClientHello(bytes);
    assert.match(reading.kind === 'fault' ? reading.why : reading.kind, why);
  });
}

for (const type of [0xfe0d, 0xffce]) {
  test(`readClientHello() refuses a name that may not be the last word (extension ${type.toString(16)})`, () => {
    const reading = readClientHello(hello({ extensions: [serverNames([0, 'a.example']), [type, Buffer.alloc(40)]] }));
    assert.deepEqual([reading.kind, reading.kind !== 'more' && reading.serverName], ['fault', 'a.example']);
  });
}

test('readClientHello() ends with any bytes, and never wants more than it can hold', () => {
  const most = HELLO_BYTES_MAX + HELLO_RECORDS_MAX * 5 + 16_384;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(400), (noise, at) => {
      const bytes = hello();
      bytes.set(noise.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
      const reading = readClientHello(bytes);
      assert.ok(['more', 'hello', 'fault'].includes(reading.kind));
      if (reading.kind === 'more') assert.notEqual(readClientHello(Buffer.concat([bytes, Buffer.alloc(most)])).kind, 'more');
      readClientHello(Buffer.from(noise));
    }),
  );
});
