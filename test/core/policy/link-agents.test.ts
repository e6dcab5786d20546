import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dutiesOfAgents, linkAgents } from '#core/policy/link-agents.ts';
import { pathText } from '#core/policy/problems.ts';

test('linkAgents() wants a duty that is defined, and suggests one', () => {
  const faults = linkAgents([{ match: '**/a', duty: 'reader' }, { match: '**/b', duty: 'raeder' }, { duty: 3 }, null], ['reader']);
  assert.deepEqual(
    faults.map(({ path }) => pathText(path)),
    ['agents[1].duty'],
  );
  assert.match(faults[0]?.message ?? '', /did you mean "reader"/);
  assert.deepEqual(linkAgents('agents', []), []);
});

test('dutiesOfAgents() lists what is there', () => {
  assert.deepEqual(dutiesOfAgents([{ duty: 'a' }, {}, { duty: 'b' }]), ['a', 'b']);
});
