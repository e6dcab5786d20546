import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Pair } from '#core/operation/operation.ts';
import type { NameRef } from '#core/sql/facts.ts';
import { SERVER_MAJORS } from '#core/sql/grammar.ts';
import { type ResolvedNames, type ResolvedRelation, resolveOperationPairs } from '#core/sql/resolve.ts';
import { factsOf } from './said.ts';

/**
 * W-sql-5, the inverse corpus: what psql 15 and 18 send for their backslash commands, and pg_dump 15 and 18 for a small
 * database, taken from the logs of PostgreSQL 15 and 18. All of it must be reads, or the session's own.
 * `-- @ tool majors`, then the statement.
 */
const ENTRIES = readFileSync(new URL('./tool-queries.sql', import.meta.url), 'utf8')
  .split(/^-- @ /m)
  .slice(1)
  .map((entry) => {
    const [head = '', ...lines] = entry.split('\n');
    const [tool = '', majors = ''] = head.split(' ');
    return { tool, majors: SERVER_MAJORS.filter((major) => majors.split(',').includes(String(major))), sql: lines.join('\n').trim() };
  });

/** As a server without shadows resolves: pg_catalog first. The dumped database has its relations in public. */
const NAMES: ResolvedNames = {
  relation: ({ schema, name }: NameRef): ResolvedRelation | 'missing' => {
    if (schema === 'public') return { ...SYSTEM, schema, name };
    return (schema ?? 'pg_catalog') === 'pg_catalog' && name.startsWith('pg_') ? { ...SYSTEM, name } : 'missing';
  },
  currentSchema: 'public',
  shadowedFunctions: new Set(),
  shadowedOperators: new Set(),
};
const SYSTEM: ResolvedRelation = {
  oid: 1,
  schema: 'pg_catalog',
  name: '',
  kind: 'r',
  temporary: false,
  userTriggers: false,
  rules: false,
  columns: [],
};

test('W-sql-5 what psql sends for its backslash commands is all reads of system relations', async () => {
  await allQuiet('psql', (pair) => (pair.effect === 'read' && pair.object.kind !== 'relation') || pair.effect === 'session');
});

test('W-sql-5 what pg_dump sends is all reads, session settings and COPY out', async () => {
  await allQuiet('dump', ({ effect }) => effect === 'read' || effect === 'session' || effect === 'copy-out');
});

async function allQuiet(tool: string, isQuiet: (pair: Pair) => boolean): Promise<void> {
  const entries = ENTRIES.filter((entry) => entry.tool === tool);
  assert.ok(entries.length > 50);
  for (const { majors, sql } of entries) {
    for (const major of majors) {
      const loud = resolveOperationPairs(await factsOf(sql, major), NAMES).filter((pair) => !isQuiet(pair));
      assert.deepEqual(loud, [], `${major}: ${sql}`);
    }
  }
}
