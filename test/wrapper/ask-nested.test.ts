import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { askNested } from '#wrapper/ask-nested.ts';
import { EXIT_NOT_STARTED, EXIT_SESSION_LOST } from '#wrapper/exit-code.ts';

const REQUEST = { duty: 'reader', agent: null, argv: ['true'], cwd: '/', environment: '', terminal: null };

async function port(t: { after(end: () => void): void }, upgrades: boolean): Promise<number> {
  const server = createServer((_request, response) => void response.writeHead(404).end());
  if (upgrades) {
    server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: duty-gate-run/1\r\n\r\n');
      socket.once('data', () => socket.destroy());
    });
  }
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('askNested() answers 125 where nobody runs commands', async (t) => {
  assert.equal(await askNested(REQUEST, { host: '127.0.0.1', port: await port(t, false) }), EXIT_NOT_STARTED);
  assert.equal(await askNested(REQUEST, { host: '127.0.0.1', port: 1 }), EXIT_NOT_STARTED);
});

test('askNested() answers 123 when whoever runs it is gone', async (t) => {
  assert.equal(await askNested(REQUEST, { host: '127.0.0.1', port: await port(t, true) }), EXIT_SESSION_LOST);
});
