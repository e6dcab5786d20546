import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { readOpeningOf } from '#gates/egress/peek.ts';
import { listen } from './egress-bench.ts';

test('readOpeningOf() leaves every byte to be read', async (t) => {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  const client = connect(await listen(t, server), '127.0.0.1');
  const [socket]: Socket[] = await once(server, 'connection');
  assert.ok(socket);
  t.after(() => void client.destroy());
  t.after(() => void socket.destroy());
  client.write('GET /x HT');
  assert.deepEqual(await readOpeningOf(socket, 5000), { kind: 'http' });
  client.end('TP/1.1');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  assert.equal(text, 'GET /x HTTP/1.1');
  // Its other half is still open.
  socket.destroy();
});

test('readOpeningOf() gives up a client that goes away, and one that takes its time', async (t) => {
  const server = createServer();
  const port = await listen(t, server);
  for (const [leave, why] of [
    [(client: Socket) => client.end('GE'), /went away/],
    [(client: Socket) => client.write('GE'), /in time/],
  ] as const) {
    const client = connect(port, '127.0.0.1');
    const [socket]: Socket[] = await once(server, 'connection');
    assert.ok(socket);
    leave(client);
    const opening = await readOpeningOf(socket, 100);
    assert.match(opening.kind === 'fault' ? opening.why : '', why);
    socket.destroy();
    client.destroy();
  }
});
