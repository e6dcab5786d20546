import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadModule, scanSync } from 'libpg-query-18';
import { findConstants, maskLiterals } from '#core/sql/lexer.ts';

const CASES: readonly (readonly [about: string, sql: string, constants: readonly string[]])[] = [
  ['strings and numbers', "select 'a', 1, 2.5, .5, 1e10, 1.5e-3", ["'a'", '1', '2.5', '.5', '1e10', '1.5e-3']],
  ['doubled quotes', "select 'it''s'", ["'it''s'"]],
  ['a backslash is nothing in a plain string', "select 'a\\', 'b'", ["'a\\'", "'b'"]],
  ['W-sql-2 escapes', "select E'a\\'b', e'\\\\', 'c'", ["E'a\\'b'", "e'\\\\'", "'c'"]],
  [
    'bits, bytes, national and Unicode strings',
    "select B'01', x'ff', N'n', U&'\\0061' uescape '!'",
    ["B'01'", "x'ff'", "'n'", "U&'\\0061'", "'!'"],
  ],
  ['W-sql-2 dollar quotes', 'select $$a$b$$, $t1$ $$ $t2$ $t1$, $1', ['$$a$b$$', '$t1$ $$ $t2$ $t1$']],
  ['W-sql-2 dollars in identifiers', "select a$b$c, d$1 from e$f$ where x = 'y'", ["'y'"]],
  ['digits in identifiers', 'select a1, b_2 from t3', []],
  ['quoted identifiers', 'select "1", "a""2", U&"3" from t', []],
  ['W-sql-1 a comment ends at CR', "select 1 -- 'x'\r, 2", ['1', '2']],
  ['a comment ends at LF', "select 1 -- 'x'\n, 2", ['1', '2']],
  ['W-sql-2 nested comments', "select 1 /* 'a' /* 2 */ 'b' */ , 3", ['1', '3']],
  ['strings over lines are one', "select 'a'\n  'b' -- c\n'd', E'e'\n'\\'f'", ["'a'\n  'b' -- c\n'd'", "E'e'\n'\\'f'"]],
  ['strings over lines with a comment between', "select 'a' -- c\n 'b'", ["'a' -- c\n 'b'"]],
  ['strings on one line are two', "select 'a' as b, interval '1' day", ["'a'", "'1'"]],
  ['a prefix needs to be a word of its own', "select date'x', type 'y'", ["'x'", "'y'"]],
  ['numbers of 16 and later', 'select 0x1F, 0o17, 0b11, 1_000, 1_0.5_0', ['0x1F', '0o17', '0b11', '1_000', '1_0.5_0']],
  ['ranges are no fractions', 'for 1..10', ['1', '10']],
  [
    'places that the tree does not tell',
    "create role r password 'p'; set a.b = 'c'; copy t from stdin (delimiter '|')",
    ["'p'", "'c'", "'|'"],
  ],
  ['beyond ASCII', "select 'é', à1, 'ü'", ["'é'", "'ü'"]],
  ['an end that never comes', "select 'a", ["'a"]],
];

for (const [about, sql, constants] of CASES) {
  test(`findConstants() finds ${about}`, () => {
    const bytes = Buffer.from(sql);
    const { literals } = findConstants(bytes);
    assert.deepEqual(
      literals.map(([start, end]) => bytes.subarray(start, end).toString()),
      constants,
    );
  });
}

/** Names that a server may read otherwise, when its own encoding is another than UTF8. */
const FOLDED: readonly (readonly [sql: string, depends: boolean])[] = [
  ['select * from t', false],
  ['select * from été', false],
  ['select * from ÉTÉ', true],
  ['select * from "ÉTÉ"', false],
  [`select * from "${'é'.repeat(32)}"`, true],
  [`select * from ${'a'.repeat(100)}`, false],
  ["select 'ÉTÉ' -- ÉTÉ", false],
];

for (const [sql, depends] of FOLDED) {
  test(`findConstants() says whether a name depends on the server's encoding: ${sql}`, () => {
    assert.equal(findConstants(Buffer.from(sql)).foldsByEncoding, depends);
  });
}

test('maskLiterals() leaves no constant', () => {
  const bytes = Buffer.from("select é from t where a = 'secret' and b = 42");
  assert.equal(maskLiterals(bytes, findConstants(bytes).literals, "'***'"), "select é from t where a = '***' and b = '***'");
  assert.equal(maskLiterals(bytes, [], 'x'), bytes.toString());
});

/** Pieces of which any sequence is interesting to a lexer. */
const PIECES = [
  "'",
  '"',
  '$',
  '$a$',
  '$1',
  'E',
  'e',
  'U&',
  'x',
  "''",
  '\\',
  '--',
  '/*',
  '*/',
  '\n',
  '\r',
  ' ',
  '1',
  '.',
  '_',
  'é',
  '.5',
  'abc',
  'N',
  ';',
  '+',
];

test('findConstants() ends, in order and in bounds, on anything', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }), (pieces) => {
      const bytes = Buffer.from(pieces.join(''));
      let last = 0;
      for (const [start, end] of findConstants(bytes).literals) {
        assert.ok(last <= start && start < end && end <= bytes.length);
        last = end;
      }
    }),
    { numRuns: 2_000 },
  );
});

/** Tokens of the server's own lexer, as libpg_query shows it: strings, bit strings and numbers. */
const CONSTANT_TOKENS = new Set([260, 261, 262, 263, 264, 266]);

test('findConstants() finds what the lexer of PostgreSQL finds', async () => {
  await loadModule();
  let compared = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 20 }), (pieces) => {
      const sql = pieces.join('');
      // libpg_query keeps comments as tokens, and so does not continue a string behind one, as the server does.
      const scanned = sql === '' || /'[^']*--[^\n\r]*[\n\r]\s*'/.test(sql) ? null : scan(sql);
      if (scanned === null) return;
      compared += 1;
      const bytes = Buffer.from(sql);
      assert.deepEqual(findConstants(bytes).literals, scanned, JSON.stringify(sql));
    }),
    { numRuns: 5_000 },
  );
  assert.ok(compared > 500);
});

/** Null where the lexer itself refuses the text: no facts are made from such. */
function scan(sql: string): readonly (readonly [number, number])[] | null {
  try {
    return scanSync(sql)
      .tokens.filter((token) => CONSTANT_TOKENS.has(token.tokenType))
      .map(({ start, end }) => [start, end] as const);
  } catch {
    return null;
  }
}
