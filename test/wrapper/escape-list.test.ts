import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ESCAPES } from '#wrapper/escape-list.ts';

test('ESCAPES has each name once, in kebab-case, and a reason for people', () => {
  assert.equal(new Set(ESCAPES.map(({ name }) => name)).size, ESCAPES.length);
  for (const { name, reason } of ESCAPES) {
    assert.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.match(reason, /^[\x20-\x7e]{5,120}$/);
  }
});

test('docs/confinement.md has the table of ESCAPES', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/confinement.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([^`]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(([, ...cells]) => cells);
  assert.deepEqual(
    rows,
    ESCAPES.map((each) => [each.name, each.class, each.reason]),
  );
});
