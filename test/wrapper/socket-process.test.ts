import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { openTerminal } from '#wrapper/pty.ts';
import { asSocket, startSocketProcess } from '#wrapper/socket-process.ts';

test('startSocketProcess() speaks with a program both ways on its standard error', async () => {
  const { child, orders } = startSocketProcess(['/usr/bin/bash', '-c', 'read -u 2 word; echo "got $word" >&2'], 'ignore', 'ignore', 5);
  orders.write('this\n');
  const [said] = await once(orders, 'data');
  assert.equal(String(said), 'got this\n');
  await once(child, 'close');
});

test("R22 startSocketProcess() gives nobody the terminal's master, and no controlling terminal", async () => {
  const terminal = openTerminal(80, 24);
  const text = 'ls -l /proc/$$/fd >&2; (exec 9</dev/tty) 2>/dev/null && echo controlled >&2; exit 0';
  const { child, orders } = startSocketProcess(['/usr/bin/bash', '-c', text], 'ignore', 'ignore', terminal.masterFd);
  let said = '';
  orders.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child, 'close');
  terminal.close();
  assert.match(said, /0 -> \/dev\/null/);
  assert.doesNotMatch(said, /ptmx|pts|controlled/);
});

test('asSocket() refuses what is no socket', () => {
  for (const stream of [null, undefined, new PassThrough(), 7]) assert.throws(() => asSocket(stream), { code: 'set-up' });
});
