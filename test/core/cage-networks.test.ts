import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { test } from 'node:test';
import { CAGE_IPV4, CAGE_IPV6 } from '#core/cage-networks.ts';
import { isNobodysAddress } from '#core/egress/address.ts';

test('what cages are made of are the beginnings of addresses, which nobody is connected to by a name', () => {
  for (const address of [...CAGE_IPV4.flatMap((range) => [`${range}.0.0`, `${range}.255.255`]), `${CAGE_IPV6}::1`, `${CAGE_IPV6}:1::1`]) {
    assert.ok(isIPv4(address) || isIPv6(address), address);
    assert.ok(isNobodysAddress(address), address);
  }
  for (const address of ['198.17.255.255', '198.20.0.0', 'fd64:7574:7901::1']) assert.ok(!isNobodysAddress(address), address);
});
