import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printable, SafeTerminal, SEQUENCE_CHARS_MAX, STRING_CHARS_MAX } from '#core/recording/safe-terminal.ts';

const E = '\x1b';

/** R37: what a recording may hold, and what of it may reach a reader's terminal. */
const CASES: readonly (readonly [what: string, input: string, output: string])[] = [
  ['text', 'a ö 😀\r\n\tb\b', 'a ö 😀\r\n\tb\b'],
  ['SGR', `${E}[1;38;5;9mred${E}[0m`, `${E}[1;38;5;9mred${E}[0m`],
  ['SGR with colons', `${E}[38:2::1:2:3m`, `${E}[38:2::1:2:3m`],
  ['cursor moves', `${E}[2J${E}[H${E}[10;5H${E}[3A`, `${E}[2J${E}[H${E}[10;5H${E}[3A`],
  ['drawing modes', `${E}[?25l${E}[?1049h${E}[?7l`, `${E}[?25l${E}[?1049h${E}[?7l`],
  ['line drawing', `${E}(0q${E}(B`, `${E}(0q${E}(B`],
  ['save, restore, index', `${E}7${E}8${E}M${E}D${E}E`, `${E}7${E}8${E}M${E}D${E}E`],
  ['title', `a${E}]0;evil\x07b`, 'ab'],
  ['title ended by ST', `a${E}]2;evil${E}\\b`, 'ab'],
  ['title ended by C1 ST', `a${E}]2;evil\u009cb`, 'ab'],
  ['clipboard', `${E}]52;c;cm0gLXJmIC8=\x07`, ''],
  ['hyperlink', `${E}]8;;http://evil${E}\\click${E}]8;;${E}\\`, 'click'],
  ['DCS with DECRQSS', `a${E}P$q"p${E}\\b`, 'ab'],
  ['DCS of tmux', `${E}Ptmux;${E}${E}]52;c;eA==\x07${E}\\x`, 'x'],
  ['APC, PM, SOS, screen title', `${E}_a${E}\\${E}^b${E}\\${E}Xc${E}\\${E}kd${E}\\x`, 'x'],
  ['answerback', '\x05a', 'a'],
  ['DA, DSR, window report', `${E}[c${E}[>0c${E}[6n${E}[?15n${E}[21t${E}[18ta`, 'a'],
  ['mouse, focus, paste, keyboard modes', `${E}[?1000h${E}[?1004h${E}[?2004h${E}[>1u${E}[?1006;25ha`, 'a'],
  ['mouse highlighting by SD', `${E}[1;1;1;1;1Ta`, 'a'],
  ['reset', `${E}ca`, 'a'],
  ['scroll-back erasure', `${E}[3Ja`, 'a'],
  ['C1 CSI and OSC', '\u009b6n\u009d0;t\u0007a', '6n0;ta'],
  ['DECALN and other character sets', `${E}#8${E})0${E}*B${E}%Ga`, 'a'],
  ['other character set in G0', `${E}(Ka`, 'a'],
  ['shift out', '\x0ea\x0f', 'a'],
  ['a sequence broken by a control', `${E}[1\x07;mX`, ';mX'],
  ['a sequence broken by another', `${E}[1${E}[2mX`, `${E}[2mX`],
  ['intermediates', `${E}[!pX${E}[1 qX${E}["pX${E}[$pX`, 'XXXX'],
  ['huge numbers', `${E}[99999999999bX`, 'X'],
  ['a title cancelled', `${E}]0;t\x18a${E}]0;t\x1ab`, 'ab'],
  ['a title broken by a sequence', `${E}]0;t${E}[1mX`, `${E}[1mX`],
  ['bidi controls', 'a\u202eb\u2066c', 'abc'],
  ['DEL and NUL', 'a\x7f\0b', 'ab'],
  ['a sequence that never ends', `a${E}[1;`, 'a'],
  ['an escape that never ends', `a${E}`, 'a'],
];

test('SafeTerminal lets through only what draws (R37)', () => {
  for (const [what, input, output] of CASES) assert.equal(new SafeTerminal().filter(input), output, what);
});

test('SafeTerminal gives the same wherever the text is cut', () => {
  for (const [what, input, output] of CASES) {
    const chars = [...input];
    for (let cut = 0; cut <= chars.length; cut += 1) {
      const terminal = new SafeTerminal();
      const shown = terminal.filter(chars.slice(0, cut).join('')) + terminal.filter(chars.slice(cut).join(''));
      assert.equal(shown, output, `${what}, cut at ${cut}`);
    }
  }
});

test('SafeTerminal never sends anything but the sequences on its list', () => {
  const hostile = fc.constantFrom(
    E,
    '[',
    ']',
    'P',
    '\\',
    '?',
    '>',
    '$',
    '!',
    ';',
    ':',
    '0',
    '3',
    '52',
    'm',
    'h',
    'l',
    'n',
    'c',
    't',
    'J',
    'u',
    'q',
    '\x07',
    '\x05',
    '\x18',
    '\u009b',
    '\u009d',
    'ö',
    'a',
    '(',
    ' ',
  );
  const safe =
    /^(?:[^\0-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]|\x1b\[[0-9;:]{0,64}[A-IJ-MPXZ@STabdef`rmsu]|\x1b\[\?[0-9]{1,4}[hl]|\x1b[78MDE]|\x1b\([0B])*$/u;
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 60 }), (parts) => {
      const shown = new SafeTerminal().filter(parts.join(''));
      assert.match(shown, safe);
      assert.equal(new SafeTerminal().filter(shown), shown);
    }),
    { numRuns: 1000, verbose: 1 },
  );
});

test('SafeTerminal holds little of a sequence, and does not hide all that follows a string without end', () => {
  const long = `${E}[${'1'.repeat(SEQUENCE_CHARS_MAX + 1)}m`;
  assert.equal(new SafeTerminal().filter(`${long}a`), 'a');
  assert.equal(new SafeTerminal().filter(`${E}[${';'.repeat(SEQUENCE_CHARS_MAX)}ma`), 'a');
  assert.equal(new SafeTerminal().filter(`${E}]0;${'x'.repeat(STRING_CHARS_MAX)}seen`), 'xxseen');
});

test('printable() shows controls, and what hides or reorders text, as escapes', () => {
  assert.equal(printable('a\x1b]0;x\x07\n'), 'a\\u001b]0;x\\u0007\\u000a');
  assert.equal(printable('ö\u202e\u200b\u009b\ufeff\ud800 😀'), 'ö\\u202e\\u200b\\u009b\\ufeff\\ud800 😀');
});
