import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBundle } from '#adapters/files/bundle.ts';
import { steppingClock } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

test('openBundle() has policy and token whole before the first entry', (t) => {
  const parent = temporaryFolder(t);
  const { folder, audit } = openBundle({ parent, session: 's', policy: Buffer.from([0xff, 0x0a]), token: 'a.b.c', clock: steppingClock() });
  assert.deepEqual(readdirSync(join(parent, 's')).sort(), ['audit.jsonl', 'policy.yml', 'token.jwt']);
  assert.deepEqual([...readFileSync(join(parent, 's/policy.yml'))], [0xff, 0x0a]);
  assert.equal(readFileSync(join(parent, 's/token.jwt'), 'utf8'), 'a.b.c');
  assert.equal(readFileSync(join(parent, 's/audit.jsonl')).length, 0);
  audit.close();
  folder.close();
});
