import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EgressSchema } from '#core/policy/schema-egress.ts';

for (const egress of [
  { allow: ['registry.example.com:443'] },
  { allow: ['*.github.com:443', '!gist.github.com:443', '**.files.example.com:443', '10.0.0.5:8080', '[fd00::1]:443'], policy: 'block' },
  { policy: 'audit' },
] as const) {
  test(`EgressSchema takes ${JSON.stringify(egress)}`, () => assert.deepEqual(EgressSchema.parse(egress), egress));
}

for (const [name, egress, message] of [
  ['nothing', {}, /allows nothing/],
  ['block without rules', { policy: 'block' }, /allows nothing/],
  ['an empty list', { allow: [] }, /allow/],
  ['only negatives', { allow: ['!a.example:443'] }, /only negatives/],
  ['a host without a port', { allow: ['a.example'] }, /host:port/],
  ['a URL', { allow: ['https://a.example:443/'] }, /host:port/],
  ['another policy', { allow: ['a.example:443'], policy: 'log' }, /policy/],
  ['another key', { deny: ['a.example:443'], policy: 'audit' }, /deny/],
] as const) {
  test(`EgressSchema refuses ${name}`, () => {
    const { success, error } = EgressSchema.safeParse(egress);
    assert.equal(success, false);
    assert.match(JSON.stringify(error?.issues), message);
  });
}
