import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSession } from '#control/client.ts';
import { mintLocally } from '#control/local-token.ts';
import { startServer } from './harness.ts';

test('recordingSink() begins before anything is written, so that the gateway knows of it', async (t) => {
  const begun = Promise.withResolvers<void>();
  const server = await startServer(t, {
    handlers: {
      async record(_session, _link, frames) {
        begun.resolve();
        for await (const _ of frames);
      },
    },
  });
  const session = await openSession({ socketPath: server.socketPath, duty: null, mint: mintLocally });
  const { recording } = await session.startLink({ argv: ['true'] });
  await begun.promise;
  await new Promise<void>((resolve) => void recording.end(resolve));
  server.endSession();
});

test('recordingSink() is destroyed with its request: the gateway sees it break off', async (t) => {
  const begun = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<unknown>();
  const server = await startServer(t, {
    handlers: {
      async record(_session, _link, frames) {
        begun.resolve();
        try {
          for await (const _ of frames);
        } catch (error) {
          broken.resolve(error);
        }
      },
    },
  });
  const session = await openSession({ socketPath: server.socketPath, duty: null, mint: mintLocally });
  const { recording } = await session.startLink({ argv: ['true'] });
  recording.on('error', () => undefined);
  await begun.promise;
  recording.write('half a frame', () => recording.destroy());
  assert.ok((await broken.promise) instanceof Error);
  server.endSession();
});
