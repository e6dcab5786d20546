import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type MountExpectation, mountFaults } from '#wrapper/mount-check.ts';
import { HOST_ASIDE, type MountLine } from '#wrapper/mount-line.ts';
import { parseMountTable } from '#wrapper/mount-table.ts';

const QUIET = ['nosuid', 'nodev'];
const hostMounts = parseMountTable('1 0 8:1 / / rw,relatime - ext4 x rw\n2 1 8:2 /sub /data rw - ext4 y rw\n');
const bound: MountLine = { point: '/data/w', source: `${HOST_ASIDE}/data/w`, type: 'none', options: ['bind', 'rw', ...QUIET] };
const sealed: MountLine = { point: '/data/w/p', source: '/data/w/p', type: 'none', options: ['bind', 'ro', ...QUIET] };
const layer: MountLine = { point: '/home/u', source: 'x', type: 'overlay', options: ['lowerdir=/a', ...QUIET] };
const held: MountLine = { point: '/home/u/d', source: '/home/u/d', type: 'none', options: ['bind', 'rw', ...QUIET] };
const socket: MountLine = { ...sealed, point: '/data/w/s', source: '/data/w/s', mayBeGone: true };
const plan: MountExpectation = { lines: [bound, sealed, layer, held], hostMounts, isThere: () => true };

const TABLE = [
  '1 0 8:1 / / ro,nosuid,nodev,relatime - ext4 x rw',
  '2 1 8:2 /sub /data ro,nosuid,nodev - ext4 y rw',
  '3 2 8:2 /sub/w /data/w rw,nosuid,nodev - ext4 y rw',
  '4 3 8:2 /sub/w/p /data/w/p ro,nosuid,nodev - ext4 y rw',
  '5 1 0:9 / /home/u rw,nosuid,nodev - overlay x rw',
  '6 5 0:9 /d /home/u/d rw,nosuid,nodev - overlay x rw',
];

function faults(change: readonly (readonly [from: string, to: string])[], unreachable: readonly string[] = []): readonly string[] {
  const lines = change.reduce((table, [from, to]) => table.map((line) => line.replace(from, to)), TABLE);
  return mountFaults(
    lines
      .filter((line) => line !== '')
      .flatMap((line) => line.split('\n'))
      .map((line) => ({ line, reachable: !unreachable.includes(line.split(' ')[0] ?? '') })),
    plan,
  );
}

describe('mountFaults()', () => {
  test('finds none in a table as planned', () => assert.deepEqual(faults([]), []));

  for (const [name, change, expected] of [
    ['the root is writable', ['/ / ro', '/ / rw'], ['/ is not ro']],
    ['set-user-id programs are honoured somewhere', ['/data ro,nosuid,nodev', '/data ro,nodev'], ['/data is not nosuid']],
    ['devices are opened somewhere', ['/data ro,nosuid,nodev', '/data ro,nosuid'], ['/data is not nodev']],
    ['what is protected is writable', ['/data/w/p ro', '/data/w/p rw'], ['/data/w/p is not ro']],
    ['what is writable is not', ['/data/w rw', '/data/w ro'], ['/data/w is not rw']],
    ['a planned mount is missing', [TABLE[3] ?? '', ''], ['/data/w/p has no mount of its own']],
    [
      'a bind shows another folder',
      ['/sub/w /data/w rw', '/sub/v /data/w rw'],
      ['/data/w shows something else', '/data/w/p shows something else'],
    ],
    [
      'a bind shows another file system',
      ['8:2 /sub/w /data/w', '8:3 /sub/w /data/w'],
      ['/data/w shows something else', '/data/w/p shows something else'],
    ],
    ['a held folder shows another', ['/d /home/u/d', '/e /home/u/d'], ['/home/u/d shows something else']],
    [
      'an overlay is something else',
      ['/home/u rw,nosuid,nodev - overlay', '/home/u rw,nosuid,nodev - ext4'],
      ['/home/u shows something else'],
    ],
    ['a point led elsewhere', ['/data/w/p ro', '/usr/bin ro'], ['/data/w/p has no mount of its own']],
    [
      'another mount lies on what is planned',
      [TABLE[5] ?? '', `${TABLE[5]}\n7 5 8:1 /etc /home/u rw,nosuid,nodev - ext4 x rw`],
      ['/home/u shows something else', '/home/u/d has no mount of its own'],
    ],
    ['a mount nobody planned is writable', [TABLE[5] ?? '', `${TABLE[5]}\n7 1 0:9 / /mnt rw,nosuid,nodev - fuse x rw`], ['/mnt is not ro']],
  ] as const) {
    test(`finds it when ${name}`, () => assert.deepEqual(faults([change]), expected));
  }

  test('lets be what even init cannot reach, and what another mount covers', () => {
    const more = `${TABLE[5]}\n7 1 0:9 / /mnt rw - fuse x rw\n8 2 8:1 / /data/under/x rw - ext4 x rw\n9 2 0:8 / /data/under ro,nosuid,nodev - tmpfs x rw`;
    assert.deepEqual(faults([[TABLE[5] ?? '', more]], ['7']), []);
  });

  test('misses what may be gone only while it is there', () => {
    const seen = TABLE.map((line) => ({ line, reachable: true }));
    const lines = [...plan.lines, socket];
    assert.deepEqual(mountFaults(seen, { ...plan, lines, isThere: () => false }), []);
    assert.deepEqual(mountFaults(seen, { ...plan, lines }), ['/data/w/s has no mount of its own']);
  });

  test('takes no empty table for a closed cage', () => {
    assert.deepEqual(mountFaults([], { ...plan, lines: [] }), ['its mount table is empty']);
  });

  test('finds a link that is not the one that was planned', () => {
    const own: MountLine = { point: '/run/duty-gate', source: 'x', type: 'tmpfs', options: [...QUIET] };
    const alias: MountLine = {
      point: '/data/config',
      source: '/run/duty-gate/aliases/0',
      type: 'alias',
      options: ['bind', 'ro', ...QUIET],
    };
    const seen = (root: string) =>
      [...TABLE, '7 1 0:5 / /run/duty-gate ro,nosuid,nodev - tmpfs x rw', `8 2 0:5 ${root} /data/config ro,nosuid,nodev - tmpfs x rw`].map(
        (line) => ({ line, reachable: true }),
      );
    const expectation = { ...plan, lines: [...plan.lines, own, alias] };
    assert.deepEqual(mountFaults(seen('/aliases/0'), expectation), []);
    assert.deepEqual(mountFaults(seen('/aliases/1'), expectation), ['/data/config shows something else']);
    assert.deepEqual(mountFaults(seen('/aliases/0').slice(0, -1), expectation), ['/data/config has no mount of its own']);
  });
});
