import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ControlLink, openSession, resumeSession } from '#control/client.ts';
import { ControlError } from '#control/fault.ts';
import { mintLocally, verifyLocalToken } from '#control/local-token.ts';
import { audienceFor, CHECKPOINT, LINK, SESSION, startServer, type TestServer } from './harness.ts';

const open = ({ socketPath }: { readonly socketPath: string }, duty: string | null = null) =>
  openSession({ socketPath, duty, mint: mintLocally });

async function startLink(
  t: TestContext,
  options: Parameters<typeof startServer>[1] = {},
): Promise<{ server: TestServer; link: ControlLink }> {
  const server = await startServer(t, options);
  return { server, link: await (await open(server)).startLink({ argv: ['psql', '-c', 'x'] }) };
}

test('openSession() asks for a token of exactly this gateway, nonce and keys (R2)', async (t) => {
  const server = await startServer(t);
  const session = await open(server, 'reader');
  assert.equal(session.answer.duty, 'reader');
  const [opened] = server.opened;
  assert.equal(opened?.request.duty, 'reader');
  const token = await verifyLocalToken(opened?.request.token ?? '', server.clockMs);
  assert.equal(token?.thumbprint, opened?.clientKey);
  assert.equal(token?.claims.aud, audienceFor(server, opened?.clientKey ?? ''));
  server.endSession();
});

test('openSession() mints once, and opens nothing when it cannot', async (t) => {
  const server = await startServer(t);
  let minted = 0;
  const mint = async () => {
    minted += 1;
    throw new Error('nobody mints here');
  };
  await assert.rejects(openSession({ socketPath: server.socketPath, duty: null, mint }), /nobody mints here/);
  assert.deepEqual([minted, server.opened], [1, []]);
});

test('startLink() carries command, cage, recording and end', async (t) => {
  const { server, link } = await startLink(t);
  assert.deepEqual([link.link, server.started], [LINK, [{ argv: ['psql', '-c', 'x'] }]]);
  await link.enterCage({ pid: 42, init: 42, entrance: 'user-namespace', network: '1', workspace: null, launchers: [] });
  const escapes = [{ name: 'tcp-loopback', verdict: 'held' as const }];
  await link.confined({ escapes });
  assert.deepEqual(server.confined, [{ escapes }]);
  const chunks = Array.from({ length: 50 }, (_, index) => Buffer.alloc(40_000, index));
  for (const chunk of chunks) {
    if (!link.recording.write(chunk)) await new Promise((resolve) => link.recording.once('drain', resolve));
  }
  await new Promise<void>((resolve) => void link.recording.end(resolve));
  assert.deepEqual(Buffer.concat(server.recorded), Buffer.concat(chunks));
  assert.deepEqual(await link.end({ exitCode: 0, signal: null }), { allowed: 1, refused: 2, masked: 3, checkpoint: CHECKPOINT });
  assert.deepEqual(
    [server.caged, server.endings],
    [[{ pid: 42, init: 42, entrance: 'user-namespace', network: '1', workspace: null, launchers: [] }], [{ exitCode: 0, signal: null }]],
  );
  server.endSession();
});

test('onCheckpoint() is told what the gateway has for the log, and of nothing else', async (t) => {
  const [listened, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const server = await startServer(t, {
    handlers: {
      async watch(_session, tell) {
        await listened.promise;
        for (const line of [CHECKPOINT, `no checkpoint\n${CHECKPOINT}2`, 'dgc1 ', `x${CHECKPOINT}`, `${CHECKPOINT}3`]) tell(line);
        await over.promise;
      },
    },
  });
  const session = await open(server);
  const told: string[] = [];
  session.onCheckpoint((text) => {
    told.push(text);
    if (text.endsWith('3')) over.resolve();
  });
  listened.resolve();
  await session.lost;
  assert.deepEqual(told, [CHECKPOINT, `${CHECKPOINT}2`, `${CHECKPOINT}3`]);
});

test('resumeSession() goes on where another process opened', async (t) => {
  const server = await startServer(t);
  const { saved } = await open(server);
  const session = await resumeSession(saved);
  assert.equal(session.answer.session, SESSION);
  await session.startLink({ argv: ['true'] });
  assert.deepEqual(await session.close(), { evidence: '/evidence', allowed: 1, refused: 2, masked: 3, checkpoint: CHECKPOINT });
  assert.equal(server.opened.length, 1);
  server.endSession();
});

test('resumeSession() is a ControlError when the gateway is gone', async (t) => {
  const server = await startServer(t);
  const { saved } = await open(server);
  server.stop();
  await assert.rejects(resumeSession(saved), { name: 'ControlError', code: 'unreachable' });
});

test('openSession() says that the session is lost when the gateway goes', async (t) => {
  const server = await startServer(t);
  const session = await open(server);
  server.stop();
  await session.lost;
});

test('openSession() says that the session is lost when the gateway ends it', async (t) => {
  const server = await startServer(t);
  const session = await open(server);
  server.endSession();
  await session.lost;
});

test('recording breaks when the gateway refuses it', async (t) => {
  const { server, link } = await startLink(t, {
    handlers: {
      async record() {
        throw new ControlError('conflict', 'Cannot record: it is recorded already');
      },
    },
  });
  const error = await new Promise<Error>((resolve) => void link.recording.once('error', resolve));
  assert.ok(error instanceof ControlError && error.code === 'conflict');
  server.endSession();
});

test('openSession() is a ControlError when nobody answers', async () => {
  await assert.rejects(open({ socketPath: '/nowhere/control.sock' }), { name: 'ControlError', code: 'unreachable' });
});

test('openSession() passes on why the gateway refuses', async (t) => {
  const server = await startServer(t, {
    handlers: {
      async open() {
        throw new ControlError('forbidden', 'Cannot choose a duty');
      },
    },
  });
  await assert.rejects(open(server), { code: 'forbidden', message: 'Cannot choose a duty' });
});

test('end() ends the recording first, if nobody has', async (t) => {
  const { server, link } = await startLink(t);
  link.recording.write('frames');
  await link.end({ exitCode: 125, signal: null });
  assert.equal(Buffer.concat(server.recorded).toString(), 'frames');
  server.endSession();
});
