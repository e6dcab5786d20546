import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JobCages, type JobCagesParts } from '#gateway/job-cages.ts';

const PLAN = { plan: 'a'.repeat(43) };
const PLACE = { pid: 7, init: 8, entrance: 'sudo', network: '99', workspace: null, launchers: [] } as const;
const alive = () => true;

/** Cages that only remember what became of them. */
function makeCages(change: Partial<JobCagesParts> = {}) {
  const told: string[] = [];
  const live = new Map<string, { place: typeof PLACE | null; isConfined: boolean }>();
  const cages = new JobCages({
    make(cage) {
      const state = { place: null, isConfined: false };
      live.set(cage, state);
      return Object.assign(state, {
        open: async () => undefined,
        confined: async () => undefined,
        stop: async (why: string) => void told.push(`${cage} stopped: ${why}`),
      });
    },
    record: async ({ cage, event, command }) => void told.push(`${cage} ${event}${command === null ? '' : ` by ${command}`}`),
    isWhole: () => true,
    ...change,
  });
  const lifeline = () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    return { closed, end: resolve, destroy: resolve };
  };
  /** As a wrapper makes a cage. */
  const stand = async (command: string, cage: string, line = lifeline()) => {
    const held = cages.hold(command, line);
    Object.assign(live.get(cage) ?? assert.fail(), { place: PLACE, isConfined: true });
    cages.stands(command);
    return { held, line };
  };
  return { cages, told, stand, lifeline };
}

test('JobCages has the first command make the cage, and later ones enter it', async () => {
  const { cages, told, stand } = makeCages();
  assert.deepEqual(await cages.claim('1', PLAN, alive), { kind: 'make', cage: 'cage-1' });
  const second = cages.claim('2', PLAN, alive);
  const { held } = await stand('1', 'cage-1');
  assert.deepEqual(await second, { kind: 'enter', cage: 'cage-1', init: 8, entrance: 'sudo', network: '99' });
  await cages.left('1', 'ended');
  await cages.left('2', 'ended');
  assert.equal((await cages.claim('3', PLAN, alive)).kind, 'enter');
  await cages.close('the end');
  await held;
  assert.deepEqual(told, [
    ...['cage-1 made by 1', 'cage-1 entered by 2', 'cage-1 entered by 3'],
    ...['cage-1 stopped: the end', 'cage-1 ended'],
  ]);
  await assert.rejects(cages.claim('4', PLAN, alive), { code: 'conflict', message: /session ends/ });
});

test('P8 JobCages lets nobody into a cage that was not proved, or that nothing holds', async () => {
  const { cages, stand, lifeline } = makeCages();
  await cages.claim('1', PLAN, alive);
  cages.stands('1');
  const second = cages.claim('2', PLAN, alive);
  void cages.hold('1', lifeline());
  cages.stands('1');
  await cages.left('1', 'ended');
  assert.deepEqual(await second, { kind: 'make', cage: 'cage-2' });
  await stand('2', 'cage-2');
  assert.equal((await cages.claim('3', PLAN, alive)).kind, 'enter');
  await cages.close('the end');
});

test('JobCages takes a lifeline from the maker alone, and once', async () => {
  const { cages, lifeline } = makeCages();
  await assert.rejects(cages.hold('1', lifeline()), { code: 'conflict' });
  await cages.claim('1', PLAN, alive);
  const refused = lifeline();
  await assert.rejects(cages.hold('2', refused), { code: 'conflict' });
  await refused.closed;
  void cages.hold('1', lifeline());
  await assert.rejects(cages.hold('1', lifeline()), { code: 'conflict' });
  assert.equal(cages.madeBy('2'), null);
  assert.notEqual(cages.madeBy('1'), null);
  await cages.close('the end');
});

test('P2 JobCages ends the cage of a command of which nobody can say how it ended', async () => {
  const { cages, told, stand } = makeCages();
  await cages.claim('1', PLAN, alive);
  const { line } = await stand('1', 'cage-1');
  await cages.claim('2', PLAN, alive);
  await cages.left('2', 'cut');
  await line.closed;
  assert.deepEqual(told.slice(2), ['cage-1 stopped: a command of the cage broke off', 'cage-1 ended']);
  assert.deepEqual(await cages.claim('3', PLAN, alive), { kind: 'make', cage: 'cage-2' });
  await cages.left('3', 'cut');
});

test('JobCages goes on with another cage when one is gone', async () => {
  const { cages, told, stand } = makeCages();
  await cages.claim('1', PLAN, alive);
  const { held, line } = await stand('1', 'cage-1');
  line.end();
  await held;
  assert.deepEqual(told.slice(1), ['cage-1 stopped: the cage is gone', 'cage-1 ended']);
  assert.equal((await cages.claim('2', PLAN, alive)).kind, 'make');
  await cages.close('the end');
});

test('JobCages replaces a cage that was made for something else, unless somebody is in it', async () => {
  const { cages, stand } = makeCages();
  await cages.claim('1', PLAN, alive);
  await stand('1', 'cage-1');
  const other = { plan: 'b'.repeat(43) };
  await assert.rejects(cages.claim('2', other, alive), { code: 'conflict', message: /another command runs in it/ });
  await cages.left('1', 'ended');
  assert.deepEqual(await cages.claim('2', other, alive), { kind: 'make', cage: 'cage-2' });
  await cages.close('the end');
});

test('R26 JobCages gives who comes later another cage than the one in which an agent was seen, once nobody is in it', async () => {
  const whole = new Set(['cage-1', 'cage-2']);
  const { cages, stand } = makeCages({ isWhole: (cage) => whole.has(cage) });
  await cages.claim('1', PLAN, alive);
  await stand('1', 'cage-1');
  whole.delete('cage-1');
  assert.equal((await cages.claim('2', PLAN, alive)).kind, 'enter');
  for (const command of ['1', '2']) await cages.left(command, 'ended');
  assert.deepEqual(await cages.claim('3', PLAN, alive), { kind: 'make', cage: 'cage-2' });
  await cages.close('the end');
});

test('JobCages gives a command that has ended nothing, however long it waited', async () => {
  const { cages } = makeCages();
  await cages.claim('1', PLAN, alive);
  let isAlive = true;
  const waiting = cages.claim('2', PLAN, () => isAlive);
  isAlive = false;
  await cages.left('1', 'cut');
  await assert.rejects(waiting, { code: 'conflict', message: /it has ended/ });
  assert.equal((await cages.claim('3', PLAN, alive)).kind, 'make');
  await cages.close('the end');
});
