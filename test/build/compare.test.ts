import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { differences } from '#build/compare.ts';

const folder = await mkdtemp(join(tmpdir(), 'duty-gate-compare-'));
after(() => rm(folder, { recursive: true, force: true }));
for (const name of ['same', 'changed', 'surplus', 'program']) await writeFile(join(folder, name), name, { mode: 0o644 });
await chmod(join(folder, 'program'), 0o755);

const file = (content: string, executable = false) => ({ bytes: Buffer.from(content), executable });

const cases: readonly { name: string; built: readonly (readonly [string, ReturnType<typeof file>])[]; expected: readonly string[] }[] = [
  {
    name: 'nothing when all is the same',
    built: [...['same', 'changed', 'surplus'].map((name) => [name, file(name)] as const), ['program', file('program', true)]],
    expected: [],
  },
  {
    name: 'each kind of difference',
    built: [
      ['same', file('same', true)],
      ['changed', file('as built')],
      ['missing', file('')],
      ['program', file('program')],
    ],
    expected: [
      'changed has other content',
      'missing is missing',
      'program is executable',
      'same is not executable',
      'surplus is left over',
    ],
  },
];

for (const { name, built, expected } of cases) {
  test(`differences() tells ${name}`, async () => {
    assert.deepEqual(await differences(new Map(built), folder), expected);
  });
}

test('differences() calls everything missing when there is no folder', async () => {
  assert.deepEqual(await differences(new Map([['a', file('a')]]), join(folder, 'nonexistent')), ['a is missing']);
});
