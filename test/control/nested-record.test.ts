import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NestedRecord } from '#control/nested-record.ts';

test('NestedRecord is a command with all that it is run with, or none', () => {
  for (const value of [{}, { link: '2' }, null]) assert.ok(!NestedRecord.safeParse(value).success);
});
