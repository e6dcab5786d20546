import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { GIT_CONFIG_CHARACTERS_MAX, type GitConfigEntry, gitConfigText, parseGitConfig } from '#core/git-config/parse.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

type Plain = Pick<GitConfigEntry, 'section' | 'subsection' | 'name' | 'value'>;
const read = (text: string) =>
  parseGitConfig(text)?.map(({ section, subsection, name, value }) => [
    subsection === null ? `${section}.${name}` : `${section}.${subsection}.${name}`,
    value,
  ]) ?? null;

for (const [text, expected] of [
  ['', []],
  ['[core]\n\tbare = false\n', [['core.bare', 'false']]],
  ['[Core] Bare=false # no\n ; nothing\n', [['core.bare', 'false']]],
  [
    '[a]x\n[a]y\n;z\n',
    [
      ['a.x', null],
      ['a.y', null],
    ],
  ],
  ['[remote "a \\"b\\\\"]\nurl =  "  x " y\\tz   \n', [['remote.a "b\\.url', '  x  y\tz']]],
  ['[A.B.C]\nx=1', [['a.b.c.x', '1']]],
  [
    '[a]\nx = one \\\n  two\ny=\n',
    [
      ['a.x', 'one   two'],
      ['a.y', ''],
    ],
  ],
  ['[a]\nx = "a;b" # c\n', [['a.x', 'a;b']]],
] as const) {
  test(`parseGitConfig() reads ${JSON.stringify(text)}`, () => assert.deepEqual(read(text), expected));
}

for (const text of [
  'x=1',
  '[a\nx=1',
  '[a]\nx="1\n',
  '[a]\nx=\\q\n',
  '[a]\n1x=1',
  '[a b]\nx=1',
  '[a.b "c"]\nx=1',
  '[a]\r\nx=1',
  '[a]\nx=\0',
  '[a]\nx=b\tc',
  '[a]\nx#',
  '[a]\nx = b \\\n',
]) {
  test(`parseGitConfig() takes ${JSON.stringify(text)} for nothing that it knows`, () => assert.equal(read(text), null));
}

test('parseGitConfig() has bounds', () => {
  assert.equal(read('#'.repeat(GIT_CONFIG_CHARACTERS_MAX))?.length, 0);
  assert.equal(read('#'.repeat(GIT_CONFIG_CHARACTERS_MAX + 1)), null);
  assert.equal(read(`[a]\n${'x\n'.repeat(5000)}`)?.length, 5000);
  assert.equal(read(`[a]\n${'x\n'.repeat(5001)}`), null);
});

const plain = ({ section, subsection, name, value }: Plain): Plain => ({ section, subsection, name, value });

const PIECES = [
  '[a]',
  '[Core "x y"]',
  '[a "\\"\\\\q"]',
  'x',
  ' = ',
  '=',
  '"',
  '\\',
  '\\n',
  '\\"',
  '\n',
  '\n',
  ' ',
  '\t',
  '#',
  ';',
  'v',
  '[b.C]',
  'é',
  '\\\n',
  '!',
  '-',
];

test('parseGitConfig() reads nothing otherwise than git does', (t) => {
  const path = join(temporaryFolder(t), 'config');
  const byGit = (text: string): readonly (readonly [string, string | null])[] | null => {
    writeFileSync(path, text);
    const { status, stdout } = spawnSync('git', ['config', '--file', path, '--null', '--list'], { encoding: 'utf8', env: {} });
    if (status !== 0) return null;
    return stdout
      .split('\0')
      .slice(0, -1)
      .map((record) => {
        const at = record.indexOf('\n');
        return at === -1 ? [record, null] : [record.slice(0, at), record.slice(at + 1)];
      });
  };
  assert.deepEqual(byGit('[a]\nx = 1\n'), [['a.x', '1']]);
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => `[a]\nx = ${pieces.join('')}`);
  fc.assert(
    fc.property(text, (each) => {
      const ours = read(each);
      if (ours !== null) assert.deepEqual(ours, byGit(each));
    }),
    { numRuns: 1000 },
  );
});

test('gitConfigText() has one reading: what was meant', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const anything = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '\n', '\t', '\b', '#', ';', '=', ']', 'é', '.') });
  const entry = fc.record({
    section: word,
    subsection: fc.option(
      anything.map((text) => text.replaceAll('\n', '')),
      { nil: null },
    ),
    name: word,
    value: fc.option(anything, { nil: null }),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
      const again = parseGitConfig(gitConfigText(entries));
      assert.deepEqual(again?.map(plain), entries.map(plain));
    }),
  );
});
