import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readSecretsFile, SECRETS_BYTES_MAX, SecretsFileError } from '#adapters/secrets/secrets-file.ts';

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-secrets-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function fileFor(t: TestContext, text: string | Buffer, mode = 0o600): string {
  const path = join(folderFor(t), 'secrets.yml');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

async function faultOf(path: string): Promise<SecretsFileError> {
  try {
    await readSecretsFile(path);
  } catch (error) {
    if (error instanceof SecretsFileError) return error;
    throw error;
  }
  assert.fail('it was read');
}

test('readSecretsFile() reads each value as the text that stands there', async (t) => {
  const store = await readSecretsFile(
    fileFor(t, 'A: hunter2\nDIGITS: 0123\nYES: yes\nNULL: null\nQUOTED: "a: b"\nCA: |\n  line 1\n  line 2\n'),
  );
  assert.deepEqual(
    store.names.map((name) => [name, store.get(name)]),
    [
      ['A', 'hunter2'],
      ['DIGITS', '0123'],
      ['YES', 'yes'],
      ['NULL', 'null'],
      ['QUOTED', 'a: b'],
      ['CA', 'line 1\nline 2\n'],
    ],
  );
  for (const name of ['B', '__proto__', 'constructor', '']) assert.equal(store.get(name), undefined);
});

for (const mode of [0o400, 0o600, 0o700]) {
  test(`readSecretsFile() takes mode ${mode.toString(8)}`, async (t) => {
    assert.deepEqual((await readSecretsFile(fileFor(t, 'A: b\n', mode))).names, ['A']);
  });
}

for (const mode of [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o777]) {
  test(`readSecretsFile() refuses mode ${mode.toString(8)}`, async (t) => {
    assert.equal((await faultOf(fileFor(t, 'A: b\n', mode))).code, 'not-private');
  });
}

const NO_FILES: readonly { name: string; make(folder: string): string }[] = [
  { name: 'a missing file', make: (folder) => join(folder, 'missing') },
  { name: 'a folder', make: (folder) => folder },
  {
    name: 'a symbolic link',
    make(folder) {
      writeFileSync(join(folder, 'real'), 'A: b\n', { mode: 0o600 });
      symlinkSync('real', join(folder, 'link'));
      return join(folder, 'link');
    },
  },
  {
    name: 'a named pipe that nobody writes to',
    make(folder) {
      execFileSync('mkfifo', ['-m', '600', join(folder, 'pipe')]);
      return join(folder, 'pipe');
    },
  },
];

for (const { name, make } of NO_FILES) {
  test(`readSecretsFile() refuses ${name}`, async (t) => {
    assert.equal((await faultOf(make(folderFor(t)))).code, 'unreadable');
  });
}

test('readSecretsFile() refuses a file with a second name: that one would not be hidden from the command', async (t) => {
  const path = fileFor(t, 'A: b\n');
  const folder = folderFor(t);
  mkdirSync(join(folder, 'more'));
  linkSync(path, join(folder, 'more', 'link'));
  for (const name of [path, join(folder, 'more', 'link')]) await assert.rejects(readSecretsFile(name), { code: 'not-private' });
});

const MALFORMED: readonly { name: string; text: string | Buffer }[] = [
  { name: 'nothing', text: '' },
  { name: 'a scalar', text: 'hunter2\n' },
  { name: 'a list', text: '- hunter2\n' },
  { name: 'a nested map', text: 'A: { b: hunter2 }\n' },
  { name: 'a list of values', text: 'A: [hunter2]\n' },
  { name: 'an empty value', text: 'A:\nB: hunter2\n' },
  { name: 'a name that is no string', text: '[hunter2]: b\n' },
  { name: 'a name twice', text: 'A: hunter2\nA: hunter3\n' },
  { name: 'an alias', text: 'A: &x hunter2\nB: *x\n' },
  { name: 'an unclosed quote', text: 'A: "hunter2\n' },
  { name: 'two documents', text: 'A: hunter2\n---\nB: c\n' },
  { name: 'broken YAML', text: 'A: hunter2\n\t: [\n' },
  { name: 'no UTF-8', text: Buffer.from([0x41, 0x3a, 0x20, 0xff, 0xfe]) },
  { name: 'more than the maximum', text: `A: ${'hunter2'.repeat(SECRETS_BYTES_MAX / 7 + 1)}` },
];

for (const { name, text } of MALFORMED) {
  test(`readSecretsFile() refuses ${name}, and repeats none of it (P5)`, async (t) => {
    const fault = await faultOf(fileFor(t, text));
    assert.equal(fault.code, 'malformed');
    assert.doesNotMatch(`${fault.message} ${String(fault.cause ?? '')}`, /hunter/);
  });
}

test('readSecretsFile() takes exactly the maximum', async (t) => {
  const value = 'x'.repeat(SECRETS_BYTES_MAX - 3);
  assert.equal((await readSecretsFile(fileFor(t, `A: ${value}`))).get('A'), value);
});
