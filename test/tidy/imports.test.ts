import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSource, projectFiles } from './files.ts';
import { importProblems, importsOf, parseImportTable } from './imports.ts';

const page = `
<!-- import-table -->
| layer | may import |
|---|---|
| src/core/sql | src/core, node:crypto, libpg-query |
| src/gates/{a,b}.ts | src/core, node |
| src/gates | types of src/session/{ports,guard}.ts, @x/y, zod |
<!-- /import-table -->
`;
const rows = parseImportTable(page);
const others = [
  { path: 'src/core/sql/x.ts', text: '' },
  { path: 'src/gates/a.ts', text: '' },
  { path: 'src/gates/z.ts', text: '' },
];

const allowed: readonly (readonly [string, string])[] = [
  ['src/core/sql/a.ts', `import { b } from './b.ts';`],
  ['src/core/sql/a.ts', `import { b } from '#core/policy/b.ts';\nimport { hash } from 'node:crypto';`],
  ['src/core/sql/a.ts', `const load = () => import('libpg-query-18/wasm/libpg-query.js');`],
  ['src/core/sql/a.ts', `// import '../x.ts'\n/** import x from 'zod' */`],
  ['src/gates/b.ts', `import net from 'node:net';\nimport { x } from './z.ts';`],
  ['src/gates/c.ts', `import type {\n  Clock,\n} from '#session/ports.ts';\nimport * as y from '@x/y/deep';\nimport { z } from 'zod';`],
];
for (const [path, text] of allowed) {
  test(`importProblems() accepts in ${path} ${JSON.stringify(text)}`, () => {
    assert.deepEqual(importProblems([...others, { path, text }], rows), []);
  });
}

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['src/core/sql/a.ts', `import { b } from '../b.ts';`, /imports \.\.\/b\.ts/],
  ['src/core/sql/a.ts', `import { b } from './../b.ts';`, /imports \.\/\.\.\/b\.ts/],
  ['src/core/sql/a.ts', `import { b } from '#gates/b.ts';`, /not allowed for src\/core\/sql/],
  ['src/core/sql/a.ts', `import { b } from '#test/b.ts';`, /not allowed/],
  ['src/core/sql/a.ts', `import 'node:fs';`, /node:fs at run time/],
  ['src/core/sql/a.ts', `export * from 'zod';`, /zod/],
  ['src/core/sql/a.ts', `const fs = require('fs');`, /fs at run time/],
  ['src/core/sql/a.ts', `const x = await import('node:fs');`, /node:fs/],
  ['src/core/sql/a.ts', 'const x = await import(name);', /computes/],
  ['src/core/sql/a.ts', `import x from 'libpg-query-evil';`, /libpg-query-evil/],
  ['src/gates/c.ts', `import { mint } from '#session/guard.ts';`, /at run time/],
  ['src/gates/c.ts', `import type { Fault } from '#session/fault.ts';`, /fault/],
  ['src/gates/c.ts', `import {\n  a,\n  b,\n} from '#adapters/files.ts';`, /adapters/],
  ['src/new/c.ts', '', /no row/],
];
for (const [path, text, expected] of refused) {
  test(`importProblems() refuses in ${path} ${JSON.stringify(text)}`, () => {
    const problems = importProblems([...others, { path, text }], rows);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', expected);
  });
}

test('importProblems() tells a row that fits no source', () => {
  assert.deepEqual(importProblems(others.slice(1), rows), ['ARCHITECTURE.md: no source is src/core/sql']);
});

test('parseImportTable() refuses a page without the table', () => {
  assert.throws(() => parseImportTable('| layer | may import |'), /no markers/);
});

test('importsOf() finds imports in a source of ours', () => {
  assert.ok(projectFiles().some(({ path, text }) => path === 'test/tidy/imports.test.ts' && importsOf(text).length >= 4));
});

test('each import of a source is one that ARCHITECTURE.md allows', () => {
  const files = projectFiles();
  const table = parseImportTable(files.find(({ path }) => path === 'ARCHITECTURE.md')?.text ?? '');
  assert.deepEqual(
    importProblems(
      files.filter(({ path }) => isSource(path)),
      table,
    ),
    [],
  );
});

test('no import of tests and tools climbs', () => {
  const climbing = projectFiles().filter(({ path, text }) => /^(test|build)\/.*\.ts$/.test(path) && climbs(text));
  assert.deepEqual(
    climbing.map(({ path }) => path),
    ['test/tidy/imports.test.ts'],
  );
});

/** This file's own bad examples are the one find. */
function climbs(text: string): boolean {
  return /(?:from|import|import\()\s*['"](?:\.\/)?\.\.\//.test(text);
}
