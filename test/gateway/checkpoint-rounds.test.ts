import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckpointRounds, ENTERED_EVERY_MS, TOLD_EVERY_ROUNDS } from '#gateway/checkpoint-rounds.ts';

test('CheckpointRounds signs a chain that has grown, and tells of some', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let entries = 1;
  let made = 0;
  const enter = () => `c${++made}`;
  const rounds = new CheckpointRounds({ enter, ofEnd: () => 'end' }, () => entries);
  const told: string[] = [];
  const stop = rounds.watch((text) => told.push(text));
  t.mock.timers.tick(ENTERED_EVERY_MS);
  assert.deepEqual([made, told], [1, []]);
  t.mock.timers.tick(ENTERED_EVERY_MS); // nothing new
  assert.equal(made, 1);
  for (let round = 2; round < TOLD_EVERY_ROUNDS; round += 1) {
    entries += 1;
    t.mock.timers.tick(ENTERED_EVERY_MS);
  }
  assert.deepEqual([made, told], [TOLD_EVERY_ROUNDS - 1, [`c${TOLD_EVERY_ROUNDS - 1}`]]);
  stop();
  entries += 1;
  t.mock.timers.tick(ENTERED_EVERY_MS * TOLD_EVERY_ROUNDS);
  assert.equal(told.length, 1);
  rounds.stop();
  const last = made;
  entries += 1;
  t.mock.timers.tick(ENTERED_EVERY_MS * TOLD_EVERY_ROUNDS);
  assert.equal(made, last);
});

test('CheckpointRounds tells nobody what could not be kept', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let entries = 0;
  const rounds = new CheckpointRounds({ enter: () => null, ofEnd: () => 'end' }, () => ++entries);
  const told: string[] = [];
  rounds.watch((text) => told.push(text));
  t.mock.timers.tick(ENTERED_EVERY_MS * TOLD_EVERY_ROUNDS * 2);
  assert.deepEqual([told, rounds.enter()], [[], null]);
  rounds.stop();
});
