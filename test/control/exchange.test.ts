import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exchange } from '#control/exchange.ts';
import { createSigningKey } from '#control/keys.ts';
import { CONTROL_BODY_BYTES_MAX, Hello } from '#control/messages.ts';

/** What a hostile or broken gateway says, byte for byte. */
async function answering(t: TestContext, bytes: string) {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-exchange-'));
  const socketPath = join(folder, 'control.sock');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => void server.listen(socketPath, resolve));
  t.after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const peer = { socketPath, gateway: null, key: createSigningKey(), token: null, nowMs: Date.now, newId: () => crypto.randomUUID() };
  return exchange(peer, { method: 'GET', path: '/v1/hello' }, null, Hello);
}

const http = (status: string, body: string) => `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;

const ANSWERS: readonly { name: string; bytes: string; code: string }[] = [
  { name: 'nothing', bytes: '', code: 'unreachable' },
  { name: 'another protocol', bytes: 'SSH-2.0-x\r\n', code: 'unreachable' },
  { name: 'half an answer', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{', code: 'unreachable' },
  { name: 'no JSON', bytes: http('200 OK', 'hello'), code: 'protocol' },
  { name: 'another shape', bytes: http('200 OK', '{}'), code: 'protocol' },
  { name: 'more than the maximum', bytes: http('200 OK', ' '.repeat(CONTROL_BODY_BYTES_MAX + 1)), code: 'unreachable' },
  { name: 'a redirection', bytes: http('302 Found', '{}'), code: 'protocol' },
  { name: 'a fault', bytes: http('409 Conflict', '{"error":{"code":"conflict","message":"twice"}}'), code: 'conflict' },
  { name: 'a fault with an unknown code', bytes: http('500 X', '{"error":{"code":"unreachable","message":"x"}}'), code: 'protocol' },
];

for (const { name, bytes, code } of ANSWERS) {
  test(`exchange() makes ${code} of ${name}`, async (t) => {
    await assert.rejects(answering(t, bytes), { name: 'ControlError', code });
  });
}
