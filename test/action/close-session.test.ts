import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { closeSession } from '#action/close-session.ts';
import { openSession } from '#control/client.ts';
import { ControlError } from '#control/fault.ts';
import { mintLocally } from '#control/local-token.ts';
import type { CloseAnswer } from '#control/messages.ts';
import { writeSavedSession } from '#control/saved-session.ts';
import { CHECKPOINT, startServer } from '#test/control/harness.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const ANSWER: CloseAnswer = { evidence: '/evidence', allowed: 1, refused: 2, masked: 3, checkpoint: CHECKPOINT };

/** A gateway with an open session that `closing` answers for, and the job folder that main would have left. */
async function openJob(t: TestContext, closing: () => Promise<CloseAnswer>) {
  const folder = temporaryFolder(t);
  let closed = 0;
  const server = await startServer(t, {
    handlers: {
      close: () => {
        closed += 1;
        // As the real one: it answers, and is gone.
        setTimeout(server.stop, 20);
        return closing();
      },
    },
  });
  const session = await openSession({ socketPath: server.socketPath, duty: null, mint: mintLocally });
  writeSavedSession(folder, session.saved);
  return { folder, server, closed: () => closed };
}

test('closeSession() goes on with the session of the folder, closes it, and waits until its gateway is gone', async (t) => {
  const { folder, closed } = await openJob(t, async () => ANSWER);
  assert.deepEqual(await closeSession(folder), { kind: 'closed', checkpoint: CHECKPOINT });
  assert.equal(closed(), 1);
});

test('closeSession() says that the gateway is gone', async (t) => {
  const { folder, server } = await openJob(t, async () => ANSWER);
  server.stop();
  const closing = await closeSession(folder);
  assert.equal(closing.kind, 'lost');
  assert.match(closing.kind === 'lost' ? closing.why : '', /^Cannot reach the gateway/);
});

test("closeSession() says in the gateway's words why it could not seal", async (t) => {
  const { folder } = await openJob(t, async () => {
    throw new ControlError('failed', 'Cannot write manifest.json: ENOSPC');
  });
  assert.deepEqual(await closeSession(folder), { kind: 'lost', why: 'Cannot write manifest.json: ENOSPC' });
});

test('closeSession() has nothing to do where none was opened', async (t) => {
  assert.deepEqual(await closeSession(temporaryFolder(t)), { kind: 'none' });
});

test('closeSession() takes no session that is not the one that was saved', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'session.json'), '{"socketPath":"/elsewhere"}', { mode: 0o600 });
  const closing = await closeSession(folder);
  assert.equal(closing.kind, 'lost');
  assert.match(closing.kind === 'lost' ? closing.why : '', /not understood/);
});
