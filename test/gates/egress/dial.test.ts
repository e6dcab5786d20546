import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { dialFirst } from '#gates/egress/dial.ts';
import { upstream } from './egress-bench.ts';

test('dialFirst() connects to the first address that answers, and gives each socket away before', async (t) => {
  const { port } = await upstream(t);
  const held: Socket[] = [];
  const socket = await dialFirst(['::1', '127.0.0.1', '127.0.0.2'], port, (each) => held.push(each));
  assert.equal(socket?.remoteAddress, '127.0.0.1');
  assert.equal(held.length, 2);
  socket?.destroy();
});

test('dialFirst() gives nothing when nobody answers, or the socket was taken away', async (t) => {
  const { port } = await upstream(t);
  assert.equal(await dialFirst([], port, () => undefined), null);
  assert.equal(await dialFirst(['127.0.0.1'], 1, () => undefined), null);
  assert.equal(await dialFirst(['127.0.0.1'], port, (socket) => void socket.destroy()), null);
});
