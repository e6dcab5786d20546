import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examineHost } from '#wrapper/doctor.ts';
import { ESCAPES } from '#wrapper/escape-list.ts';

test('examineHost() tries every escape without a cage and in one, and finds it to hold', async () => {
  const { escapes, fault, checks } = await examineHost(process.getuid?.() ?? 0);
  assert.equal(fault, null);
  assert.deepEqual(
    escapes.map(({ name }) => name),
    ESCAPES.map(({ name }) => name),
  );
  assert.deepEqual(
    escapes.filter(({ inside }) => inside !== 'held' && inside !== 'absent'),
    [],
  );
  // What no machine lacks.
  for (const name of ['tcp-loopback', 'abstract-socket', 'kill-outside', 'namespace-pid', 'hidden-file-read']) {
    const found = escapes.find((each) => each.name === name);
    assert.deepEqual([found?.outside, found?.inside], ['would succeed', 'held'], name);
  }
  assert.ok(checks.length > 5);
});
