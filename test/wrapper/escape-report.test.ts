import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ESCAPES } from '#wrapper/escape-list.ts';
import { type EscapeResult, type EscapeVerdict, judgeEscapes, parseEscapeLine, requireNoWayOut } from '#wrapper/escape-report.ts';

const LIST = ['a', 'b', 'c'].map((name) => ({ name, class: 'some', reason: `what ${name} gives away` }));
const told = (verdicts: Readonly<Record<string, EscapeVerdict>>): readonly EscapeResult[] =>
  Object.entries(verdicts).map(([name, verdict]) => ({ name, verdict, detail: 'open EPERM' }));

test('judgeEscapes() counts what was held and what is absent', () => {
  const report = judgeEscapes(told({ c: 'absent', a: 'held', b: 'held' }), [], LIST);
  const { results, summary } = report;
  requireNoWayOut(report);
  assert.deepEqual(
    results.map(({ name, verdict }) => `${name} ${verdict}`),
    ['a held', 'b held', 'c absent'],
  );
  assert.equal(summary, 'confinement: 3 escapes tried, 2 held, 1 absent');
});

for (const outside of ['absent', 'late'] as const) {
  test(`P8 judgeEscapes() takes nothing for held whose try outside was ${outside}`, () => {
    const { summary } = judgeEscapes(told({ a: 'held', b: 'held', c: 'held' }), told({ b: outside, a: 'held', c: 'open' }), LIST);
    assert.equal(summary, 'confinement: 3 escapes tried, 2 held, 1 absent');
  });
}

for (const [name, inside, message] of [
  ['one succeeded', told({ a: 'held', b: 'open', c: 'held' }), /: b succeeded: open EPERM \(what b gives away\), expected/],
  ['one succeeded of which there is nothing outside', told({ a: 'open', b: 'held', c: 'held' }), /: a succeeded/],
  ['one came to no end', told({ a: 'held', b: 'late', c: 'held' }), /: b came to no end: open EPERM \(what b gives away\)/],
  ['one was not tried', told({ a: 'held', c: 'absent' }), /: b was not tried \(what b gives away\)/],
  ['one was told twice', [...told({ a: 'held', b: 'held', c: 'held' }), ...told({ b: 'held' })], /: b was told 2 times/],
  ['one is unknown', told({ a: 'held', b: 'held', c: 'held', d: 'held' }), /: d is not on the list/],
  ['none was tried', [], /a was not tried .*; b was not tried .*; c was not tried/],
] as const) {
  test(`P8 requireNoWayOut() trusts no cage where ${name}`, () => {
    const report = judgeEscapes(inside, told({ a: 'absent' }), LIST);
    assert.equal(report.results.length, LIST.length);
    assert.throws(() => requireNoWayOut(report), { code: 'escape', message });
  });
}

test('requireNoWayOut() names a few of many', () => {
  assert.throws(() => requireNoWayOut(judgeEscapes([], [])), {
    code: 'escape',
    message: new RegExp(`; and ${ESCAPES.length - 5} more, expected`),
  });
});

test('parseEscapeLine() reads what the program writes', () => {
  assert.deepEqual(parseEscapeLine('@escape proc-mem-outside held open ENOENT'), {
    ...{ name: 'proc-mem-outside', verdict: 'held', detail: 'open ENOENT' },
  });
});

for (const line of [
  '',
  '@escape',
  '@escape a',
  '@escape a held',
  '@escape a kept x',
  '@escape A held x',
  ' @escape a held x',
  '@escape a held \x07',
]) {
  test(`parseEscapeLine() takes nothing from ${JSON.stringify(line)}`, () => assert.equal(parseEscapeLine(line), null));
}

test('parseEscapeLine() never throws', () => {
  fc.assert(
    fc.property(fc.string(), (line) => void parseEscapeLine(`@escape ${line}`)),
    { verbose: 1 },
  );
});
