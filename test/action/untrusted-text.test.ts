import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { logLine, markdownCell, markdownText, visible, visibleLines } from '#action/untrusted-text.ts';

const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

describe('visible()', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['line ends', 'a\r\nb', 'a\\u{d}\\u{a}b'],
    ['escapes of a terminal', '\x1b[31mred', '\\u{1b}[31mred'],
    ['overrides of direction', 'a\u202etxt', 'a\\u{202e}txt'],
    ['zero width', 'a\u200bb\u2060c\ufeff', 'a\\u{200b}b\\u{2060}c\\u{feff}'],
    ['fillers that are letters', 'a\u3164b\u115f', 'a\\u{3164}b\\u{115f}'],
    ['tags of another plane', 'a\u{e0041}', 'a\\u{e0041}'],
    ['spaces of other widths', 'a\u00a0b\u3000c', 'a\\u{a0}b\\u{3000}c'],
    ['line separators', 'a\u2028b', 'a\\u{2028}b'],
    ['lone surrogates', 'a\ud800b', 'a\\u{d800}b'],
    ['marks that pile up', `a${'\u0301'.repeat(50)}`, `a${'\u0301'.repeat(4)}`],
    ['nothing of what people write', 'Zürich 日本 "x" 🙂', 'Zürich 日本 "x" 🙂'],
  ];
  for (const [name, text, shown] of cases) it(`escapes ${name}`, () => assert.equal(visible(text, 1000), shown));

  it('cuts, and says how long it was', () => assert.equal(visible('abcdef', 3), 'abc… (6 characters)'));
  it('cuts no character in half', () => assert.equal(visible('ab🙂cd', 3), 'ab… (6 characters)'));
  test('nothing hidden is left, whatever comes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !HIDDEN.test(visible(text, 500).replace(/…/g, ''))));
  });
});

test('visibleLines() keeps line feeds and nothing else', () => {
  assert.equal(visibleLines('a\n b\r\x07', 100), 'a\n b\\u{d}\\u{7}');
});

describe('logLine()', () => {
  const hostile = [
    '::error::x',
    '  ::stop-commands::t',
    '##[error]x',
    'a ##[add-mask]b',
    '\n::set-env name=A::b',
    '\r::warning::',
    '\u2028::x::',
  ];
  for (const text of hostile) {
    it(`leaves no command in ${JSON.stringify(text)}`, () => assert.ok(!isCommand(logLine(text)), logLine(text)));
  }
  test('is never a command, whatever comes', () => {
    const piece = fc.constantFrom('::', '##[', '#', '[', 'error', ']', '\n', '\r', ' ', '\t', '%0A', '\u0085', '\u2029');
    fc.assert(fc.property(fc.array(piece), (pieces) => !isCommand(logLine(pieces.join('')))));
  });

  /** As the runner reads a line: `::` after white space, `##[` anywhere. */
  function isCommand(line: string): boolean {
    return line.split(/\r\n|[\n\r\u0085\u2028\u2029]/).length > 1 || /^\s*::/.test(line) || line.includes('##[');
  }
});

describe('markdownCell(), markdownText()', () => {
  const hostile = [
    '| a | b |',
    '</code><script>alert(1)</script>',
    '[x](javascript:alert(1))',
    '![x](https://example.com/x.png)',
    '`code` **b** ~~s~~ $x$',
    '@someone #1 :tada: https://example.com',
    '&lt;b&gt;',
    '\\| \\`',
    '<!-- x',
  ];
  for (const text of hostile) {
    it(`leaves no markup in ${text}`, () => {
      const inner = markdownText(text, 1000);
      assert.match(inner, /^(?:[\p{L}\p{N}\p{S}\p{M} ]|&#\d{2,3};)*$/u);
      assert.equal(
        inner.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
        text,
      );
      assert.equal(markdownCell(text, 1000), `<code>${inner}</code>`);
    });
  }
  test('what is not a letter, a digit, a space or beyond ASCII is a reference, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => /^(?:[^!-/:-@[-`{-~\0-\x1f\x7f]|&#\d{2,3};)*$/.test(markdownText(text, 300))),
    );
  });
});
