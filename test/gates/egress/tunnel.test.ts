import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { tunnel } from '#gates/egress/tunnel.ts';
import { listen } from './egress-bench.ts';

type Context = Parameters<typeof listen>[0];

/** Two ends that belong together, of a real connection. */
async function pair(t: Context): Promise<readonly [outer: Socket, inner: Socket]> {
  const server = createServer({ allowHalfOpen: true });
  const outer = connect({ port: await listen(t, server), host: '127.0.0.1', allowHalfOpen: true });
  const [inner]: Socket[] = await once(server, 'connection');
  assert.ok(inner);
  for (const socket of [outer, inner]) {
    socket.on('error', () => undefined);
    t.after(() => void socket.destroy());
  }
  return [outer, inner];
}

test('tunnel() takes no more from one side than the other one takes', async (t) => {
  const [client, a] = await pair(t);
  const [b, server] = await pair(t);
  const done = tunnel(a, b);
  const piece = Buffer.alloc(1024 * 1024);
  for (let n = 0; n < 64; n++) client.write(piece);
  client.end();
  await delay(300);
  assert.ok(b.bytesWritten < 32 * 1024 * 1024, `${b.bytesWritten} bytes taken that nobody reads`);
  let bytes = 0;
  for await (const chunk of server) bytes += chunk.length;
  assert.equal(bytes, 64 * 1024 * 1024);
  server.end();
  await done;
});

test('tunnel() ends both sides when one breaks off', async (t) => {
  for (const breaks of ['client', 'server'] as const) {
    const [client, a] = await pair(t);
    const [b, server] = await pair(t);
    const done = tunnel(a, b);
    (breaks === 'client' ? client : server).resetAndDestroy();
    await done;
    assert.ok(a.destroyed && b.destroyed);
  }
});

test('tunnel() ends what nobody uses, and lets go on what goes one way only', async (t) => {
  const [client, a] = await pair(t);
  const [b, server] = await pair(t);
  let isDone = false;
  const done = tunnel(a, b, 150).then(() => {
    isDone = true;
  });
  server.resume();
  for (let n = 0; n < 10; n++) {
    client.write('x');
    await delay(40);
  }
  assert.equal(isDone, false);
  await done;
  assert.ok(a.destroyed && b.destroyed);
});
