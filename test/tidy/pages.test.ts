import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectFiles } from './files.ts';
import { ciProblems, linkProblems, namedPathProblems } from './pages.ts';

const project = projectFiles();
const textOf = (path: string) => project.find((file) => file.path === path)?.text ?? '';
const page = (text: string) => [
  { path: 'docs/a.md', text },
  { path: 'docs/b.md', text: '# Some heading: it`s here' },
  { path: 'src/x.ts', text: '' },
];

const links: readonly { text: string; found: number }[] = [
  { text: '[b](b.md) [b](./b.md#some-heading-its-here) [x](../src/x.ts) [src](../src/) [out](https://example.org/#no)', found: 0 },
  { text: '```\n[no](nowhere.md)\n```\n`[no](nowhere.md)`', found: 0 },
  { text: '[b](c.md)', found: 1 },
  { text: '[b](b.md#other)', found: 1 },
  { text: '[self](#missing)', found: 1 },
  { text: '![picture](b.png "title")', found: 1 },
];
for (const { text, found } of links) {
  test(`linkProblems() finds ${found} in ${JSON.stringify(text)}`, () => {
    assert.equal(linkProblems(page(text)).length, found);
  });
}

const paths: readonly { text: string; found: number }[] = [
  { text: '`src/x.ts` `src/` `docs/b.md` `src/gates/<protocol>/` `src/*.ts` `dist/bin/duty-gate` other/place', found: 0 },
  { text: '`src/y.ts`', found: 1 },
  { text: '`wrapper/`', found: 1 },
];
for (const { text, found } of paths) {
  test(`namedPathProblems() finds ${found} in ${JSON.stringify(text)}`, () => {
    assert.equal(namedPathProblems(page(text), ['dist']).length, found);
  });
}

const readme = '```sh\nnpm ci && npm test\n```\n';
const scripts: readonly { script: string; found: number }[] = [
  { script: 'cd x\nnpm ci\nnpm test\n', found: 0 },
  { script: 'npm test\nnpm ci\n', found: 1 },
  { script: 'npm ci\n# npm test\n', found: 1 },
  { script: 'npm ci\nnpm test || true\n', found: 1 },
];
for (const { script, found } of scripts) {
  test(`ciProblems() finds ${found} in ${JSON.stringify(script)}`, () => {
    assert.equal(ciProblems(readme, script).length, found);
  });
}

test('ciProblems() finds a README without the command', () => {
  assert.equal(ciProblems('run the tests', 'npm test').length, 1);
});

test('links of all pages lead somewhere', () => {
  assert.deepEqual(linkProblems(project), []);
});

test('paths that pages name are there', () => {
  assert.deepEqual(namedPathProblems(project, ['dist']), []);
});

test("CI runs README.md's test command", () => {
  assert.deepEqual(ciProblems(textOf('README.md'), textOf('.ci/run')), []);
});
