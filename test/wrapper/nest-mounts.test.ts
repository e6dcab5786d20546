import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMountTable } from '#wrapper/mount-table.ts';
import { type AgentChanges, agentChanges, nestedMountFaults, nestedMounts } from '#wrapper/nest-mounts.ts';

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
const NO_CHANGES = { uncovered: [], closed: [], scripts: [] };
const faults = (inner: readonly string[], after = outer, changes: AgentChanges = NO_CHANGES, before = outer) =>
  nestedMountFaults(
    inner.map((line) => ({ line, reachable: true })),
    { before, after, lines, changes },
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

const LAUNCHER = { rule: 1, duty: 'reader', path: '/opt/robot', name: '/usr/bin/robot' };
const COVERED = [
  ...OUTER,
  '8 1 0:10 /agents/1 /opt/robot ro,nosuid,nodev - tmpfs x rw',
  '9 2 0:10 /aliases/0 /ws/.git/config ro,nosuid,nodev - tmpfs x rw',
  '10 4 8:1 /job/0 /run/duty-gate-aliases/0 rw,nosuid,nodev - ext4 x rw',
];

test('R26 agentChanges() takes the launcher away, and closes the workspace where the policy says so', () => {
  const before = parseMountTable(COVERED.join('\n'));
  const at = { launchers: [LAUNCHER, { ...LAUNCHER, rule: 2, path: '/opt/other' }], workspace: '/ws' };
  assert.deepEqual(agentChanges({ ...at, agent: null }, before), NO_CHANGES);
  const agent = { rule: 1, workspace: 'write', scripts: ['/tmp/step'] } as const;
  assert.deepEqual(agentChanges({ ...at, agent }, before), { uncovered: ['/opt/robot'], closed: [], scripts: ['/tmp/step'] });
  const { closed } = agentChanges({ ...at, agent: { ...agent, workspace: 'read' } }, before);
  assert.deepEqual(closed, ['/ws', '/run/duty-gate-aliases/0']);
});

test('R26 nestedMountFaults() finds a launcher that is still there, a workspace that is open, and a script that is another', () => {
  const outer = parseMountTable(COVERED.join('\n'));
  const closed = (line: string): string => line.replace('/ws rw', '/ws ro');
  const script = '50 1 8:1 /tmp/step /tmp/step ro,nosuid,nodev - ext4 x rw';
  const changes = { uncovered: ['/opt/robot'], closed: ['/ws'], scripts: ['/tmp/step'] };
  const inner = [...COVERED, ...OWN].filter((line) => !line.startsWith('8 ')).map(closed);
  const found = (lines: readonly string[]): readonly string[] => faults(lines, outer, changes, outer);
  assert.deepEqual(found(inner), []);
  assert.deepEqual(found([...inner, script]), []);
  assert.deepEqual(found([...COVERED, ...OWN].map(closed)), ['/opt/robot is still covered']);
  assert.deepEqual(found([...COVERED, ...OWN].filter((line) => !line.startsWith('8 '))), ['/ws may be written']);
  assert.deepEqual(found([...inner, script.replace('ro,', 'rw,')]), ['/tmp/step shows what is not there outside']);
  assert.deepEqual(found([...inner, script.replace('8:1', '9:9')]), ['/tmp/step shows what is not there outside']);
  assert.deepEqual(found([...inner, script.replace('8:1 /tmp/step', '8:1 /etc/shadow')]), ['/tmp/step shows what is not there outside']);
});

test('nestedMountFaults() takes what comes and goes outside meanwhile', () => {
  const covered = '40 2 0:10 /empty /ws/agent.sock rw,nosuid,nodev - tmpfs x rw';
  const after = parseMountTable([...OUTER, covered].join('\n'));
  assert.deepEqual(faults([...OUTER, ...OWN], after), []);
  assert.deepEqual(faults([...OUTER, ...OWN, covered], after), []);
  assert.deepEqual(faults(without('3'), parseMountTable(OUTER.filter((line) => !line.startsWith('3 ')).join('\n'))), []);
});
