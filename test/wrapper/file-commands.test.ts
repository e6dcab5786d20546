import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { FILE_COMMANDS, type FileCommand, prepareFileCommands } from '#wrapper/file-commands.ts';

const OWN_BIN = '/tmp/duty-gate-0/job-x/bin';

type Place = {
  readonly real: (file: FileCommand) => string;
  /** Where the command writes when it writes to the real one's name. */
  readonly copy: (file: FileCommand) => string;
  readonly root: string;
  readonly finish: ReturnType<typeof prepareFileCommands>['finish'];
  readonly binds: ReturnType<typeof prepareFileCommands>['binds'];
};

/** A runner's folder and a session's; `before` puts things into the real files. */
function place(
  t: TestContext,
  folderName = '_runner_file_commands',
  before: (path: (file: FileCommand) => string) => void = () => undefined,
): Place {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'duty-gate-commands-')));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, folderName));
  mkdirSync(join(root, 'session'));
  const real = (file: FileCommand): string => join(root, folderName, `${file.toLowerCase()}_1b2c`);
  for (const file of FILE_COMMANDS) writeFileSync(real(file), '');
  before(real);
  const environment = FILE_COMMANDS.map((file) => Buffer.from(`${file}=${real(file)}`));
  const { binds, finish } = prepareFileCommands(environment, join(root, 'session'), NONE, OWN_BIN);
  const copy = (file: FileCommand): string => {
    const found = binds.find(({ target }) => target === real(file) || target === join(root, folderName));
    assert.ok(found, file);
    return found.target === real(file) ? found.source : join(found.source, basename(real(file)));
  };
  return { real, copy, root, finish, binds };
}

const NONE: ReadonlySet<string> = new Set();

describe('prepareFileCommands()', () => {
  test("covers the runner's own folder whole, and elsewhere each file", (t) => {
    const runners = place(t);
    assert.deepEqual(
      runners.binds.map(({ target }) => target),
      [join(runners.root, '_runner_file_commands')],
    );
    const others = place(t, 'workflow');
    assert.deepEqual(
      others.binds.map(({ target }) => target),
      FILE_COMMANDS.map(others.real),
    );
    for (const file of FILE_COMMANDS) assert.equal(readFileSync(runners.copy(file), 'utf8'), '');
  });

  test('R18 passes on what is allowed and reports the rest', (t) => {
    const { real, copy, finish } = place(t);
    writeFileSync(copy('GITHUB_ENV'), 'A=1\nLD_PRELOAD=/ws/evil.so\n');
    writeFileSync(copy('GITHUB_OUTPUT'), 'version=1.2\n');
    writeFileSync(copy('GITHUB_STATE'), 'x=1\n');
    writeFileSync(copy('GITHUB_STEP_SUMMARY'), '# Done\n');
    writeFileSync(copy('GITHUB_PATH'), '/opt/tool/bin\nrelative\n');
    const report = finish();
    assert.equal(readFileSync(real('GITHUB_ENV'), 'utf8'), 'A=1\n');
    assert.equal(readFileSync(real('GITHUB_OUTPUT'), 'utf8'), 'version=1.2\n');
    assert.equal(readFileSync(real('GITHUB_STATE'), 'utf8'), 'x=1\n');
    assert.equal(readFileSync(real('GITHUB_STEP_SUMMARY'), 'utf8'), '# Done\n');
    assert.equal(readFileSync(real('GITHUB_PATH'), 'utf8'), `/opt/tool/bin\n${OWN_BIN}\n`);
    assert.deepEqual(
      report.refused.map(({ file, name }) => [file, name]),
      [
        ['GITHUB_ENV', 'LD_PRELOAD'],
        ['GITHUB_PATH', 'relative'],
      ],
    );
    assert.deepEqual(
      report.passed.map(({ name }) => name),
      ['A', '/opt/tool/bin', 'version', 'x', 'summary'],
    );
  });

  test('R18 puts our own folder last whatever the command did to its copy', (t) => {
    for (const spoil of [
      (path: string) => rmSync(path),
      (path: string) => writeFileSync(path, '/evil\n/evil/2'),
      (path: string) => truncateSync(path, 10_000_000_000),
      (path: string) => writeFileSync(path, `${OWN_BIN}\n/evil\n`),
    ]) {
      const { real, copy, finish } = place(t);
      spoil(copy('GITHUB_PATH'));
      finish();
      assert.match(readFileSync(real('GITHUB_PATH'), 'utf8'), new RegExp(`(^|\n)${OWN_BIN}\n$`));
    }
  });

  test('joins no line of its own with one that stands there', (t) => {
    const { real, copy, finish } = place(t, undefined, (path) => {
      writeFileSync(path('GITHUB_ENV'), 'X=1');
      writeFileSync(path('GITHUB_PATH'), '/x');
    });
    writeFileSync(copy('GITHUB_ENV'), 'A=1');
    finish();
    assert.equal(readFileSync(real('GITHUB_ENV'), 'utf8'), 'X=1\nA=1\n');
    assert.equal(readFileSync(real('GITHUB_PATH'), 'utf8'), `/x\n${OWN_BIN}\n`);
  });

  const secret = 'SECRET=of-the-host\n';
  for (const [name, put] of [
    ['a link', (path: string, other: string) => symlinkSync(other, path)],
    ['a second name of another file', (path: string, other: string) => linkSync(other, path)],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a FIFO', (path: string) => spawnSync('mkfifo', [path])],
    ['a device', (path: string) => symlinkSync('/dev/zero', path)],
    ['a link to nowhere', (path: string) => symlinkSync('/no/such/file', path)],
  ] as const) {
    test(`R18 neither follows nor waits for ${name} in a copy's place`, (t) => {
      const { root, real, copy, finish } = place(t);
      const other = join(root, 'other');
      writeFileSync(other, secret);
      for (const file of FILE_COMMANDS) {
        rmSync(copy(file));
        put(copy(file), other);
      }
      const report = finish();
      assert.deepEqual(
        report.refused.map(({ file, name: definition }) => [file, definition]),
        FILE_COMMANDS.map((file) => [file, null]),
      );
      for (const file of FILE_COMMANDS) assert.doesNotMatch(readFileSync(real(file), 'utf8'), /SECRET/);
      assert.equal(readFileSync(other, 'utf8'), secret);
    });
  }

  test('R18 does not open a socket', async (t) => {
    const { copy, finish } = place(t);
    rmSync(copy('GITHUB_ENV'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(copy('GITHUB_ENV'), resolve));
    t.after(() => void server.close());
    assert.equal(finish().refused[0]?.file, 'GITHUB_ENV');
  });

  test("writes to the runner's own file, whatever its name leads to afterwards", (t) => {
    const { root, real, copy, finish } = place(t);
    const other = join(root, 'other');
    writeFileSync(other, '');
    renameSync(real('GITHUB_ENV'), join(root, 'moved'));
    symlinkSync(other, real('GITHUB_ENV'));
    writeFileSync(copy('GITHUB_ENV'), 'A=1\n');
    finish();
    assert.deepEqual([readFileSync(join(root, 'moved'), 'utf8'), readFileSync(other, 'utf8')], ['A=1\n', '']);
  });

  test('reads no more of a huge file than its bound', (t) => {
    const { real, copy, finish } = place(t);
    for (const file of FILE_COMMANDS) truncateSync(copy(file), 10_000_000_000);
    const before = process.memoryUsage().rss;
    const report = finish();
    assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024);
    assert.equal(report.refused.length, FILE_COMMANDS.length);
    assert.ok(readFileSync(real('GITHUB_STEP_SUMMARY')).length <= 1024 * 1024);
    assert.equal(readFileSync(real('GITHUB_ENV')).length, 0);
  });

  test('tells of few refusals by name, and of the others how many', (t) => {
    const { copy, finish } = place(t);
    writeFileSync(copy('GITHUB_ENV'), Array.from({ length: 500 }, (_, at) => `LD_${at}=x\n`).join(''));
    const { refused } = finish();
    assert.equal(refused.length, 21);
    assert.match(refused.at(-1)?.why ?? '', /480 more/);
  });

  test('takes a file that is gone for an empty one, and reads one that was closed to writing', (t) => {
    const { real, copy, finish } = place(t);
    rmSync(copy('GITHUB_ENV'));
    appendFileSync(copy('GITHUB_OUTPUT'), 'a=1\n');
    chmodSync(copy('GITHUB_OUTPUT'), 0o400);
    assert.deepEqual(finish().refused, []);
    assert.equal(readFileSync(real('GITHUB_OUTPUT'), 'utf8'), 'a=1\n');
  });

  test('R18 reports, and binds nothing for, a real file that is no regular one', (t) => {
    const { root, binds, finish } = place(t, 'workflow', (path) => {
      rmSync(path('GITHUB_ENV'));
      symlinkSync('/etc/passwd', path('GITHUB_ENV'));
      rmSync(path('GITHUB_OUTPUT'));
    });
    assert.equal(binds.length, FILE_COMMANDS.length - 2);
    assert.ok(binds.every(({ target }) => target.startsWith(join(root, 'workflow'))));
    assert.deepEqual(
      finish().refused.map(({ file }) => file),
      ['GITHUB_ENV', 'GITHUB_OUTPUT'],
    );
  });

  test('does nothing off GitHub, and for a name that is no path', (t) => {
    const root = mkdtempSync(join(tmpdir(), 'duty-gate-commands-'));
    t.after(() => rmSync(root, { recursive: true }));
    const { binds, finish } = prepareFileCommands([Buffer.from('GITHUB_ENV='), Buffer.from('GITHUB_PATH=relative')], root, NONE, OWN_BIN);
    assert.deepEqual([binds, finish()], [[], { passed: [], refused: [] }]);
  });
});
