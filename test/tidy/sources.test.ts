import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ProjectFile, projectFiles } from './files.ts';
import { isTypesOnly, leftOverProblems, lengthProblems, nameProblems, testProblems } from './sources.ts';

const project = projectFiles();

type Check = (files: readonly ProjectFile[]) => readonly string[];
const one = (path: string, text = '') => [{ path, text }];

const bad: readonly { check: Check; files: readonly ProjectFile[]; expected: RegExp }[] = [
  { check: testProblems, files: one('src/core/a.ts', 'export const a = 1;'), expected: /src\/core\/a\.ts: no test\/core\/a\.test\.ts/ },
  { check: testProblems, files: one('wrapper/a.ts', 'console.log();'), expected: /no test\/wrapper\/a\.test\.ts/ },
  { check: lengthProblems, files: one('src/a.ts', 'x\n'.repeat(301)), expected: /301 lines/ },
  { check: leftOverProblems, files: one('src/a.ts', 'a\n// TODO: b'), expected: /src\/a\.ts:2: TODO/ },
  { check: leftOverProblems, files: one('test/a.test.ts', "test.skip('x')"), expected: /test\.skip/ },
  { check: leftOverProblems, files: one('test/a.test.ts', "test('x', { only: true })"), expected: /only/ },
  { check: leftOverProblems, files: one('test/a.test.ts', "t.skip('no server')"), expected: /t\.skip/ },
  { check: leftOverProblems, files: one('src/a.ts', '// @ts-nocheck'), expected: /nocheck/ },
  { check: nameProblems, files: one('src/core/utils.ts'), expected: /utils/ },
  { check: nameProblems, files: one('test/helpers/a.ts'), expected: /helpers/ },
  { check: nameProblems, files: one('src/core/someName.ts'), expected: /kebab/ },
];
for (const { check, files, expected } of bad) {
  test(`${check.name}() finds what is wrong with ${files[0]?.path} ${JSON.stringify(files[0]?.text.slice(0, 40))}`, () => {
    const problems = check(files);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', expected);
  });
}

const good: readonly { check: Check; files: readonly ProjectFile[] }[] = [
  { check: testProblems, files: [...one('src/core/a.ts', 'export const a = 1;'), ...one('test/core/a.test.ts')] },
  {
    check: testProblems,
    files: one('src/core/a.ts', "import type { B } from './b.ts';\n/** x */ export type A = B;\nexport interface C {}"),
  },
  { check: lengthProblems, files: one('src/a.ts', 'x\n'.repeat(300)) },
  { check: lengthProblems, files: one('src/a.ts', `// reviewed data table\n${'x\n'.repeat(900)}`) },
  { check: leftOverProblems, files: one('src/a.ts', 'const skip = { oversize: skip };') },
  { check: nameProblems, files: one('test/core/sql/some-name.test.ts') },
];
for (const { check, files } of good) {
  test(`${check.name}() accepts ${files[0]?.path} ${JSON.stringify(files[0]?.text.slice(0, 40))}`, () => {
    assert.deepEqual(check(files), []);
  });
}

test('isTypesOnly() is false for a source that exports a value between types', () => {
  assert.equal(isTypesOnly('export type A = 1;\nexport const a: A = 1;\nexport type B = 2;'), false);
});

for (const check of [testProblems, lengthProblems, leftOverProblems, nameProblems]) {
  test(`${check.name}() finds nothing in the project`, () => {
    assert.deepEqual(check(project), []);
  });
}
