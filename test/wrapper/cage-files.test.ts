import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { writeCageFiles } from '#wrapper/cage-files.ts';
import type { WrapPlan } from '#wrapper/plan.ts';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';

const settings = {
  entrance: 'sudo',
  tools: findTools(TOOL_FOLDERS),
  uid: 5,
  gid: 6,
  umask: 0o27,
  limits: ['nofile=1:2'],
  console: '/dev/pts/9',
} as const;

function withPlan(
  change: { readonly argv?: readonly string[]; readonly cwd?: string },
  act: (plan: WrapPlan, folder: string) => void,
): void {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-files-'));
  const plan: WrapPlan = {
    argv: ['psql', '-c', 'SELECT\n1'],
    cwd: '/',
    environment: [Buffer.from('A=1\n2'), Buffer.from([0x42, 0x3d, 0xff])],
    cage: {
      sessionFolder: folder,
      resolvers: ['198.18.0.2'],
      ca: 'PEM\n',
      hide: [],
      files: { writable: [], layered: [], layersFolder: null, protected: [] },
      binds: [],
      aliases: [],
      launchers: [],
      workspace: null,
      toolFolders: TOOL_FOLDERS,
    },
    shared: null,
    within: null,
    hooks: {
      enterCage: async () => undefined,
      escapesTried: async () => undefined,
      record: new Writable(),
      gatewayLost: Promise.resolve(),
    },
    terminal: { interactive: false, columns: 1, rows: 1, stdinFd: 0, stdoutFd: 1, filter: null, remote: null },
    graceMs: 1,
    ...change,
  };
  try {
    act(plan, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('writeCageFiles() hands everything over in files that only their owner reads, and takes them away', () => {
  withPlan({}, (plan, folder) => {
    const files = writeCageFiles(plan, settings, ['cookie=c']);
    assert.deepEqual(readdirSync(folder).sort(), ['aliases', 'baits', 'cage', 'first', 'last', 'links', 'setup', 'start']);
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0);
    assert.match(readFileSync(join(folder, 'start'), 'latin1'), /\0arg=SELECT\n1\0env=A=1\n2\0env=B=\xff\0$/);
    assert.equal(readFileSync(join(folder, 'baits'), 'utf8'), 'cookie=c\0');
    const records = readFileSync(join(folder, 'setup'), 'utf8').split('\0');
    for (const record of ['uid=5', 'gid=6', 'entrance=sudo', 'ca=PEM\n', 'owner_uid=5', 'probe=']) {
      assert.ok(records.includes(record), record);
    }
    assert.match(records.find((record) => record.startsWith('resolv=')) ?? '', /^resolv=nameserver 198\.18\.0\.2\n/);
    assert.match(readFileSync(join(folder, 'last'), 'utf8'), new RegExp(`/\\.${folder} tmpfs ro,`));
    assert.ok(files.expectation.lines.some(({ point }) => point === folder));
    files.unlink();
    files.unlink();
    assert.deepEqual([readdirSync(folder), files.start], [['start'], join(folder, 'start')]);
  });
});

test('writeCageFiles() refuses NUL, a hidden folder to run in, and files that are there already', () => {
  withPlan({ argv: ['a\0umask=0'] }, (plan) => assert.throws(() => writeCageFiles(plan, settings, ['cookie=c']), { code: 'usage' }));
  withPlan({}, (plan, folder) => {
    assert.throws(() => writeCageFiles({ ...plan, cwd: folder }, settings, []), { code: 'set-up' });
    writeCageFiles(plan, settings, ['cookie=c']);
    assert.throws(() => writeCageFiles(plan, settings, ['cookie=c']), { code: 'EEXIST' });
  });
});

test('writeCageFiles() keeps layers where the plan says, out of sight', () => {
  withPlan({}, (plan, folder) => {
    const kept = mkdtempSync(join(tmpdir(), 'duty-gate-kept-'));
    const files = { writable: [], layered: ['/usr/share'], layersFolder: kept, protected: [] };
    const written = writeCageFiles({ ...plan, cage: { ...plan.cage, files } }, { ...settings, entrance: 'user-namespace' }, []);
    const setup = readFileSync(join(folder, 'setup'), 'utf8').split('\0');
    const last = readFileSync(join(folder, 'last'), 'utf8');
    if (written.keptIn === null) assert.ok(setup.includes('probe='));
    else assert.match(setup.find((record) => record.startsWith('probe=')) ?? '', /upperdir=.*userxattr/);
    assert.equal(readdirSync(kept).length, written.keptIn === null ? 0 : 2);
    assert.match(last, new RegExp(`/\\.${kept} tmpfs ro,`));
    assert.match(last, / \/\.\/usr\/share overlay lowerdir=\/run\/duty-gate-aside\/host\/usr\/share,/);
    assert.ok(setup.some((record) => /^layer=755:[0-9a-f]{16}$/.test(record)));
    rmSync(kept, { recursive: true });
  });
});
