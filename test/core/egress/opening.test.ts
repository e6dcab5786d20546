import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readOpening } from '#core/egress/opening.ts';
import { hello } from './hello.ts';

for (const [text, kind] of [
  ['', 'more'],
  ['G', 'more'],
  ['GET', 'more'],
  ['GET ', 'http'],
  ['GET / HTTP/1.1\r\n', 'http'],
  ['CONNECT a.example:443 HTTP/1.1\r\n', 'http'],
  ['PRI * HTTP/2.0\r\n', 'http'],
  ['VERSION-CONTROL', 'fault'],
  ['A'.repeat(20), 'more'],
  ['A'.repeat(21), 'fault'],
  ['get / HTTP/1.1\r\n', 'fault'],
  [' GET /', 'fault'],
  ['\r\nGET /', 'fault'],
  ['SSH-2.0-OpenSSH_9.2\r\n', 'fault'],
  ['\x05\x01\x00', 'fault'],
  ['\0', 'fault'],
] as const) {
  test(`readOpening() of ${JSON.stringify(text)} is ${kind}`, () => assert.equal(readOpening(Buffer.from(text, 'latin1')).kind, kind));
}

test('readOpening() tells whom a TLS client asks for', () => {
  assert.deepEqual(readOpening(hello()), { kind: 'tls', serverName: 'a.example' });
  assert.deepEqual(readOpening(hello().subarray(0, 40)), { kind: 'more' });
});

test('readOpening() never changes its mind when more arrives', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constant(new Uint8Array(hello()))),
      fc.uint8Array({ maxLength: 60 }),
      (start, more) => {
        const first = readOpening(Buffer.from(start));
        if (first.kind !== 'more') assert.deepEqual(readOpening(Buffer.concat([start, more])).kind, first.kind);
      },
    ),
  );
});
