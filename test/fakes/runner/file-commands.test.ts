import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { definitions, type FileCommand, makeStepFiles, processStepFiles, type StepFiles } from './file-commands.ts';

const temp = mkdtempSync(join(tmpdir(), 'dg-files-'));
after(() => rmSync(temp, { recursive: true, force: true }));

function processed(files: StepFiles): string[] {
  const done: string[] = [];
  processStepFiles(files, {
    setEnv: (name, value) => void done.push(`env ${name}=${value}`),
    addPath: (path) => void done.push(`path ${path}`),
    setOutput: (name, value) => void done.push(`output ${name}=${value}`),
    saveState: (name, value) => void done.push(`state ${name}=${value}`),
    summary: (lines) => void done.push(`summary ${lines.join('|')}`),
    error: (message) => void done.push(`error ${message}`),
    fail: (...messages) => void done.push(`fail ${messages.join(' / ')}`),
  });
  return done;
}

describe('definitions()', () => {
  const CASES: readonly { text: string; found?: readonly (readonly [string, string])[]; error?: RegExp }[] = [
    { text: '', found: [] },
    {
      text: 'A=1\n\nB=2',
      found: [
        ['A', '1'],
        ['B', '2'],
      ],
    },
    { text: 'A=b=c<<d\n', found: [['A', 'b=c<<d']] },
    { text: '=x\n', found: [['', 'x']] },
    { text: 'A=1\r\n', found: [['A', '1\r']] },
    {
      text: 'A<<END\nx\n\ny=1\nEND\nB=2\n',
      found: [
        ['A', 'x\n\ny=1'],
        ['B', '2'],
      ],
    },
    { text: 'A<<END\nEND', found: [['A', '']] },
    { text: 'A<<END\nx\nEND', found: [['A', 'x']] },
    { text: 'A=1\nB<<END\nx\n', found: [['A', '1']], error: /delimiter not found 'END'/ },
    { text: 'B<<END', error: /delimiter not found/ },
    { text: 'B<<END\nx', error: /missing new line/ },
    { text: 'B<<END\r\nx\nEND\n', error: /delimiter not found/ },
    { text: 'B<<\nx\n', error: /must not be empty/ },
    { text: '<<END\nEND\n', error: /must not be empty/ },
    { text: 'no definition\n', error: /Invalid format/ },
  ];
  for (const { text, found = [], error } of CASES) {
    it(`definitions() reads ${JSON.stringify(text)}`, () => {
      const defined: [string, string][] = [];
      const read = () => definitions(text, (name, value) => void defined.push([name, value]));
      if (error === undefined) read();
      else assert.throws(read, error);
      assert.deepEqual(defined, found);
    });
  }

  it('definitions() gives back what a block was made of', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const found: string[] = [];
        definitions(`A<<ghadelimiter_x\n${value}\nghadelimiter_x\n`, (name, text) => void found.push(name, text));
        assert.deepEqual(found, ['A', value]);
      }),
    );
  });
});

describe('processStepFiles()', () => {
  it('processStepFiles() does what each file says, and keeps NODE_OPTIONS back', () => {
    const files = makeStepFiles(temp);
    appendFileSync(files.GITHUB_ENV, 'A=1\nnode_options=--inspect\nGITHUB_REPOSITORY=x/y\nLD_PRELOAD=/evil.so\n');
    appendFileSync(files.GITHUB_PATH, '/one\r\n\n/two');
    appendFileSync(files.GITHUB_OUTPUT, 'o=1\n');
    appendFileSync(files.GITHUB_STATE, 's=1\n');
    appendFileSync(files.GITHUB_STEP_SUMMARY, '# a\nb\n');
    assert.deepEqual(processed(files), [
      ...['path /one', 'path /two', 'env A=1', "error Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command."],
      ...['env GITHUB_REPOSITORY=x/y', 'env LD_PRELOAD=/evil.so', 'summary # a|b', 'state s=1', 'output o=1'],
    ]);
  });

  it('processStepFiles() fails for one malformed file, and still takes what stands before the mistake, and the others', () => {
    const files = makeStepFiles(temp);
    writeFileSync(files.GITHUB_ENV, 'A=1\nB<<END\nx\n');
    writeFileSync(files.GITHUB_OUTPUT, 'o=1\n');
    assert.deepEqual(processed(files), [
      ...[
        'env A=1',
        "fail Unable to process file command 'env' successfully. / Invalid value. Matching delimiter not found 'END'",
        'output o=1',
      ],
    ]);
  });

  it('processStepFiles() follows links: that is for others to prevent', () => {
    const files = makeStepFiles(temp);
    writeFileSync(join(temp, 'host'), 'root:x:0:0\n');
    rmSync(files.GITHUB_STEP_SUMMARY);
    symlinkSync(join(temp, 'host'), files.GITHUB_STEP_SUMMARY);
    assert.deepEqual(processed(files), ['summary root:x:0:0']);
  });

  const HOSTILE: readonly { name: string; file: FileCommand; make: (path: string) => void; done: RegExp }[] = [
    { name: 'nothing there', file: 'GITHUB_ENV', make: () => undefined, done: /^$/ },
    { name: 'a dangling link', file: 'GITHUB_ENV', make: (path) => symlinkSync('/nowhere', path), done: /^$/ },
    { name: 'a folder', file: 'GITHUB_OUTPUT', make: (path) => mkdirSync(path), done: /^fail .*denied/ },
    { name: 'a pipe', file: 'GITHUB_ENV', make: (path) => void execFileSync('mkfifo', [path]), done: /^fail .*denied/ },
    { name: 'an endless device', file: 'GITHUB_PATH', make: (path) => symlinkSync('/dev/zero', path), done: /^fail .*denied/ },
    { name: 'a huge file', file: 'GITHUB_ENV', make: (path) => sparse(path, 10 * 2 ** 30), done: /^fail .*at most/ },
    { name: 'a summary that is too large', file: 'GITHUB_STEP_SUMMARY', make: (path) => sparse(path, 2 ** 20 + 1), done: /^error .*1024k/ },
  ];
  for (const { name, file, make, done } of HOSTILE) {
    it(`processStepFiles() lives with ${name}`, () => {
      const files = makeStepFiles(temp);
      rmSync(files[file]);
      make(files[file]);
      assert.match(processed(files).join('\n'), done);
    });
  }

  it('makeStepFiles() leaves the files of earlier steps', () => {
    const earlier = makeStepFiles(temp);
    makeStepFiles(temp);
    assert.ok(Object.values(earlier).every((path) => existsSync(path)));
  });
});

function sparse(path: string, bytes: number): void {
  writeFileSync(path, '');
  truncateSync(path, bytes);
}
