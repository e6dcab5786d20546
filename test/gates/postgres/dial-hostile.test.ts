import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import type { TlsMode } from '#core/policy/policy.ts';
import { type DialError, sendCancel } from '#gates/postgres/dial.ts';
import { cancelRequest } from '#gates/postgres/encode.ts';
import { message, ready } from '#test/simulate/wire.ts';
import { int32 } from './bytes.ts';
import { certificate, dialAt, encrypt, failure, OK, type Script, serve, stranger, target, WELCOME } from './fake-server.ts';
import { closed, read, readAll } from './loopback.ts';

const HOSTILE: readonly (readonly [what: string, tls: TlsMode, script: Script, code: DialError['code']])[] = [
  ['hangs up at once', 'disable', (socket) => socket.destroy(), 'refused'],
  ['hangs up at once instead of encrypting', 'require', (socket) => socket.destroy(), 'tls'],
  ['hangs up after its Yes', 'require', (socket) => socket.end('S'), 'tls'],
  ['hangs up in the middle of a frame', 'disable', (socket) => socket.end(OK.subarray(0, 6)), 'refused'],
  ['hangs up before it is ready', 'disable', (socket) => socket.end(OK), 'refused'],
  ['sends bytes behind its Yes (CVE-2021-23222)', 'require', (socket) => socket.write(Buffer.concat([Buffer.from('S'), WELCOME])), 'tls'],
  ['sends bytes behind its No', 'prefer', (socket) => socket.write(Buffer.concat([Buffer.from('N'), WELCOME])), 'tls'],
  ['answers a TLS request with an error', 'require', (socket) => socket.write(message('E', Buffer.from('SFATAL\0\0'))), 'tls'],
  ['answers a TLS request with something else', 'require', (socket) => socket.write('X'), 'tls'],
  [
    'says Yes and sends no TLS',
    'require',
    async (socket) => {
      await read(socket, 8);
      socket.write('S', () => setImmediate(() => socket.write(WELCOME)));
    },
    'tls',
  ],
  [
    'begins an enormous message',
    'disable',
    (socket) => socket.write(Buffer.concat([Buffer.from('N'), int32(2 ** 31 - 1)])),
    'authentication',
  ],
  ['sends a length of 3', 'disable', (socket) => socket.write(Buffer.from('5200000003', 'hex')), 'authentication'],
  ['is no PostgreSQL', 'disable', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'authentication'],
  ['is ready before it accepts', 'disable', (socket) => socket.write(ready('I')), 'authentication'],
  ['refuses', 'disable', (socket) => socket.write(message('E', Buffer.from('SFATAL\0VFATAL\0C28P01\0Mno\0\0'))), 'authentication'],
];

for (const [what, tls, script, code] of HOSTILE) {
  test(`dial() fails as ${code}, and hangs up, when the server ${what}`, async (t) => {
    const { port, accepted } = await serve(t, script);
    await failure(dialAt(t, port, tls), code);
    const socket = await accepted;
    socket.resume();
    await closed(socket);
  });
}

test('dial() fails as unreachable where nobody listens', async (t) => {
  await failure(dialAt(t, await unusedPort()), 'unreachable');
});

/** A port on which nobody listens any more. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  server.close();
  await once(server, 'close');
  return address.port;
}

const TALKATIVE: readonly (readonly [what: string, tls: TlsMode, script: Script])[] = [
  ['says nothing', 'disable', () => {}],
  ['says nothing to a TLS request', 'require', () => {}],
  [
    'says Yes and nothing more',
    'require',
    async (socket) => {
      await read(socket, 8);
      socket.write('S');
    },
  ],
  [
    'sends notices without end',
    'disable',
    (socket) => {
      const notices = Buffer.concat(Array.from({ length: 1_000 }, () => message('N', Buffer.from('SNOTICE\0\0'))));
      const more = (): void => {
        if (!socket.destroyed) socket.write(notices, () => setImmediate(more));
      };
      more();
    },
  ],
];

for (const [what, tls, script] of TALKATIVE) {
  test(`dial() gives up in its time, and hangs up, when the server ${what}`, async (t) => {
    const { port, accepted } = await serve(t, script);
    const clock = new AbortController();
    t.mock.method(AbortSignal, 'timeout', () => clock.signal);
    const dialled = dialAt(t, port, tls);
    const socket = await accepted;
    await read(socket, 8);
    clock.abort();
    await failure(dialled, 'timed-out');
    socket.resume();
    await closed(socket);
  });
}

test('dial() gives up when nobody waits any more, before and after it began', async (t) => {
  const { port, accepted } = await serve(t, () => {});
  await failure(dialAt(t, port, 'disable', { signal: AbortSignal.abort() }), 'timed-out');
  const waiting = new AbortController();
  const dialled = dialAt(t, port, 'disable', { signal: waiting.signal });
  await accepted;
  waiting.abort();
  await failure(dialled, 'timed-out');
});

const BACKEND = { processId: 7, key: Buffer.from('abcd') };

test('sendCancel() sends the request on a connection of its own, in the clear and encrypted, and hangs up', async (t) => {
  for (const tls of ['disable', 'verify-full'] as const) {
    const received = Promise.withResolvers<Buffer>();
    const { port } = await serve(t, async (socket) =>
      received.resolve(await readAll(tls === 'disable' ? socket : await encrypt(t, socket))),
    );
    await sendCancel({ target: target(port, tls), ca: certificate.ca }, BACKEND);
    assert.deepEqual(await received.promise, cancelRequest(7, Buffer.from('abcd')));
  }
});

test('sendCancel() sends no key to a server that it cannot verify, and hangs up', async (t) => {
  const received = Promise.withResolvers<Buffer>();
  const { port, accepted } = await serve(t, async (socket) => received.resolve(await readAll(await encrypt(t, socket, stranger))));
  await failure(sendCancel({ target: target(port, 'verify-full'), ca: certificate.ca }, BACKEND), 'tls');
  await closed(await accepted);
  assert.equal((await received.promise).length, 0);
});
