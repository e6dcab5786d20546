import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairedRounds, quantile } from './rounds.ts';

test('pairedRounds() compares within a round when the machine changes its speed between rounds', async () => {
  const calls: string[] = [];
  const summaries = await pairedRounds(['direct', 'gate'], 4, async (path) => {
    const speed = 10 ** Math.floor(calls.length / 2);
    calls.push(path);
    return path === 'direct' ? speed : speed / 2;
  });
  assert.deepEqual(
    summaries.map(({ path, ratio }) => [path, ratio]),
    [
      ['direct', { median: 1, low: 1, high: 1 }],
      ['gate', { median: 0.5, low: 0.5, high: 0.5 }],
    ],
  );
});

test('pairedRounds() begins each round with another path', async () => {
  const calls: string[] = [];
  await pairedRounds(['a', 'b', 'c'], 3, async (path) => calls.push(path));
  assert.equal(calls.join(''), 'abcbcacab');
});

const quantiles: readonly (readonly [readonly number[], number, number])[] = [
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 2, 3], 0.5, 2.5],
  [[1, 2, 3, 4, 5], 0.25, 2],
  [[7], 0.75, 7],
];
for (const [values, share, expected] of quantiles) {
  test(`quantile() of ${values} at ${share} is ${expected}`, () => {
    assert.equal(quantile(values, share), expected);
  });
}
