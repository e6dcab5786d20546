import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMountTable } from '#wrapper/mount-table.ts';
import { nestedMountFaults, nestedMounts } from '#wrapper/nest-mounts.ts';

const lines = nestedMounts({ label: 'duty-gate-1', uid: 5, owner: { uid: 5, gid: 6 } });

/** Of the outer cage: id, parent, device, root, point, options. */
const OUTER = [
  '1 0 8:1 / / ro,nosuid,nodev - ext4 x rw',
  '2 1 8:1 /ws /ws rw,nosuid,nodev - ext4 x rw',
  '3 2 8:1 /ws/.github /ws/.github ro,nosuid,nodev - ext4 x rw',
  '4 1 0:9 / /run rw,nosuid,nodev - tmpfs x rw',
  '5 4 0:10 / /run/duty-gate ro,nosuid,nodev - tmpfs x rw',
  '6 1 0:11 / /proc rw,nosuid,nodev,noexec - proc x rw',
  '7 1 0:12 / /dev rw,nosuid,noexec - tmpfs x rw',
];
const OWN = [
  '20 6 0:20 / /proc rw,nosuid,nodev,noexec - proc duty-gate-1 rw',
  '21 4 0:21 / /run/lock rw,nosuid,nodev - tmpfs duty-gate-1 rw',
  '22 4 0:22 / /run/user/5 rw,nosuid,nodev - tmpfs duty-gate-1 rw',
  '23 7 0:23 / /dev/shm rw,nosuid,nodev - tmpfs duty-gate-1 rw',
  '24 7 0:24 / /dev/pts rw,nosuid,noexec - devpts duty-gate-1 rw',
  '25 7 0:10 /empty /dev/console ro,nosuid,nodev,noexec - tmpfs x rw',
];
const outer = parseMountTable(OUTER.join('\n'));
const faults = (inner: readonly string[], after = outer) =>
  nestedMountFaults(
    inner.map((line) => ({ line, reachable: true })),
    { before: outer, after, lines },
  );
const without = (id: string): readonly string[] => [...OUTER, ...OWN].filter((line) => !line.startsWith(`${id} `));

test('nestedMountFaults() finds nothing in a cage that sees what the outer one sees, and has its own places', () => {
  assert.deepEqual(faults([...OUTER, ...OWN]), []);
});

test('P3 nestedMountFaults() finds whatever is wider than outside', () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [[...without('1'), '1 0 8:1 / / rw,nosuid,nodev - ext4 x rw'], /^\/ may be used for more/],
    [[...without('3'), '3 2 8:1 /ws/.github /ws/.github rw,nosuid,nodev - ext4 x rw'], /\.github may be used for more/],
    [without('3'), /\.github shows something else/],
    [[...without('3'), '3 2 8:2 / /ws/.github ro,nosuid,nodev - ext4 y rw'], /shows what is not there outside/],
    [[...OUTER, ...OWN, '30 1 8:1 / /mnt ro,nosuid,nodev - ext4 x rw'], /\/mnt shows what is not there outside/],
    [without('20'), /\/proc is not its own/],
    [
      [...without('23'), '23 7 0:23 / /dev/shm rw,nosuid,nodev - tmpfs x rw'].map((line) => line.replace('0:20', '0:11')),
      /\/proc is not its own/,
    ],
    [without('24'), /\/dev\/pts is not its own/],
    [[...without('25'), '25 7 0:99 /3 /dev/console ro,nosuid,nodev,noexec - devpts x rw'], /\/dev\/console is not its own/],
    [[...without('23'), '23 7 0:23 / /dev/shm rw,nosuid - tmpfs duty-gate-1 rw'], /\/dev\/shm is not its own/],
    [[], /table is empty/],
  ];
  for (const [inner, says] of cases) assert.match(faults(inner).join('; '), says);
});

test('nestedMountFaults() takes what comes and goes outside meanwhile', () => {
  const covered = '40 2 0:10 /empty /ws/agent.sock rw,nosuid,nodev - tmpfs x rw';
  const after = parseMountTable([...OUTER, covered].join('\n'));
  assert.deepEqual(faults([...OUTER, ...OWN], after), []);
  assert.deepEqual(faults([...OUTER, ...OWN, covered], after), []);
  assert.deepEqual(faults(without('3'), parseMountTable(OUTER.filter((line) => !line.startsWith('3 ')).join('\n'))), []);
});
