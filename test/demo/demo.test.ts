import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const DEMO = fileURLToPath(new URL('demo.ts', import.meta.url));

it('npm run demo -- --json ends in one line that says all went as told', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [DEMO, '--json']);
  const { bundle, seconds, ...told } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  assert.deepEqual(told, { ok: true, allowed: 3, refused: 1, masked: 6, verified: true, report: null });
  assert.deepEqual([typeof bundle, typeof seconds], ['string', 'number']);
  assert.match(stdout, /ERROR: {2}duty "log-reader" does not permit drop on public\.customers/);
  for (const secret of ['first@example.com', '4111111111111111']) assert.ok(!stdout.includes(secret));
});
