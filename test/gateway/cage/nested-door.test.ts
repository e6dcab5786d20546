import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { encodeNested, NestedDecoder, type NestedFrame, numberOf } from '#core/nested/frames.ts';
import type { NestedRequest } from '#core/nested/request.ts';
import { openNestedDoor, type StartNested } from '#gateway/cage/nested-door.ts';

const REQUEST: NestedRequest = { duty: 'reader', agent: null, argv: ['true'], cwd: '/', environment: '', terminal: null };
const FRAME = encodeNested('request', JSON.stringify(REQUEST));

async function door(t: TestContext, start: StartNested, requestMsMax = 5000): Promise<Socket> {
  const server = createServer((socket) => openNestedDoor(socket, start, requestMsMax)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const socket = connect(address.port, '127.0.0.1');
  t.after(() => socket.destroy());
  return socket;
}

/** All that comes back, to the end. */
async function answers(socket: Socket): Promise<readonly NestedFrame[]> {
  const decoder = new NestedDecoder(['message', 'exit']);
  const frames: NestedFrame[] = [];
  socket.on('data', (chunk: Buffer) => frames.push(...decoder.push(chunk)));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return frames;
}

test('openNestedDoor() has a request started, and leaves the rest of the connection to whoever runs it', async (t) => {
  const started = Promise.withResolvers<{ request: NestedRequest; rest: string }>();
  const socket = await door(t, async (request, asking) => {
    asking.once('data', (rest: Buffer) => started.resolve({ request, rest: rest.toString() }));
    asking.resume();
  });
  for (const byte of FRAME) socket.write(Buffer.of(byte));
  setTimeout(() => socket.write('later'), 200);
  assert.deepEqual(await started.promise, { request: REQUEST, rest: 'later' });
});

test('openNestedDoor() says why nothing is started', async (t) => {
  const socket = await door(t, () => Promise.reject(new Error('Cannot delegate: no')));
  socket.write(FRAME);
  const [message, exit] = await answers(socket);
  assert.equal(Buffer.from(message?.payload ?? []).toString(), 'Cannot delegate: no');
  assert.equal(exit === undefined ? null : numberOf(exit), 125);
});

for (const [name, bytes] of [
  ['is no frame', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['is of another kind', encodeNested('stdin', 'x')],
  ['has another shape', encodeNested('request', '{}')],
  ['is followed by something', Buffer.concat([FRAME, encodeNested('stdin', 'x')])],
] as const) {
  test(`R21 openNestedDoor() starts nothing for a request that ${name}`, async (t) => {
    const socket = await door(t, () => assert.fail());
    socket.write(bytes);
    const frames = await answers(socket);
    assert.match(Buffer.from(frames[0]?.payload ?? []).toString(), /^Cannot read the request/);
  });
}

test('openNestedDoor() does not wait for ever', async (t) => {
  const socket = await door(t, () => assert.fail(), 50);
  socket.write(FRAME.subarray(0, 20));
  assert.deepEqual(await answers(socket), []);
});
