import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CAGE_TARGETS_MAX, type CageTarget, placeTargets } from '#gateway/cage/addresses.ts';

function target(change: Partial<CageTarget>): CageTarget {
  return { name: 'db', host: 'db.internal', port: 5432, names: [], hostAddresses: [], ...change };
}

function addressesOf(...targets: readonly CageTarget[]): readonly string[] {
  return placeTargets(targets).targets[0]?.listen.map(({ address }) => address) ?? [];
}

const OWN = ['198.18.1.1', 'fd64:7574:7900:1::1'];

for (const [name, change, expected] of [
  ['of its own, both families', {}, OWN],
  ['that its host has outside', { hostAddresses: ['10.0.0.9', '2001:DB8:0::7'] }, [...OWN, '10.0.0.9', '2001:db8::7']],
  ['that it is given by', { host: '10.0.0.9' }, [...OWN, '10.0.0.9']],
  ['of a bracketed IPv6 host', { host: '[2001:db8::1]' }, [...OWN, '2001:db8::1']],
  ['as the IPv4 that a mapped one means', { hostAddresses: ['::ffff:10.0.0.9'] }, [...OWN, '10.0.0.9']],
  ['R20 at loopback when the policy names it', { host: '127.0.0.1' }, [...OWN, '127.0.0.1']],
  ['R20 at both loopbacks for localhost', { host: 'localhost' }, ['127.0.0.1', '::1', ...OWN]],
  ['R20 but no loopback that its host merely resolves to', { hostAddresses: ['127.0.1.1', '::1', '127.0.0.1'] }, OWN],
  [
    "but none that is nobody's own",
    { hostAddresses: ['0.0.0.0', '::', '224.0.0.1', 'ff02::1', '255.255.255.255', 'fe80::1%eth0', 'nonsense'] },
    OWN,
  ],
  ["but not a resolver's", { hostAddresses: ['198.18.0.2', 'fd64:7574:7900::2'] }, OWN],
] as const) {
  test(`placeTargets() gives a target an address ${name}`, () => assert.deepEqual(addressesOf(target(change)), expected));
}

test('placeTargets() makes every name of a target lead to its own address, in lower case', () => {
  const { names, targets } = placeTargets([target({ host: 'DB.Internal.', names: ['Orders.Internal', '10.9.9.9'] })]);
  assert.deepEqual([...names.keys()], ['db.internal', 'orders.internal', 'db.duty-gate']);
  assert.deepEqual(targets[0]?.names, [...names.keys()]);
  for (const addresses of names.values()) assert.deepEqual(addresses, { ipv4: '198.18.1.1', ipv6: 'fd64:7574:7900:1::1' });
});

test('placeTargets() tells two targets on one host apart by port', () => {
  const { names, targets, ambiguous } = placeTargets([target({ name: 'a' }), target({ name: 'b', port: 5433 })]);
  const shared = names.get('db.internal');
  assert.deepEqual(shared, { ipv4: '198.19.0.1', ipv6: 'fd64:7574:7900:2::1' });
  for (const [index, port] of [5432, 5433].entries()) {
    const found: readonly unknown[] | undefined = targets[index]?.listen.filter(({ address }) => address === '198.19.0.1');
    assert.deepEqual(found, [{ address: '198.19.0.1', port }]);
  }
  assert.deepEqual(ambiguous, []);
});

test('placeTargets() gives what several claim to none of them, and leaves each its own name', () => {
  const { targets, ambiguous } = placeTargets([
    target({ name: 'a', hostAddresses: ['10.0.0.9'] }),
    target({ name: 'b', hostAddresses: ['10.0.0.9'] }),
  ]);
  assert.deepEqual(
    ambiguous.map(({ address, targets: several }) => [address, several]),
    [
      ['198.19.0.1', ['a', 'b']],
      ['fd64:7574:7900:2::1', ['a', 'b']],
      ['10.0.0.9', ['a', 'b']],
    ],
  );
  assert.deepEqual(
    targets.map(({ listen }) => listen.map(({ address }) => address)),
    [OWN, ['198.18.1.2', 'fd64:7574:7900:1::2']],
  );
});

test('placeTargets() gives no endpoint twice and R20 binds nothing but single addresses', () => {
  const arbitrary = fc.record({
    host: fc.constantFrom('a.internal', 'b.internal', 'localhost', '127.0.0.1', '10.0.0.1', '0.0.0.0', '::', '[::1]', '198.18.1.2'),
    port: fc.constantFrom(5432, 5433),
    names: fc.array(fc.constantFrom('x.internal', 'a.internal', 't0.duty-gate', '10.0.0.1'), { maxLength: 3 }),
    hostAddresses: fc.array(fc.constantFrom('10.0.0.1', '127.0.0.1', '0.0.0.0', '::', '2001:db8::1'), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(arbitrary, { maxLength: 12 }), (drafts) => {
      const { targets, names } = placeTargets(drafts.map((draft, index) => ({ ...draft, name: `t${index}` })));
      const endpoints = targets.flatMap(({ listen }) => listen.map(({ address, port }) => `${address} ${port}`));
      assert.equal(new Set(endpoints).size, endpoints.length);
      for (const endpoint of endpoints) assert.doesNotMatch(endpoint, /^(0\.0\.0\.0|::) /);
      for (const name of names.keys()) assert.equal(name, name.toLowerCase());
    }),
    { numRuns: 200, verbose: 1 },
  );
});

test('placeTargets() places as many as a cage holds, each at its own address, and no more', () => {
  const many = (count: number): CageTarget[] =>
    Array.from({ length: count }, (_, index) => target({ name: `t${index}`, host: `h${index}` }));
  const { targets } = placeTargets(many(CAGE_TARGETS_MAX));
  assert.equal(new Set(targets.flatMap(({ listen }) => listen.map(({ address }) => address))).size, 2 * CAGE_TARGETS_MAX);
  assert.throws(() => placeTargets(many(CAGE_TARGETS_MAX + 1)), RangeError);
});
