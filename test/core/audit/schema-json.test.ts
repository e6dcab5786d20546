import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { lineJsonSchema, lineJsonSchemaText } from '#core/audit/schema-json.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const validate = new Ajv({ strict: false }).compile(lineJsonSchema());

test('lineJsonSchemaText() is what docs/evidence.schema.json holds; else run: node test/core/audit/write-schema.ts', () => {
  assert.equal(readFileSync(new URL('../../../docs/evidence.schema.json', import.meta.url), 'utf8'), lineJsonSchemaText());
});

test('lineJsonSchema() takes every line of a bundle, kinds that it does not know, and no wrong one', async (t) => {
  const { path } = await makeBundle(temporaryFolder(t));
  const lines = readFileSync(join(path, 'audit.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const line of lines) assert.ok(validate(line), JSON.stringify(validate.errors));
  const [first] = lines;
  assert.ok(validate({ ...first, entry: { kind: 'later', anything: 1 } }));
  for (const wrong of [
    { ...first, v: 2 },
    { ...first, n: -1 },
    { ...first, more: 1 },
    { ...first, entry: { kind: 'seal' } },
    { ...first, entry: { kind: 'A' } },
  ]) {
    assert.ok(!validate(wrong), JSON.stringify(wrong).slice(0, 80));
  }
});
