import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fstab, optionPath } from '#wrapper/mount-line.ts';

test('fstab() writes each field so that no name can end it', () => {
  const line = { point: '/a b\n/evil /etc', source: '#x\\y\tz', type: 'none', options: ['bind', 'ro'] } as const;
  assert.equal(fstab([line]), '\\043x\\134y\\011z /./a\\040b\\012/evil\\040/etc none bind,ro 0 0\n');
});

test('fstab() names each point so that mount(8) never passes over it as made', () => {
  assert.match(fstab([{ point: '/tmp', source: 'x', type: 'tmpfs', options: ['ro'] }]), / \/\.\/tmp tmpfs ro /);
});

test('fstab() leaves out what mount(8) cannot make', () => {
  assert.equal(fstab([{ point: '/a', source: '/b', type: 'alias', options: ['bind'] }]), '');
});

test('optionPath() refuses what would end an option', () => {
  assert.equal(optionPath('/a b/ü'), '/a b/ü');
  for (const path of ['/a,b', '/a:b', '/a"b', '/a\\b', '/a\nb']) assert.throws(() => optionPath(path), { code: 'set-up' });
});
