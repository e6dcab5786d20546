import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSession } from '#control/client.ts';
import { ControlError } from '#control/fault.ts';
import { verifyLocalToken } from '#control/local-token.ts';
import { audienceFor, startServer } from './harness.ts';

test('openSession() asks for a token of exactly this gateway, nonce and keys (R2)', async (t) => {
  const server = await startServer(t);
  const session = await openSession({ socketPath: server.socketPath, duty: 'reader', argv: ['psql', '-c', 'x'] });
  assert.equal(session.answer.duty, 'reader');
  const [opened] = server.opened;
  assert.deepEqual([opened?.request.duty, opened?.request.argv], ['reader', ['psql', '-c', 'x']]);
  const token = await verifyLocalToken(opened?.request.token ?? '', server.clockMs);
  assert.equal(token?.thumbprint, opened?.clientKey);
  assert.equal(token?.claims.aud, audienceFor(server, opened?.clientKey ?? ''));
  server.endSession();
});

test('openSession() carries cage, recording and close', async (t) => {
  const server = await startServer(t);
  const session = await openSession({ socketPath: server.socketPath, duty: null, argv: ['true'] });
  await session.enterCage({ pid: 42, entrance: 'user-namespace' });
  const sink = session.record();
  const chunks = Array.from({ length: 50 }, (_, index) => Buffer.alloc(40_000, index));
  for (const chunk of chunks) {
    if (!sink.write(chunk)) await new Promise((resolve) => sink.once('drain', resolve));
  }
  await new Promise<void>((resolve) => void sink.end(resolve));
  assert.deepEqual(Buffer.concat(server.recorded), Buffer.concat(chunks));
  const closed = await session.close({ exitCode: 0, signal: null });
  assert.deepEqual(closed, { evidence: '/evidence', allowed: 1, refused: 2, masked: 3 });
  assert.deepEqual([server.caged, server.closed], [[{ pid: 42, entrance: 'user-namespace' }], [{ exitCode: 0, signal: null }]]);
  server.endSession();
});

test('openSession() says that the session is lost when the gateway goes', async (t) => {
  const server = await startServer(t);
  const session = await openSession({ socketPath: server.socketPath, duty: null, argv: ['true'] });
  server.stop();
  await session.lost;
});

test('openSession() says that the session is lost when the gateway ends it', async (t) => {
  const server = await startServer(t);
  const session = await openSession({ socketPath: server.socketPath, duty: null, argv: ['true'] });
  server.endSession();
  await session.lost;
});

test('record() breaks when the gateway refuses the recording', async (t) => {
  const server = await startServer(t, {
    handlers: {
      async record() {
        throw new ControlError('conflict', 'Cannot record: it is recorded already');
      },
    },
  });
  const session = await openSession({ socketPath: server.socketPath, duty: null, argv: ['true'] });
  const sink = session.record();
  const broken = new Promise<Error>((resolve) => void sink.once('error', resolve));
  sink.write('x');
  const error = await broken;
  assert.ok(error instanceof ControlError && error.code === 'conflict');
  server.endSession();
});

test('openSession() is a ControlError when nobody answers', async () => {
  await assert.rejects(openSession({ socketPath: '/nowhere/control.sock', duty: null, argv: ['true'] }), {
    name: 'ControlError',
    code: 'unreachable',
  });
});

test('openSession() passes on why the gateway refuses', async (t) => {
  const server = await startServer(t, {
    handlers: {
      async open() {
        throw new ControlError('forbidden', 'Cannot choose a duty');
      },
    },
  });
  const opening = openSession({ socketPath: server.socketPath, duty: null, argv: ['true'] });
  await assert.rejects(opening, { code: 'forbidden', message: 'Cannot choose a duty' });
});

test('close() ends the recording first, if nobody has', async (t) => {
  const server = await startServer(t);
  const session = await openSession({ socketPath: server.socketPath, duty: null, argv: ['true'] });
  session.record().write('frames');
  await session.close({ exitCode: 125, signal: null });
  assert.equal(Buffer.concat(server.recorded).toString(), 'frames');
  server.endSession();
});
