import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { parseSecretsInput, SECRETS_BYTES_MAX } from '#action/secrets-input.ts';

describe('parseSecretsInput() reads', () => {
  const cases: readonly (readonly [string, string, Record<string, string>])[] = [
    ['nothing', '  \n', {}],
    ['plain values', 'A: one\nB_2: t-w:o', { A: 'one', B_2: 't-w:o' }],
    [
      'what looks like other types as the text it is',
      'A: 0123\nB: true\nC: 1e3\nD: 2020-01-01\nE: ~',
      { A: '0123', B: 'true', C: '1e3', D: '2020-01-01', E: '~' },
    ],
    ['what toJSON makes of any value', `A: ${JSON.stringify('p#w: *x\n"q" \\ é')}`, { A: 'p#w: *x\n"q" \\ é' }],
    [
      'block text of several lines',
      'KEY: |\n  -----BEGIN\n  abc # no comment\n  -----END\n',
      { KEY: '-----BEGIN\nabc # no comment\n-----END\n' },
    ],
    ['a # that is no comment', 'A: ab#cd', { A: 'ab#cd' }],
    ['names that every object has', 'constructor: x\ntoString: y', { constructor: 'x', toString: 'y' }],
  ];
  for (const [name, text, secrets] of cases) it(name, () => assert.deepEqual(parseSecretsInput(text), { ok: true, secrets }));
});

describe('parseSecretsInput() refuses what a pasted value would silently become', () => {
  const cases: readonly (readonly [string, string, number | null])[] = [
    ['a value cut off by a comment', 'A: one\nB: s3cret #rest', 2],
    ['a comment on a line of its own', 'A: s3cret\n# rest', null],
    ['a comment before', '# s3cret\nA: b', null],
    ['an empty value, as of a secret that is not there', 'A: \nB: s3cret', 1],
    ['an empty value in quotes', 'A: ""', 1],
    ['a value that is an alias', 'A: &x s3cret\nB: *x', 1],
    ['an alias alone', 'A: *s3cret', 1],
    ['a tag', 'A: !s3cret x', 1],
    ['a list', 'A: [s3cret]', 1],
    ['a map', 'A: { s3cret: x }', 1],
    ['a nested map', 'A:\n  s3cret: x', 1],
    ['a colon that makes a map', 'A: s3cret: x', 1],
    ['lines that fold into one', 'A: one\n  s3cret', 1],
    ['lines in quotes that fold', 'A: "one\n  s3cret"', 1],
    ['a key pasted with its lines', 'A: -----BEGIN\ns3cret\n-----END', 2],
    ['a quote that never ends', 'A: "s3cret', 1],
    ['two of one name', 'A: s3cret\nA: other', 2],
    ['a name that is none', 'a b: s3cret', 1],
    ['a name of __proto__ in disguise', '"__proto__ ": s3cret', 1],
    ['a flow map', '{ A: s3cret }', 1],
    ['a scalar', 's3cret', 1],
    ['a list alone', '- s3cret', 1],
    ['two documents', 'A: s3cret\n---\nB: x', 2],
    ['a directive', '%TAG ! s3cret\n---\nA: x', 1],
    ['an end before the end', 'A: x\n...\ns3cret: y', null],
    ['an end and a comment', 'A: x\n...\n# s3cret', null],
    ['a merge', '<<: { s3cret: x }', 1],
  ];
  for (const [name, text] of cases) {
    it(`${name}, and does not quote it`, () => {
      const parsed = parseSecretsInput(text);
      assert.equal(parsed.ok, false, JSON.stringify(parsed));
      assert.ok(!JSON.stringify(parsed).includes('s3cret'));
    });
  }
  for (const [name, text, line] of cases) {
    if (line === null) continue;
    it(`${name}: says the line`, () => {
      const parsed = parseSecretsInput(text);
      assert.equal(!parsed.ok && parsed.line, line, JSON.stringify(parsed));
    });
  }
});

test('parseSecretsInput() sets no prototype', () => {
  const parsed = parseSecretsInput('__proto__: x');
  assert.ok(parsed.ok && Object.getPrototypeOf(parsed.secrets) === Object.prototype && Object.hasOwn(parsed.secrets, '__proto__'));
});

test('parseSecretsInput() refuses more than its maximum', () => {
  assert.equal(parseSecretsInput(`A: ${'x'.repeat(SECRETS_BYTES_MAX)}`).ok, false);
});

test('parseSecretsInput() gives back any value that went through toJSON', () => {
  const value = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(value, (text) => {
      const parsed = parseSecretsInput(`A: ${JSON.stringify(text)}`);
      assert.deepEqual(parsed, { ok: true, secrets: { A: text } });
    }),
  );
});

test('parseSecretsInput() gives a pasted value as it is, or none', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    '#',
    ':',
    '"',
    "'",
    '*',
    '&',
    '!',
    '|',
    '>',
    '-',
    '{',
    '}',
    '[',
    ']',
    ',',
    '%',
    '@',
    '`',
    '\\',
    '\n',
    '\t',
    '~',
    '<<',
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
      const value = pieces.join('');
      const parsed = parseSecretsInput(`A: ${value}\nB: b`);
      if (!parsed.ok || value.trim() !== value || /^["'|>]/.test(value)) return;
      assert.deepEqual(parsed.secrets, { A: value, B: 'b' });
    }),
    { numRuns: 2000 },
  );
});
