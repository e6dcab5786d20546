import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSigningKey } from '#control/keys.ts';
import { type Lifeline, lifelineOf, openLifeline } from '#control/lifeline.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

async function serve(t: TestContext, refuse = false) {
  const socketPath = join(temporaryFolder(t), 'control.sock');
  const made = Promise.withResolvers<Lifeline>();
  const server: Server = createServer((request, response) => {
    request.resume();
    if (!refuse) return made.resolve(lifelineOf(response));
    response.writeHead(409, { connection: 'close' });
    response.end(JSON.stringify({ error: { code: 'conflict', message: 'Cannot hold' } }));
  }).listen(socketPath);
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const peer = { socketPath, gateway: null, key: createSigningKey(), token: null, nowMs: Date.now, newId: () => 'id' };
  return { peer, lifeline: made.promise };
}

/** A process that has the client's end as its standard output, and ends when that does; as its first process a cage does so. */
async function inherit(peer: Parameters<typeof openLifeline>[0]) {
  const socket = await openLifeline(peer, '/hold');
  const child = spawn('python3', ['-c', 'import os\nwhile os.read(1, 1): pass'], { stdio: ['ignore', socket, 'inherit'] });
  socket.destroy();
  return { child, ended: once(child, 'exit') };
}

test('a lifeline lives on in whoever inherited it, and its end is told there', async (t) => {
  const { peer, lifeline } = await serve(t);
  const { child, ended } = await inherit(peer);
  const line = await lifeline;
  let isClosed = false;
  void line.closed.then(() => {
    isClosed = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual([isClosed, child.exitCode], [false, null]);
  line.end();
  await Promise.all([ended, line.closed]);
  assert.equal(child.exitCode, 0);
});

test('a lifeline closes when nobody holds its other end any more', async (t) => {
  const { peer, lifeline } = await serve(t);
  const { child } = await inherit(peer);
  const line = await lifeline;
  child.kill('SIGKILL');
  await line.closed;
});

test('openLifeline() passes on why the gateway refuses', async (t) => {
  const { peer } = await serve(t, true);
  await assert.rejects(openLifeline(peer, '/hold'), { code: 'conflict', message: 'Cannot hold' });
});
