import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nulTerminated, toolRecords } from '#wrapper/records.ts';
import type { Tools } from '#wrapper/tools.ts';

test('nulTerminated() ends each record, the last one too', () => {
  assert.equal(nulTerminated([]), '');
  assert.equal(nulTerminated(['a b', '', 'c\n']), 'a b\0\0c\n\0');
});

test('toolRecords() tells of tools that are there', () => {
  const tools = { ip: '/sbin/ip', sudo: null } as unknown as Tools;
  assert.deepEqual(toolRecords(tools), ['tool:ip=/sbin/ip']);
});
