import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalAddress, isNobodysAddress, isPublicAddress } from '#core/egress/address.ts';

const NOT_PUBLIC = [
  ...['0.0.0.0', '10.0.0.5', '10.255.255.255', '100.64.0.1', '100.100.100.200', '100.127.255.255', '127.0.0.1', '127.255.0.1'],
  ...['168.63.129.16', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.0.2.1', '192.88.99.1', '192.168.1.1'],
  ...['198.18.0.2', '198.19.255.255', '198.51.100.7', '203.0.113.9', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:a00:5', '0:0:0:0:0:ffff:169.254.169.254', '64:ff9b::7f00:1', '64:ff9b:1::1'],
  ...['64:ff9b::10.0.0.1', '100::1', '2001::1', '2001:db8::1', '2002:7f00:1::1', '2002:808:808::1', '3fff::1', 'fc00::1', 'fd00:ec2::254'],
  ...['fd64:7574:7900::2', 'fe80::1', 'fec0::1', 'ff02::1', '5f00::1'],
  ...[
    '',
    'localhost',
    '1.2.3',
    '01.2.3.4',
    '1.2.3.4.5',
    '256.1.1.1',
    '0x7f.0.0.1',
    '2130706433',
    'fe80::1%eth0',
    '[::1]',
    '1::2::3',
    ':::',
  ],
];
const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.0.1',
  '172.32.0.1',
  '168.63.129.15',
];
const PUBLIC_IPV6 = ['2606:4700::1111', '2001:4860:4860::8888', '2A00:1450:4001:81b::200e', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'];

for (const address of NOT_PUBLIC) {
  test(`R24 isPublicAddress() does not take ${JSON.stringify(address)} for public`, () => assert.equal(isPublicAddress(address), false));
}
for (const address of [...PUBLIC, ...PUBLIC_IPV6]) {
  test(`isPublicAddress() takes ${address} for public`, () => assert.equal(isPublicAddress(address), true));
}

test('canonicalAddress() has one spelling an address', () => {
  for (const [text, canonical] of [
    ['1.2.3.4', '1.2.3.4'],
    ['::FFFF:1.2.3.4', '1.2.3.4'],
    ['::ffff:102:304', '1.2.3.4'],
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::', '::'],
    ['fe80::1%lo', null],
    ['1.2.3', null],
  ] as const)
    assert.equal(canonicalAddress(text), canonical, text);
});

test('isPublicAddress() agrees with another reading of the private ranges', () => {
  const list = new BlockList();
  list.addSubnet('10.0.0.0', 8);
  list.addSubnet('127.0.0.0', 8);
  list.addSubnet('172.16.0.0', 12);
  list.addSubnet('192.168.0.0', 16);
  list.addSubnet('169.254.0.0', 16);
  list.addSubnet('100.64.0.0', 10);
  list.addSubnet('fc00::', 7, 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      if (list.check(address)) assert.equal(isPublicAddress(address), false, address);
      assert.equal(isPublicAddress(`::ffff:${address}`), isPublicAddress(address), address);
      assert.equal(isPublicAddress(`64:ff9b::${address}`), isPublicAddress(address), address);
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      if (list.check(address, 'ipv6')) assert.equal(isPublicAddress(address), false, address);
      const canonical = canonicalAddress(address);
      assert.ok(canonical !== null, address);
      assert.equal(canonicalAddress(canonical), canonical);
    }),
  );
});

test('R20 isNobodysAddress() knows what a listener must never be bound to', () => {
  for (const address of [
    '0.0.0.0',
    '0.255.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.0',
    '198.19.255.255',
    '::',
    'ff02::1',
    'fe80::1',
    'fd64:7574:7900:1::1',
  ])
    assert.equal(isNobodysAddress(address), true, address);
  for (const address of [
    '1.0.0.0',
    '127.0.0.1',
    '169.254.169.254',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '::1',
    'fd64:7574:7901::1',
    '2606:4700::1',
  ])
    assert.equal(isNobodysAddress(address), false, address);
});
