import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { judgeDefinitions, judgePaths, refusedWhole, SUMMARY_BYTES_MAX, summaryPart } from '#wrapper/file-command-judge.ts';
import { environmentNameFault, outputNameFault } from '#wrapper/file-command-rules.ts';
import { parseDefinitions } from '#wrapper/file-command-text.ts';

const NONE: ReadonlySet<string> = new Set();
const env = { fault: (name: string) => environmentNameFault(name, NONE), delimiter: 'D', environment: [] };
const output = { fault: outputNameFault, delimiter: 'D', environment: null };

describe('judgeDefinitions()', () => {
  test('R18 passes everyday names on and refuses loaders one by one', () => {
    const judged = judgeDefinitions(Buffer.from('NODE_ENV=test\nLD_PRELOAD=/ws/x.so\nGIT_SHA<<E\na\nb\nE\nBASH_ENV=/ws/x\n'), env);
    assert.equal(String(judged.text), 'NODE_ENV=test\nGIT_SHA<<D\na\nb\nD\n');
    assert.deepEqual(judged.passed, ['NODE_ENV', 'GIT_SHA']);
    assert.deepEqual(
      judged.refused.map(({ name }) => name),
      ['LD_PRELOAD', 'BASH_ENV'],
    );
  });

  test('gives the last of two definitions of one name', () => {
    assert.equal(String(judgeDefinitions(Buffer.from('A=1\nB=2\nA=3\n'), env).text), 'A=3\nB=2\n');
  });

  for (const [name, bytes, why] of [
    ['is no UTF-8', Buffer.from([0x41, 0x3d, 0xff, 0x0a]), /UTF-8/],
    ['begins as UTF-16', Buffer.from('\ufeffLD_PRELOAD=x\n', 'utf16le'), /UTF-8/],
    ['has half a heredoc', Buffer.from('A=1\nB<<E\n'), /line 2/],
  ] as const) {
    test(`refuses a file whole that ${name}`, () => {
      const judged = judgeDefinitions(bytes, env);
      assert.deepEqual([judged.text.length, judged.passed, judged.refused.length], [0, [], 1]);
      assert.match(judged.refused[0]?.why ?? '', why);
    });
  }

  test('leaves a byte order mark out, as the runner does', () => {
    assert.deepEqual(judgeDefinitions(Buffer.from('\ufeffLD_PRELOAD=x\nA=1\n'), env).passed, ['A']);
  });

  test('refuses a value with NUL', () => {
    for (const rules of [env, output]) assert.deepEqual(judgeDefinitions(Buffer.from('A=1\0LD_PRELOAD=x\n'), rules).passed, []);
  });

  test('keeps the environment small enough for every later step to start', () => {
    const big = judgeDefinitions(Buffer.from(`A=${'x'.repeat(70_000)}\nB=1\n`), env);
    assert.deepEqual(big.passed, ['B']);
    const many = judgeDefinitions(Buffer.from(Array.from({ length: 20 }, (_, at) => `A${at}=${'x'.repeat(60_000)}\n`).join('')), env);
    assert.ok(many.text.length <= 512 * 1024 && many.refused.length > 0);
    const full = { ...env, environment: [Buffer.alloc(512 * 1024)] };
    assert.deepEqual(judgeDefinitions(Buffer.from('A=1\n'), full).passed, []);
    assert.deepEqual(judgeDefinitions(Buffer.from(`A=${'x'.repeat(700_000)}\n`), output).passed, ['A']);
  });

  test('shows no name that a log would take for a command', () => {
    const { refused } = judgeDefinitions(Buffer.from('##[add-mask]x=1\n::error::y=1\n\u001b[2J=1\n'), env);
    for (const { name } of refused) assert.match(name ?? '', /^[A-Za-z0-9_./?-]+$/);
    assert.equal(refused.length, 3);
  });

  test('R18 passes nothing that reads as a refused name, whatever the file', () => {
    const piece = fc.constantFrom('LD_PRELOAD', 'A', 'B', '=', '<<', '\n', '\r', 'D', 'E', ' ', '\0', '\ufeff', 'https_proxy');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const parsed = parseDefinitions(String(judgeDefinitions(Buffer.from(pieces.join('')), { ...env, delimiter: 'duty_gate_D' }).text));
        assert.equal(parsed.kind, 'definitions');
        const names = parsed.kind === 'definitions' ? parsed.definitions.map(({ name }) => name) : [];
        for (const name of names) assert.equal(environmentNameFault(name, NONE), null);
      }),
      { numRuns: 2000, verbose: 1 },
    );
  });
});

describe('judgePaths()', () => {
  test('passes absolute folders on, each once', () => {
    assert.deepEqual(judgePaths(Buffer.from('/opt/x/bin\n\n/opt/x/bin\n/a b\n'), []).text.toString(), '/opt/x/bin\n/a b\n');
  });

  for (const line of [
    'bin',
    './bin',
    '../bin',
    '~/bin',
    '/a/../b',
    '/a/.',
    '/a:/b',
    '/a\r/b',
    '/a\u0085b',
    '/a\u2028b',
    '/a\0b',
    ' /a',
    `/${'x'.repeat(5000)}`,
  ]) {
    test(`refuses ${JSON.stringify(line).slice(0, 20)}`, () => {
      const judged = judgePaths(Buffer.from(`${line}\n/ok\n`), []);
      assert.deepEqual([judged.text.toString(), judged.refused.length], ['/ok\n', 1]);
    });
  }

  test('refuses what would make PATH too long, and a file of too many lines', () => {
    const long = `/${'x'.repeat(4000)}`;
    const lines = Array.from({ length: 20 }, (_, at) => `${long}${at}\n`).join('');
    assert.ok(judgePaths(Buffer.from(lines), []).text.length <= 32 * 1024);
    assert.equal(judgePaths(Buffer.from('/a\n'), [Buffer.from(`PATH=${'x'.repeat(33_000)}`)]).text.length, 0);
    assert.equal(judgePaths(Buffer.from('/a\n'.repeat(101)), []).text.length, 0);
    assert.equal(judgePaths(Buffer.from([0x2f, 0xff]), []).text.length, 0);
  });
});

describe('summaryPart()', () => {
  test('passes what fits, beside what is there already', () => {
    assert.deepEqual(summaryPart(Buffer.from('# hi'), true, 10), { text: Buffer.from('# hi'), passed: ['summary'], refused: [] });
    assert.deepEqual(summaryPart(Buffer.alloc(0), true, 10).passed, []);
  });

  test('cuts what does not, between characters', () => {
    const bytes = Buffer.from('€'.repeat(SUMMARY_BYTES_MAX / 3 + 1));
    for (const written of [0, 1, 2, 1000]) {
      const { text, refused } = summaryPart(bytes, true, written);
      assert.ok(text.length + written <= SUMMARY_BYTES_MAX && text.length > SUMMARY_BYTES_MAX - written - 100);
      assert.doesNotMatch(new TextDecoder('utf-8', { fatal: true }).decode(text), /\ufffd/);
      assert.equal(refused.length, 1);
    }
  });

  test('passes nothing where nothing fits', () => {
    assert.equal(summaryPart(Buffer.from('x'), true, SUMMARY_BYTES_MAX).text.length, 0);
    assert.equal(summaryPart(Buffer.from('x'), false, SUMMARY_BYTES_MAX + 5).text.length, 0);
  });
});

test('refusedWhole() passes nothing', () => {
  assert.deepEqual(refusedWhole('so'), { text: Buffer.alloc(0), passed: [], refused: [{ name: null, why: 'so' }] });
});
