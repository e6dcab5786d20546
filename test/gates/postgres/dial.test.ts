import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { TLSSocket } from 'node:tls';
import type { TlsMode } from '#core/policy/policy.ts';
import { sslRequest } from '#gates/postgres/encode.ts';
import { message } from '#test/simulate/wire.ts';
import { CLEARTEXT, certificate, dialAt, encrypt, failure, misnamed, readStartup, serve, stranger, WELCOME } from './fake-server.ts';
import { read, readAll } from './loopback.ts';

test('dial() starts up as the target’s own user, with the parameters that passed, and gives what the server said', async (t) => {
  const packet = Promise.withResolvers<unknown>();
  const { port } = await serve(t, async (socket) => {
    packet.resolve(await readStartup(socket));
    socket.write(WELCOME);
  });
  const { established } = await dialAt(t, port, 'disable', { parameters: new Map([['application_name', 'psql']]) });
  const parameters = new Map([
    ['user', 'gate'],
    ['database', 'orders'],
    ['application_name', 'psql'],
  ]);
  assert.deepEqual(await packet.promise, { kind: 'startup', minor: 0, parameters });
  assert.deepEqual([...established.parameters], [['server_version', '18.1']]);
  assert.deepEqual(established.backendKey, { processId: 0x05050505, key: Buffer.alloc(4, 5) });
});

test('dial() hands on a socket from which nothing is lost, and a reader that goes on in the middle of a frame', async (t) => {
  const notice = message('N', Buffer.from('SNOTICE\0\0'));
  const dialled = Promise.withResolvers<void>();
  const { port, accepted } = await serve(t, async (socket) => {
    await readStartup(socket);
    socket.write(Buffer.concat([WELCOME, notice.subarray(0, 3)]));
    await dialled.promise;
    socket.end(notice.subarray(3));
  });
  const { socket, reader } = await dialAt(t, port);
  assert.equal(socket.isPaused(), true);
  dialled.resolve();
  await once(await accepted, 'finish');
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  assert.deepEqual(reader.push(await readAll(socket)), [{ kind: 'frames', frames: notice }]);
});

test('dial() logs in though the server’s answers are torn at every byte', async (t) => {
  const { port } = await serve(t, async (socket) => {
    socket.setNoDelay(true);
    await readStartup(socket);
    for (const byte of WELCOME) await new Promise<void>((resolve) => void socket.write(Buffer.from([byte]), () => resolve()));
  });
  assert.equal((await dialAt(t, port)).established.parameters.get('server_version'), '18.1');
});

/** What becomes of each server under each mode: where the session is encrypted, or why there is none. */
const MODES: readonly (readonly [
  tls: TlsMode,
  server: 'trusted' | 'stranger' | 'misnamed' | 'plain',
  expected: 'encrypted' | 'clear' | 'refused',
])[] = [
  ['disable', 'plain', 'clear'],
  ['prefer', 'plain', 'clear'],
  ['prefer', 'stranger', 'encrypted'],
  ['require', 'plain', 'refused'],
  ['require', 'stranger', 'encrypted'],
  ['require', 'misnamed', 'encrypted'],
  ['verify-ca', 'plain', 'refused'],
  ['verify-ca', 'trusted', 'encrypted'],
  ['verify-ca', 'misnamed', 'encrypted'],
  ['verify-ca', 'stranger', 'refused'],
  ['verify-full', 'plain', 'refused'],
  ['verify-full', 'trusted', 'encrypted'],
  ['verify-full', 'misnamed', 'refused'],
  ['verify-full', 'stranger', 'refused'],
];
const CERTIFICATES = { trusted: certificate, stranger, misnamed };

for (const [tls, server, expected] of MODES) {
  test(`dial() with tls: ${tls} to a server that is ${server}: ${expected}`, async (t) => {
    const { port } = await serve(t, async (socket) => {
      if (server === 'plain' && tls !== 'disable') {
        assert.deepEqual(await read(socket, 8), sslRequest());
        socket.write('N');
      }
      const own = server === 'plain' ? socket : await encrypt(t, socket, CERTIFICATES[server]);
      if ((await readStartup(own)) !== undefined) own.write(WELCOME);
    });
    const ca = server === 'misnamed' ? misnamed.ca : certificate.ca;
    if (expected === 'refused') await failure(dialAt(t, port, tls, { ca }), 'tls');
    else assert.equal((await dialAt(t, port, tls, { ca })).socket instanceof TLSSocket, expected === 'encrypted');
  });
}

for (const [tls, sends] of [
  ['disable', false],
  ['prefer', false],
  ['require', false],
  ['verify-ca', true],
  ['verify-full', true],
] as const) {
  test(`dial() with tls: ${tls} ${sends ? 'sends' : 'never sends'} the password in the clear when asked`, async (t) => {
    const answer = Promise.withResolvers<string>();
    const { port } = await serve(t, async (socket) => {
      const own = tls === 'disable' ? socket : await encrypt(t, socket);
      await readStartup(own);
      own.write(CLEARTEXT);
      answer.resolve((await read(own, 15)).toString('latin1', 5));
      own.write(WELCOME);
    });
    const dialled = dialAt(t, port, tls);
    if (sends) assert.ok(await dialled);
    else await failure(dialled, 'authentication');
    assert.equal(await answer.promise, sends ? 'secret-pw\0' : '');
  });
}
