import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EgressEntry } from '#core/audit/entry.ts';
import { egressPolicy } from '#core/egress/rules.ts';
import { EGRESS_NAMES_MAX, EgressNames, REFUSED_NAMES_MAX } from '#gateway/cage/egress-names.ts';

function make(
  answers: (name: string) => readonly string[] | Promise<readonly string[]>,
  policy = egressPolicy(['**.example:443', '**.example:80']),
) {
  const [entries, lookedUp, listened]: [EgressEntry[], string[], string[]] = [[], [], []];
  let nowMs = 0;
  const names = new EgressNames({
    policy,
    link: '1',
    lookup: async (name) => {
      lookedUp.push(name);
      return answers(name);
    },
    record: async (entry) => void entries.push(entry),
    listen: async (name, address, ports) => void listened.push(`${name} ${address} ${[...ports.keys()].join()}`),
    nowMs: () => nowMs,
  });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  const why = () => entries.map((entry) => `${entry.host}: ${entry.why}`);
  return { names, entries, why, lookedUp, listened, pass };
}

test('EgressNames gives a covered name an address of its own, with listeners, once', async () => {
  const { names, entries, lookedUp, listened } = make(() => ['1.1.1.1']);
  const asked = ['a.example', 'A.Example.', 'b.example', 'a.example'];
  const found = await Promise.all(asked.map((name) => names.resolve(name)));
  assert.deepEqual(
    found.map((addresses) => [addresses?.ipv4, addresses?.ipv6]),
    [
      ['198.19.128.1', null],
      ['198.19.128.1', null],
      ['198.19.128.2', null],
      ['198.19.128.1', null],
    ],
  );
  assert.deepEqual(listened, ['a.example 198.19.128.1 443,80', 'b.example 198.19.128.2 443,80']);
  assert.deepEqual(lookedUp, ['a.example', 'b.example']);
  assert.deepEqual(
    entries.map(({ event, host }) => `${event} ${host}`),
    ['asked a.example', 'asked b.example'],
  );
});

test('EgressNames asks nobody for a name that nothing covers, and writes it down once', async () => {
  const { names, why, lookedUp } = make(() => ['1.1.1.1']);
  for (const name of ['secret.evil', 'secret.evil', '10.0.0.5', `${'x'.repeat(300)}.example`, 'results.actions.githubusercontent.com'])
    assert.equal(await names.resolve(name), null);
  assert.deepEqual(lookedUp, []);
  assert.deepEqual(why().length, 4);
});

for (const [name, answers] of [
  ['this machine', ['127.0.0.1']],
  ['the metadata service', ['169.254.169.254']],
  ['the network beside it', ['10.0.0.5']],
  ['a public and a private address', ['1.1.1.1', '10.0.0.5']],
  ['an IPv4-mapped private address', ['::ffff:10.0.0.5']],
  ['nothing', []],
] as const) {
  test(`R24 EgressNames refuses a name that leads to ${name}`, async () => {
    const { names, entries, listened } = make(() => answers);
    assert.equal(await names.resolve('a.example'), null);
    assert.deepEqual(
      [entries.map(({ event, host }) => [event, host]), listened],
      [
        [
          ['asked', 'a.example'],
          ['refused', 'a.example'],
        ],
        [],
      ],
    );
  });
}

test('R24 EgressNames checks again what a name leads to when it is connected to: it may have changed', async () => {
  let answers = ['1.1.1.1'];
  const { names, pass, lookedUp } = make(() => answers);
  await names.resolve('a.example');
  answers = ['169.254.169.254'];
  assert.deepEqual(await names.addresses('a.example', 443), { kind: 'allowed', addresses: ['1.1.1.1'] }, 'the answer that was checked');
  pass(60_000);
  assert.equal((await names.addresses('a.example', 443)).kind, 'refused');
  assert.equal(lookedUp.length, 2);
});

test('EgressNames opens a name that leads to an address of a rule at that port alone', async () => {
  const { names, listened } = make(() => ['10.0.0.5'], egressPolicy(['a.example:80', 'a.example:443', '10.0.0.5:443']));
  assert.notEqual(await names.resolve('a.example'), null);
  assert.deepEqual(listened, ['a.example 198.19.128.1 443']);
});

test('EgressNames asks again after a while for a name that was not there', async () => {
  let answers: readonly string[] = [];
  const { names, pass } = make(() => answers);
  assert.equal(await names.resolve('a.example'), null);
  answers = ['1.1.1.1'];
  assert.equal(await names.resolve('a.example'), null);
  pass(60_000);
  assert.notEqual(await names.resolve('a.example'), null);
});

test('EgressNames lets so many names leave the machine, and fills no disk with the others', async () => {
  const { names, entries, lookedUp } = make(() => ['1.1.1.1']);
  for (let n = 0; n < EGRESS_NAMES_MAX + REFUSED_NAMES_MAX + 50; n++) await names.resolve(`n${n}.example`);
  await names.finish();
  assert.equal(lookedUp.length, EGRESS_NAMES_MAX);
  assert.equal(entries.length, EGRESS_NAMES_MAX + REFUSED_NAMES_MAX + 1);
  assert.deepEqual([entries.at(-1)?.times, entries.at(-1)?.host], [50, '']);
  assert.equal(await names.resolve('n1.example'), null, 'after the end there are none');
});

test('EgressNames has no address for a name whose listeners cannot be made', async () => {
  const names = new EgressNames({
    ...{
      policy: egressPolicy(['a.example:443']),
      link: '1',
      lookup: async () => ['1.1.1.1'],
      record: async () => undefined,
      nowMs: () => 0,
    },
    listen: () => Promise.reject(new Error('the cage is gone')),
  });
  assert.equal(await names.resolve('a.example'), null);
});

test('P1 EgressNames looks no name up that cannot be written down', async () => {
  const lookedUp: string[] = [];
  const names = new EgressNames({
    ...{ policy: egressPolicy(['a.example:443']), link: '1', listen: async () => undefined, nowMs: () => 0 },
    lookup: async (name) => {
      lookedUp.push(name);
      return ['1.1.1.1'];
    },
    record: () => Promise.reject(new Error('disk full')),
  });
  await assert.rejects(names.resolve('a.example'));
  assert.deepEqual(lookedUp, []);
});
