import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { cageProgram } from '#wrapper/cage-program.ts';
import { type StartSettings, startFile } from '#wrapper/start-file.ts';

const scratch = mkdtempSync(join(tmpdir(), 'duty-gate-start-'));
after(() => rmSync(scratch, { recursive: true }));

const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
const settings: StartSettings = {
  // What anybody may do; the other entrance is in the tests of whole cages.
  ...{ entrance: 'user-namespace', uid, gid, umask: 0o22, limits: [], hides: [], interactive: false, cwd: '/' },
  ...{ argv: ['true'], environment: [Buffer.from('PATH=/usr/bin:/bin')] },
};

/** Runs it on that file; `more` are descriptors from 4 on. */
function startOn(file: Buffer, more: readonly number[] = []) {
  const path = join(scratch, 'start');
  writeFileSync(path, file);
  const fd = openSync(path, 'r');
  const { status, stdout, stderr } = spawnSync(cageProgram(), ['start', '3'], {
    ...{ env: { LD_PRELOAD: '/no/such', PATH: '/nowhere' }, encoding: 'latin1', stdio: ['ignore', 'pipe', 'pipe', fd, ...more] },
  });
  closeSync(fd);
  return { status, stdout, stderr };
}

function startWith(change: Partial<StartSettings>, more: readonly number[] = []) {
  return startOn(startFile({ ...settings, ...change }), more);
}

describe('start', () => {
  test('gives the command its environment and no other, newlines and odd names included', () => {
    const environment = ['A=one\ntwo', 'a.b=c', 'BASH_ENV=/no/such', '\xff=\xfe', 'EMPTY='].map((text) => Buffer.from(text, 'latin1'));
    const { status, stdout, stderr } = startWith({ argv: ['/usr/bin/env', '-0'], environment });
    assert.deepEqual([status, stderr, stdout], [0, '@started\n', 'A=one\ntwo\0a.b=c\0BASH_ENV=/no/such\0\xff=\xfe\0EMPTY=\0']);
  });

  test('gives the command its arguments as they are', () => {
    const words = ['', ' ', 'a\nb', '$HOME', '-c', '\xe9'];
    const { stdout } = startWith({ argv: ['printf', '%s|', ...words] });
    assert.equal(Buffer.from(stdout, 'latin1').toString('utf8'), words.map((word) => `${word}|`).join(''));
  });

  test('gives the command its folder, its umask and its limits', () => {
    const text = 'pwd; umask; ulimit -Sn; ulimit -Hn; ulimit -Sc';
    const { stdout } = startWith({ argv: ['sh', '-c', text], cwd: '/usr', umask: 0o27, limits: ['nofile=64:128', 'core=0:0'] });
    assert.equal(stdout, '/usr\n0027\n64\n128\n0\n');
  });

  test('starts the command with no limit where one cannot be had', () => {
    const { status, stdout } = startWith({ argv: ['echo', 'ran'], limits: ['memlock=unlimited:unlimited', 'nice=40:40'] });
    assert.deepEqual([status, stdout], [0, 'ran\n']);
  });

  test('starts the command in a session of its own, with every signal as it is by default', () => {
    const text = 'ps -o sid= -p $$ | tr -d " " | grep -qx $$ && echo own; grep -E "^Sig(Blk|Ign)" /proc/$$/status';
    assert.equal(startWith({ argv: ['bash', '-c', text] }).stdout, 'own\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n');
  });

  test('R19 leaves no descriptor open but the first three, and those are the input, the output and the output', () => {
    const secret = openSync('/etc/hostname', 'r');
    const { stdout } = startWith(
      { argv: ['bash', '-c', 'cd /proc/$$/fd; for fd in {0..99}; do [[ -L $fd ]] && echo $fd; done; [[ 1 -ef 2 ]] && echo same'] },
      [secret, secret],
    );
    closeSync(secret);
    assert.equal(stdout, '0\n1\n2\nsame\n');
  });

  test('R23 leaves no capability in any set, and none to be had', () => {
    const { stdout } = startWith({ argv: ['grep', '-E', '^(Cap|NoNewPrivs|Seccomp:)', '/proc/self/status'] });
    const none = ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'].map((set) => `Cap${set}:\t0000000000000000\n`).join('');
    assert.equal(stdout, `${none}NoNewPrivs:\t1\nSeccomp:\t2\n`);
  });

  for (const [name, argv, status, why] of [
    ['is not there', ['no-such-program'], 127, 'No such file or directory'],
    ['has no name', [''], 127, 'No such file or directory'],
    ['is a folder', ['/usr'], 126, 'Permission denied'],
    ['may not be run', [import.meta.filename], 126, 'Permission denied'],
  ] as const) {
    test(`says why a command that ${name} was not run, as shells number it`, () => {
      const ran = startWith({ argv });
      assert.deepEqual([ran.status, ran.stdout, ran.stderr], [status, `duty-gate: cannot run ${argv[0]}: ${why}\n`, '@started\n']);
    });
  }

  test('looks a name up in the PATH of the command, and has the shell run what names no interpreter', () => {
    const script = join(scratch, 'words');
    writeFileSync(script, 'echo "$0" "$@"', { mode: 0o755 });
    const environment = [Buffer.from(`PATH=/nowhere:${scratch}`)];
    assert.equal(startWith({ argv: ['words', 'a b'], environment }).stdout, `${script} a b\n`);
    assert.equal(startWith({ argv: ['./words'], cwd: scratch }).stdout, './words\n');
    assert.equal(startWith({ argv: ['words'], cwd: scratch, environment: [Buffer.from('PATH=:/nowhere')] }).stdout, 'words\n');
  });

  const good = startFile(settings);
  for (const [name, file] of Object.entries({
    'an empty file': Buffer.alloc(0),
    'a file without its end': good.subarray(0, -1),
    'an unknown record': Buffer.concat([good, Buffer.from('root=1\0')]),
    'no command': Buffer.from('uid=0\0gid=0\0user-namespace=1\0terminal=0\0umask=22\0folder=/\0'),
    'no folder': Buffer.from('uid=0\0gid=0\0user-namespace=1\0arg=true\0'),
    'no uid': Buffer.from('gid=0\0user-namespace=1\0folder=/\0arg=true\0'),
    'a uid that is none': Buffer.from(`${good}uid=-1\0`),
    'a uid beyond all': Buffer.from(`${good}uid=4294967295\0`),
    'a limit of nothing': startFile({ ...settings, limits: ['nofile=1'] }),
    'a limit of something else': startFile({ ...settings, limits: ['files=1:1'] }),
    'a folder that is not there': startFile({ ...settings, cwd: '/no/such' }),
  })) {
    test(`P8 runs nothing on ${name}`, () => {
      const { status, stdout, stderr } = startOn(file);
      assert.deepEqual([status, stdout], [125, '']);
      assert.match(stderr, /^@fail (settings|limit|cwd): [A-Z][a-z ]+\n$/);
    });
  }

  test('P8 runs nothing where it was given a pipe for a file, or no descriptor', () => {
    for (const stdio of [['ignore', 'pipe', 'pipe', 'pipe'] as const, ['ignore', 'pipe', 'pipe'] as const]) {
      const { status, stdout } = spawnSync(cageProgram(), ['start', '3'], { encoding: 'utf8', stdio: [...stdio] });
      assert.deepEqual([status, stdout], [125, '']);
    }
    assert.equal(spawnSync(cageProgram(), []).status, 125);
    assert.equal(spawnSync(cageProgram(), ['start']).status, 125);
  });
});
