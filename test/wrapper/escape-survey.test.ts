import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cageProgram } from '#wrapper/cage-program.ts';
import { ESCAPES } from '#wrapper/escape-list.ts';
import { surveyHost } from '#wrapper/escape-survey.ts';
import { publicFile } from './users.ts';

const folder = mkdtempSync(join(tmpdir(), 'duty-gate-survey-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('surveyHost() tries what the machine may have nothing for, or everything', async () => {
  const few = await surveyHost(cageProgram(), ['cookie=x'], 'kernel');
  const all = await surveyHost(cageProgram(), ['cookie=x'], 'all');
  assert.deepEqual(
    all.map(({ name }) => name),
    ESCAPES.map(({ name }) => name),
  );
  assert.ok(few.length > 30 && few.length < all.length);
  // Nobody listens there: outside that is nothing to reach, and not held.
  const [bait] = await surveyHost(cageProgram(), ['cookie=x', 'tcp-loopback=127.0.0.1 1'], 'kernel');
  assert.deepEqual(bait, { name: 'tcp-loopback', verdict: 'absent', detail: 'connect ECONNREFUSED' });
});

test('surveyHost() sees when somebody else has the address of a bait', async () => {
  const server = createServer((socket) => socket.end('another cookie'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const [bait] = await surveyHost(cageProgram(), ['cookie=x', `tcp-loopback=127.0.0.1 ${address.port}`], 'kernel');
  server.close();
  assert.deepEqual([bait?.verdict, bait?.detail], ['held', 'somebody else answers']);
});

for (const [name, program] of [
  ['is not there', '/no/such/program'],
  ['says nothing of ours', '/usr/bin/true'],
  ['says other things', publicFile(join(folder, 'other'), '#!/bin/sh\necho "@escape" >&2; echo mount: no >&2; exit 1\n', 0o755)],
] as const) {
  test(`surveyHost() tells nothing where the program ${name}`, async () => assert.deepEqual(await surveyHost(program, [], 'all'), []));
}
