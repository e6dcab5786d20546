import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type ConnectionOptions, connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls';
import { createSessionCa } from '#adapters/certificates/session-ca.ts';
import { cancelRequest, sslRequest, startupMessage } from '#gates/postgres/encode.ts';
import { ProtocolViolation } from '#gates/postgres/frames.ts';
import { type Greeting, greet } from '#gates/postgres/greeting.ts';
import { int32 } from './bytes.ts';
import { closed, dialLoopback, keep, listen, read } from './loopback.ts';

const authority = await createSessionCa(Date.now());
const { key, cert } = await authority.issue({ dns: ['orders-db.internal'], ip: ['127.0.0.1'] });
const secureContext = createSecureContext({ key, cert });

const GSS_REQUEST = Buffer.concat([int32(8), int32(80_877_104)]);
const STARTUP = startupMessage(new Map([['user', 'me']]));

type Result = { readonly greeting: Greeting } | { readonly cause: unknown };

/** A gate's front door: every connection's result, in the order of the connections. */
async function openDoor(t: TestContext): Promise<{ dial(): Socket; result(index?: number): Promise<Result> }> {
  const accepted: Promise<Result>[] = [];
  const waiting: (() => void)[] = [];
  const port = await listen(t, (socket) => {
    accepted.push(
      greet(socket, secureContext).then(
        (greeting) => ({ greeting }),
        (cause: unknown) => {
          socket.destroySoon();
          return { cause };
        },
      ),
    );
    for (const wake of waiting.splice(0)) wake();
  });
  return {
    dial: () => dialLoopback(t, port),
    async result(index = 0) {
      while (accepted[index] === undefined) await new Promise<void>((resolve) => waiting.push(resolve));
      return accepted[index];
    },
  };
}

async function encrypt(t: TestContext, socket: Socket, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const secure = keep(t, connectTls({ socket, ca: authority.ca, servername: 'orders-db.internal', ...options }));
  await once(secure, 'secureConnect');
  return secure;
}

/** The packet, after bytes went both ways over the socket that was handed on. */
async function session(result: Result, client: Socket): Promise<ReadonlyMap<string, string>> {
  assert.ok('greeting' in result, 'cause' in result ? String(result.cause) : '');
  const { greeting } = result;
  assert.ok(greeting.kind === 'session');
  client.write('from the client');
  assert.equal((await read(greeting.socket, 15)).toString(), 'from the client');
  greeting.socket.write('from the gate');
  assert.equal((await read(client, 13)).toString(), 'from the gate');
  return greeting.packet.parameters;
}

function violation(result: Result, words: RegExp): void {
  assert.ok('cause' in result && result.cause instanceof ProtocolViolation, 'the greeting fails with a ProtocolViolation');
  assert.match(result.cause.message, words);
}

test('greet() takes a client in the clear, and hands on what came behind its packet', async (t) => {
  const door = await openDoor(t);
  const client = door.dial();
  client.write(Buffer.concat([STARTUP, Buffer.from('behind ')]));
  const result = await door.result();
  assert.ok('greeting' in result);
  assert.equal((await read(result.greeting.socket, 7)).toString(), 'behind ');
  assert.deepEqual([...(await session(result, client))], [['user', 'me']]);
});

test('greet() takes a packet that comes byte by byte', async (t) => {
  const door = await openDoor(t);
  const client = door.dial();
  client.setNoDelay(true);
  for (const byte of STARTUP) await new Promise<void>((resolve) => void client.write(Buffer.from([byte]), () => resolve()));
  await session(await door.result(), client);
});

test('greet() encrypts when asked, with the session’s certificate', async (t) => {
  const door = await openDoor(t);
  const client = door.dial();
  client.write(sslRequest());
  assert.equal((await read(client, 1)).toString(), 'S');
  const secure = await encrypt(t, client);
  assert.equal(secure.authorized, true);
  secure.write(STARTUP);
  assert.deepEqual([...(await session(await door.result(), secure))], [['user', 'me']]);
});

test('greet() declines GSSAPI, then encrypts', async (t) => {
  const door = await openDoor(t);
  const client = door.dial();
  client.write(GSS_REQUEST);
  assert.equal((await read(client, 1)).toString(), 'N');
  client.write(sslRequest());
  assert.equal((await read(client, 1)).toString(), 'S');
  const secure = await encrypt(t, client);
  secure.write(STARTUP);
  await session(await door.result(), secure);
});

test('greet() takes direct TLS with ALPN postgresql', async (t) => {
  const door = await openDoor(t);
  const secure = await encrypt(t, door.dial(), { ALPNProtocols: ['postgresql'] });
  assert.equal(secure.alpnProtocol, 'postgresql');
  secure.write(STARTUP);
  await session(await door.result(), secure);
});

for (const [what, ALPNProtocols] of [
  ['no ALPN', []],
  ['another protocol’s ALPN', ['http/1.1']],
] as const) {
  test(`greet() ends direct TLS with ${what}: it may be another protocol’s client (PROTOCOLS 1)`, async (t) => {
    const door = await openDoor(t);
    const secure = keep(
      t,
      connectTls({ socket: door.dial(), ca: authority.ca, servername: 'orders-db.internal', ALPNProtocols: [...ALPNProtocols] }),
    );
    secure.write(STARTUP);
    violation(await door.result(), /hung up/);
    await closed(secure);
  });
}

test('greet() takes a cancel request, in the clear and encrypted', async (t) => {
  const door = await openDoor(t);
  const request = cancelRequest(77, Buffer.from('abcd'));
  door.dial().write(request);
  const client = door.dial();
  client.write(sslRequest());
  await read(client, 1);
  (await encrypt(t, client)).write(request);
  for (const result of [await door.result(0), await door.result(1)]) {
    assert.ok('greeting' in result && result.greeting.kind === 'cancel');
    assert.deepEqual(result.greeting.packet, { kind: 'cancel', processId: 77, key: Buffer.from('abcd') });
  }
});

const HOSTILE: readonly (readonly [what: string, bytes: Buffer, words: RegExp])[] = [
  ['00 00 00 04 (W-sql-9)', int32(4), /start-up packet of 4 bytes/],
  ['a list that ends in a key (W-sql-9)', Buffer.concat([int32(13), int32(196_608), Buffer.from('user\0')]), /without a value/],
  ['a TLS request with bytes behind it (CVE-2021-23222)', Buffer.concat([sslRequest(), STARTUP]), /in the clear/],
  ['a GSSAPI request with bytes behind it', Buffer.concat([GSS_REQUEST, sslRequest()]), /in the clear/],
  ['protocol 2', Buffer.concat([int32(9), int32(131_072), Buffer.from([0])]), /version 2/],
  ['an enormous packet', int32(2 ** 31 - 1), /start-up packet of/],
  ['a request of the web', Buffer.from('GET / HTTP/1.1\r\n\r\n'), /start-up packet of/],
];

for (const [what, bytes, words] of HOSTILE) {
  test(`greet() throws a ProtocolViolation on ${what}, and answers with one error`, async (t) => {
    const door = await openDoor(t);
    const client = door.dial();
    client.write(bytes);
    violation(await door.result(), words);
    const answer = await read(client, 1_000);
    assert.equal(answer.toString('latin1', 0, 1), 'E');
    assert.equal(answer.length, 1 + answer.readInt32BE(1));
  });
}

test('greet() throws a ProtocolViolation on a TLS request inside TLS, and on TLS inside TLS', async (t) => {
  const door = await openDoor(t);
  for (const [index, bytes] of [sslRequest(), Buffer.from([0x16, 3, 1])].entries()) {
    const client = door.dial();
    client.write(sslRequest());
    await read(client, 1);
    (await encrypt(t, client)).write(bytes);
    violation(await door.result(index), /second TLS request|TLS inside TLS/);
  }
});

test('greet() throws a ProtocolViolation on requests without end', async (t) => {
  const door = await openDoor(t);
  const client = door.dial();
  for (let count = 0; count < 3; count += 1) {
    client.write(GSS_REQUEST);
    await read(client, 1);
  }
  violation(await door.result(), /too many requests/);
});

test('greet() ends when no TLS follows a TLS request', async (t) => {
  const door = await openDoor(t);
  const client = door.dial();
  client.write(sslRequest());
  await read(client, 1);
  client.write(STARTUP);
  violation(await door.result(), /hung up/);
});

test('greet() ends when the client hangs up, after any byte of its packet', async (t) => {
  const door = await openDoor(t);
  for (let length = 0; length < STARTUP.length; length += 1) {
    door.dial().end(STARTUP.subarray(0, length));
    violation(await door.result(length), /hung up/);
  }
});

test('greet() ends when the client hangs up within TLS', async (t) => {
  const door = await openDoor(t);
  const client = door.dial();
  client.write(sslRequest());
  await read(client, 1);
  (await encrypt(t, client)).end(STARTUP.subarray(0, 9));
  violation(await door.result(), /hung up/);
});

test('greet(): silent clients hold nobody else up, and are let go after 30 seconds (W-sql-9)', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const door = await openDoor(t);
  const silent = Array.from({ length: 20 }, () => door.dial());
  await Promise.all(silent.map((client) => once(client, 'connect')));
  silent[0]?.write(STARTUP.subarray(0, 5));
  const talking = door.dial();
  talking.write(STARTUP);
  // The last to be accepted: once it is served, the clocks of all others are running.
  await session(await door.result(silent.length), talking);
  t.mock.timers.tick(29_999);
  assert.equal(
    silent.some((client) => client.closed),
    false,
  );
  t.mock.timers.tick(1);
  for (const index of silent.keys()) violation(await door.result(index), /said nothing/);
  await Promise.all(silent.map(closed));
  talking.write('still there');
});

test('greet() leaves no listener behind on the socket it hands on', async (t) => {
  const door = await openDoor(t);
  door.dial().write(STARTUP);
  const result = await door.result();
  assert.ok('greeting' in result);
  assert.equal(result.greeting.socket.listenerCount('data'), 0);
  assert.equal(result.greeting.socket.isPaused(), true);
});
