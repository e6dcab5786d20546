import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { findConstants } from '#core/sql/lexer.ts';
import type { Judged } from '#gates/postgres/judge.ts';
import type { ConversationSetup } from '#gates/postgres/machine.ts';
import { showParameters, showStatement, showUnreadable } from '#gates/postgres/shown-text.ts';
import { factsOf } from './facts.ts';

/** Only what is looked at here; marks what went through the detectors. */
function setupWith(masksColumns: boolean): ConversationSetup {
  const setup: Pick<ConversationSetup, 'forPeople'> & { masks: { masksColumns: boolean } } = {
    forPeople: (text) => (/^[\0\xffx]+$/.test(text) ? text : `people(${text})`),
    masks: { masksColumns },
  };
  return setup as ConversationSetup; // a fake: shown-text.ts uses nothing else
}
const MASKING = setupWith(true);
const PLAIN = setupWith(false);
const judged = (hidesLiterals: boolean): Judged => ({
  epoch: 0,
  statements: 1,
  generation: 0,
  pairs: [],
  objection: null,
  resolved: [],
  showsMasked: false,
  hidesLiterals,
});

function shown(text: string, hidesLiterals: boolean): string {
  const bytes = Buffer.from(text);
  return showStatement(MASKING, bytes, factsOf({ literals: findConstants(bytes).literals }), judged(hidesLiterals));
}

test('showStatement() shows a statement as the detectors leave it', () => {
  assert.equal(shown("SELECT 'ö'", false), "people(SELECT 'ö')");
});

const HIDDEN: readonly (readonly [text: string, shown: string])[] = [
  ["INSERT INTO c (card) VALUES ('4111', 42)", "INSERT INTO c (card) VALUES ('***', '***')"],
  ["UPDATE c SET card = E'a\\'b' WHERE id = 1.5e3", "UPDATE c SET card = '***' WHERE id = '***'"],
  ['INSERT INTO c VALUES ($q$secret$q$, $1)', "INSERT INTO c VALUES ('***', $1)"],
  ["SELECT 'ä' || 'ö' FROM \"t 1\"", "SELECT '***' || '***' FROM \"t 1\""],
  ['SELECT a FROM c', 'SELECT a FROM c'],
];

for (const [text, expected] of HIDDEN) {
  test(`showStatement() hides every constant where one may be a masked value: ${text}`, () => assert.equal(shown(text, true), expected));
}

test('showStatement() shows nothing of any constant that may be a masked value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (secret) => {
      const quoted = `'${secret.replaceAll('\0', '').replaceAll("'", "''")}'`;
      assert.equal(shown(`INSERT INTO c VALUES (${quoted}, 'x')`, true), "INSERT INTO c VALUES ('***', '***')");
    }),
    { numRuns: 300, verbose: 1 },
  );
});

test('showUnreadable() shows nothing of a text nobody could read under column masks, and its length', () => {
  assert.match(showUnreadable(MASKING, Buffer.from("SELEC '4111'")), /^\(statement of 12 bytes, not shown/);
});

test('showUnreadable() shows the first 4,096 bytes elsewhere, through the detectors', () => {
  assert.equal(showUnreadable(PLAIN, Buffer.from('SELEC \xff', 'latin1')), 'people(SELEC \ufffd)');
  assert.equal(showUnreadable(PLAIN, Buffer.alloc(1 << 20, 'x')).length, 4_096);
});

const parameter = (value: Buffer | null, format = 0) => ({ format, value });

test('showParameters() shows text through the detectors, binary in hex, NULL as null', () => {
  const parameters = [
    parameter(Buffer.from('ö')),
    parameter(Buffer.from([0, 255]), 1),
    parameter(null),
    parameter(null, 1),
    parameter(Buffer.alloc(0)),
  ];
  assert.deepEqual(showParameters(PLAIN, parameters, judged(false)), ['people(ö)', '\\x00ff', null, null, 'people()']);
});

test('showParameters() hides a binary value in which the detectors find something: text is the same bytes in either format', () => {
  assert.deepEqual(showParameters(PLAIN, [parameter(Buffer.from('jo@example.com'), 1)], judged(false)), ["'***'"]);
});

test('showParameters() hides every value where one may be a masked value', () => {
  const parameters = [parameter(Buffer.from('4111')), parameter(Buffer.from([1]), 1), parameter(Buffer.alloc(10_000)), parameter(null)];
  assert.deepEqual(showParameters(MASKING, parameters, judged(true)), ["'***'", "'***'", "'***'", null]);
});

test('showParameters() shows a digest of a value above 4,096 bytes', () => {
  const large = Buffer.alloc(4_097, 'x');
  const digest = createHash('sha256').update(large).digest('hex');
  assert.deepEqual(showParameters(PLAIN, [parameter(large), parameter(large.subarray(1), 1)], judged(false)), [
    `sha256:${digest} (4097 bytes)`,
    `\\x${'78'.repeat(4_096)}`,
  ]);
});
