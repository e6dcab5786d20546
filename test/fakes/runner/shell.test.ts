import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { planShell, splitArguments, which } from './shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'dg-shell-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const first = join(folder, 'first');
const second = join(folder, 'second');
for (const place of [first, second]) {
  mkdirSync(join(place, 'folder'), { recursive: true });
  for (const name of ['bash', 'sh', 'own']) writeFileSync(join(place, name), '');
}
chmodSync(join(first, 'own'), 0o600);
const PATH = `${first}::${second}`;

describe('which()', () => {
  const CASES: readonly (readonly [string, string | null])[] = [
    ['own', join(first, 'own')],
    ['folder', null],
    ['nobody', null],
    [join(second, 'own'), join(second, 'own')],
    [join(second, 'nobody'), null],
  ];
  for (const [name, expected] of CASES) it(`which() finds ${name} or not`, () => assert.equal(which(name, PATH), expected));
});

describe('planShell()', () => {
  const CASES: readonly { shell: string | undefined; file: string; args: readonly string[]; extension: string }[] = [
    { shell: undefined, file: join(first, 'bash'), args: ['-e', 'SCRIPT'], extension: '.sh' },
    { shell: 'bash', file: join(first, 'bash'), args: ['--noprofile', '--norc', '-e', '-o', 'pipefail', 'SCRIPT'], extension: '.sh' },
    { shell: 'sh', file: join(first, 'sh'), args: ['-e', 'SCRIPT'], extension: '.sh' },
    { shell: 'bash -x {0}', file: join(first, 'bash'), args: ['-x', 'SCRIPT'], extension: '.sh' },
    { shell: 'own shell {0}', file: join(first, 'own'), args: ['shell', 'SCRIPT'], extension: '' },
    { shell: 'own   {0} "a b" {{}}', file: join(first, 'own'), args: ['SCRIPT', 'a b', '{}'], extension: '' },
    { shell: `${join(second, 'own')} {0}{0}`, file: join(second, 'own'), args: ['SCRIPTSCRIPT'], extension: '' },
  ];
  for (const { shell, file, args, extension } of CASES) {
    it(`planShell() runs ${shell ?? 'the default'}`, () => {
      const plan = planShell(shell, folder, PATH);
      assert.equal(plan.file, file);
      assert.deepEqual(
        plan.args.map((each) => each.replaceAll(plan.scriptPath, 'SCRIPT')),
        args,
      );
      assert.match(plan.scriptPath.slice(folder.length + 1), new RegExp(`^[0-9a-f-]{36}${extension.replace('.', '\\.')}$`));
    });
  }

  const REFUSED: readonly (readonly [string, RegExp])[] = [
    ['nobody {0}', /nobody: command not found/],
    ['own', /Invalid shell option/],
    ['own shell', /Invalid shell option/],
    ['own {0} {1}', /format string is invalid/],
    ['own {0} }', /format string is invalid/],
  ];
  for (const [shell, why] of REFUSED) it(`planShell() refuses ${shell}`, () => assert.throws(() => planShell(shell, folder, PATH), why));
});

describe('splitArguments()', () => {
  const CASES: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    [' a\t b ', ['a', 'b']],
    ['"a b"c', ['a bc']],
    ['"" x', ['', 'x']],
    ['a\\b "c\\"d"', ['a\\b', 'c"d']],
    ['\\\\"a b"', ['\\a b']],
    ['"a""b"', ['a"b']],
    ['"never closed x', ['never closed x']],
  ];
  for (const [line, expected] of CASES) it(`splitArguments() divides ${line}`, () => assert.deepEqual(splitArguments(line), expected));
});
