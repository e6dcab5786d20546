import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const DEMO = fileURLToPath(new URL('demo.ts', import.meta.url));

describe('npm run demo -- --json', () => {
  for (const form of [[], ['--local']]) {
    it(`ends in one line that says all went as told ${form.join(' ')}`, async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [DEMO, '--json', ...form]);
      const { bundle, report, seconds, ...told } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
      assert.deepEqual(told, { ok: true, allowed: 3, refused: 1, masked: 6, verified: true });
      assert.deepEqual([typeof bundle, typeof seconds], ['string', 'number']);
      assert.match(stdout, /ERROR: {2}duty "log-reader" does not permit drop on public\.customers/);
      const texts = [stdout, readFileSync(report, 'utf8')];
      for (const secret of ['first@example.com', '4111111111111111']) for (const text of texts) assert.ok(!text.includes(secret));
    });
  }
});
