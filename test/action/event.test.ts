import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { describeEvent, shownEvent } from '#action/event.ts';

const pull = (head: object | null) => ({ pull_request: { head: { repo: head }, base: { repo: { full_name: 'acme/shop' } } } });

describe('describeEvent()', () => {
  const cases: readonly (readonly [string, unknown, unknown, string | null])[] = [
    ['a pull request from a fork', 'pull_request', pull({ full_name: 'evil/shop', fork: true }), 'evil/shop'],
    ['a pull request of the repository itself, itself a fork', 'pull_request', pull({ full_name: 'acme/shop', fork: true }), null],
    ['a pull request whose fork is gone', 'pull_request', pull(null), 'a repository that is gone'],
    ['a push', 'push', { ref: 'refs/heads/main' }, null],
    ['a payload that is none', 'pull_request', 'x', null],
    ['a payload that lies about its types', 'pull_request', { pull_request: { head: 1 } }, null],
  ];
  for (const [name, event, payload, fork] of cases) it(name, () => assert.deepEqual(describeEvent(event, payload), { name: event, fork }));
  it('no event at all', () => assert.deepEqual(describeEvent(undefined, undefined), { name: '', fork: null }));
});

test('shownEvent() never throws', async () => {
  assert.notEqual(await shownEvent(), undefined);
});
