import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DEFINITIONS_MAX, parseDefinitions, renderDefinitions } from '#wrapper/file-command-text.ts';

describe('parseDefinitions()', () => {
  for (const [name, text, expected] of [
    ['nothing', '', []],
    ['blank lines', '\n\n', []],
    ['a definition without a last newline', 'A=1', [['A', '1']]],
    ['a value with equals signs', 'A==1=2\n', [['A', '=1=2']]],
    ['an empty value', 'A=\n', [['A', '']]],
    ['a value that looks like a heredoc', 'A=<<B\n', [['A', '<<B']]],
    [
      'a heredoc',
      'A<<E\none\ntwo\nE\nB=2\n',
      [
        ['A', 'one\ntwo'],
        ['B', '2'],
      ],
    ],
    ['an empty heredoc', 'A<<E\nE\n', [['A', '']]],
    ['a heredoc of blank lines', 'A<<E\n\n\nE', [['A', '\n']]],
    ['a heredoc whose lines look like definitions', 'A<<E\nLD_PRELOAD=x\nB<<F\nE\n', [['A', 'LD_PRELOAD=x\nB<<F']]],
    ['a delimiter with an equals sign', 'A<<E=\nx\nE=\n', [['A', 'x']]],
    ['a delimiter that begins with another', 'A<<E\nEE\n E\nE\n', [['A', 'EE\n E']]],
    [
      'a carriage return as any character',
      'A=1\r\nB<<E\r\nx\r\nE\r\n',
      [
        ['A', '1\r'],
        ['B', 'x\r'],
      ],
    ],
    [
      'a name twice',
      'A=1\nA=2\n',
      [
        ['A', '1'],
        ['A', '2'],
      ],
    ],
  ] as const) {
    test(`reads ${name}`, () => {
      const parsed = parseDefinitions(text);
      assert.deepEqual(parsed, { kind: 'definitions', definitions: expected.map(([key, value]) => ({ name: key, value })) });
    });
  }

  for (const [name, text, line] of [
    ['a line that is neither', 'A=1\nB\n', 2],
    ['an empty name', '=1\n', 1],
    ['a heredoc without a name', '<<E\nE\n', 1],
    ['a heredoc without a delimiter', 'A<<\n\n', 1],
    ['a delimiter that does not come again', 'A<<E\nx\n', 1],
    ['a delimiter that comes with a carriage return', 'A<<E\nx\nE\r\n', 1],
    ['too many', 'A=1\n'.repeat(DEFINITIONS_MAX + 1), DEFINITIONS_MAX + 1],
  ] as const) {
    test(`refuses ${name}`, () => {
      const parsed = parseDefinitions(text);
      assert.equal(parsed.kind, 'malformed');
      assert.match(parsed.kind === 'malformed' ? parsed.why : '', new RegExp(`^line ${line}: `));
    });
  }

  test('reads a mebibyte of heredocs that never end without going through it for each', () => {
    const started = performance.now();
    assert.equal(parseDefinitions('A<<E\n'.repeat(200_000)).kind, 'malformed');
    assert.equal(parseDefinitions('A=1\n\n'.repeat(DEFINITIONS_MAX) + '\n'.repeat(1_000_000)).kind, 'definitions');
    assert.ok(performance.now() - started < 5000);
  });
});

test('renderDefinitions() writes what parseDefinitions() reads back', () => {
  const value = fc.string({ unit: fc.constantFrom('\n', '\r', '=', '<', 'E', 'a', ' ', 'é', '\u2028') });
  const definitions = fc.array(fc.record({ name: fc.stringMatching(/^[A-Za-z_]\w{0,8}$/), value }, { noNullPrototype: true }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(definitions, (given) => {
      const parsed = parseDefinitions(renderDefinitions(given, 'duty_gate_delimiter'));
      assert.deepEqual(parsed, { kind: 'definitions', definitions: given });
    }),
    { numRuns: 500, verbose: 1 },
  );
});
