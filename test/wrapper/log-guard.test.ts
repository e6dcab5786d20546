import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LOOK_ALIKE, LogGuard } from '#wrapper/log-guard.ts';

const NAMES = ['add-mask', 'stop-commands', 'set-env', 'add-path', 'save-state'];

/** All that passes of these pieces, as the log gets it. */
function pass(pieces: readonly (string | Uint8Array)[]): { log: Buffer; withheld: Record<string, number> } {
  const guard = new LogGuard();
  const out = pieces.map((piece) => Buffer.from(guard.push(Buffer.from(piece))));
  return { log: Buffer.concat([...out, Buffer.from(guard.end())]), withheld: Object.fromEntries(guard.withheld) };
}

/**
 * What the runner makes of it: lines end at CR, LF or both; `::` after white space, `##[` anywhere; names without regard to case
 * (actions/runner, ActionCommand.cs).
 */
function commandsIn(log: Buffer): readonly string[] {
  return log
    .toString('utf8')
    .split(/\r\n|\r|\n/)
    .flatMap((line) => {
      const found: string[] = [];
      const trimmed = line.replace(/^[\s\u0085\u200b\ufeff]+/, '');
      const end = trimmed.indexOf('::', 2);
      if (trimmed.startsWith('::') && end > 0) found.push(trimmed.slice(2, end).split(' ')[0] ?? '');
      const legacy = line.indexOf('##[');
      const close = line.indexOf(']', legacy);
      if (legacy >= 0 && close > 0) found.push(line.slice(legacy + 3, close).split(' ')[0] ?? '');
      return found.map((name) => name.replaceAll('ſ', 's').replaceAll('\u212a', 'k').toLowerCase());
    });
}

const SAID = '[duty-gate: the workflow command "add-mask" was not passed on]';

const CASES: readonly (readonly [what: string, printed: string, log: string])[] = [
  ['a line of its own', 'a\n::add-mask::s3cret\nb\n', `a\n${SAID}\nb\n`],
  ['after CR alone', 'a\r::add-mask::s3cret\r\nb', `a\r${SAID}\r\nb`],
  ['after white space of any kind', ' \t\u2003\u00a0\u0085\u3000::add-mask::s3cret\n', ` \t\u2003\u00a0\u0085\u3000${SAID}\n`],
  ['with parameters', '::add-mask name=x::s3cret\n', `${SAID}\n`],
  ['in capitals', '::ADD-Mask::s3cret\n', `${SAID}\n`],
  ['in letters that only look other', '::add-ma\u017f\u212a::s3cret\n', `${SAID}\n`],
  ['in the old form, anywhere', 'x ##[add-mask]s3cret ##[add-mask]more\n', `x ${SAID}\n`],
  ['nested', '##[##[add-mask]s3cret\n', `##[${SAID}\n`],
  ['at the end of the output', '::add-mask::s3cret', SAID],
  ['twice', '::add-mask::s3cret\n::add-mask::s3cret\n', `${SAID}\n${SAID}\n`],
];

for (const [what, printed, log] of CASES) {
  test(`LogGuard passes on no forbidden command and none of its value, ${what}, wherever it is cut`, () => {
    const bytes = Buffer.from(printed);
    assert.equal(pass([bytes]).log.toString(), log);
    for (let cut = 0; cut <= bytes.length; cut += 1)
      assert.equal(pass([bytes.subarray(0, cut), bytes.subarray(cut)]).log.toString(), log, `cut at ${cut}`);
    assert.equal(pass([...bytes].map((byte) => Buffer.of(byte))).log.toString(), log);
  });
}

test('LogGuard counts what it withheld, by name', () => {
  const { withheld } = pass(NAMES.map((name) => `::${name}::x\n##[${name}]x\n`));
  assert.deepEqual(withheld, Object.fromEntries(NAMES.map((name) => [name, 2])));
});

test('LogGuard passes everything else as it is', () => {
  const everyday = [
    '::error file=a.ts,line=1::broken\n::warning::w\n::notice::n\n::debug::d\n::group::g\n::endgroup::\n',
    '::set-output name=a::b\n::add-matcher::.github/tsc.json\n##[section]Starting\n',
    ':: add-mask::x\n::add-masks::x\n::add-mas\n: :add-mask::x\n##[ add-mask]x\n##[add-mask\n',
    'std::vector<int> a; ::add-mask',
    'duty\nduty-gat',
  ];
  for (const text of everyday) assert.equal(pass([text]).log.toString(), text);
});

test('LogGuard breaks what looks like a line of ours', () => {
  for (const text of ['duty-gate: checkpoint dgc1.a', 'DUTY-GATE: CheckPoint dgc1.a', 'x duty-gate checkpoint dgc1.a'])
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { log, withheld } = pass([text.slice(0, cut), text.slice(cut)]);
      assert.match(log.toString(), /duty-gate: \(printed inside\) checkpoint dgc1\.a$/);
      assert.deepEqual(withheld, { [LOOK_ALIKE]: 1 });
    }
});

test('LogGuard lets no output begin with what would change its encoding', () => {
  for (const mark of [
    [0xff, 0xfe],
    [0xfe, 0xff],
    [0xef, 0xbb, 0xbf],
    [0, 0, 0xfe, 0xff],
  ]) {
    const bytes = Buffer.from([...mark, 0x61]);
    assert.deepEqual(pass([bytes]).log, Buffer.concat([Buffer.from('\n'), bytes]));
    assert.deepEqual(pass([...bytes].map((byte) => Buffer.of(byte))).log, Buffer.concat([Buffer.from('\n'), bytes]));
    assert.deepEqual(pass(['x', bytes]).log, Buffer.concat([Buffer.from('x'), bytes]));
  }
});

test('LogGuard hands ordinary output through without a copy, and holds back a few bytes at most', () => {
  const guard = new LogGuard();
  guard.push(Buffer.from('begun\n'));
  const ordinary = Buffer.from('compiling 100 files … done: ok [1/2] # note\n$ ');
  assert.equal(guard.push(ordinary), ordinary);
  assert.ok(Buffer.from(guard.push(Buffer.from(`${'a'.repeat(100_000)}::add-mas`))).length === 100_000);
  const white = guard.push(Buffer.from(' '.repeat(100_000)));
  assert.ok(white.length >= 100_000);
});

test('LogGuard lets nothing through that the runner would obey, whatever is printed, and in the same way wherever it is cut', () => {
  const token = fc.constantFrom(
    ...NAMES.flatMap((name) => [`::${name}`, `##[${name}`]),
    '::',
    ':',
    '##[',
    '#',
    '[',
    ']',
    ' ',
    '\r',
    '\n',
    '\t',
    '\u3000',
    'x',
    'ſ',
    '::ADD-MASK',
    'duty-gate',
    ': checkpoint',
    '\u017fet-env',
    '::error::e',
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), fc.array(fc.nat({ max: 60 }), { maxLength: 4 }), (tokens, cuts) => {
      const bytes = Buffer.from(`x${tokens.join('')}`);
      const whole = pass([bytes]).log;
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((place, n) => bytes.subarray(places[n], place));
      assert.deepEqual(pass(pieces).log, whole);
      assert.deepEqual(
        commandsIn(whole).filter((name) => NAMES.includes(name)),
        [],
        whole.toString(),
      );
    }),
    { numRuns: 3000, verbose: 1 },
  );
});
