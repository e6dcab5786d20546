import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { policyJsonSchema, policyJsonSchemaText } from '#core/policy/schema-json.ts';

test('policyJsonSchemaText() is what docs/policy.schema.json holds; else run: node test/core/policy/write-schema.ts', () => {
  assert.equal(readFileSync(new URL('../../../docs/policy.schema.json', import.meta.url), 'utf8'), policyJsonSchemaText());
});

test('policyJsonSchema() closes the top level, and asks for what the parser asks for', () => {
  const schema = policyJsonSchema();
  assert.equal(schema.additionalProperties, false);
  assert.deepEqual(schema.required, ['version', 'targets', 'duties', 'bindings']);
});
