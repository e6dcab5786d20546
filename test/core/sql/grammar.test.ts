import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Grammar, GrammarError, loadGrammar, SERVER_MAJORS } from '#core/sql/grammar.ts';

for (const major of SERVER_MAJORS) {
  test(`loadGrammar() gives the grammar of PostgreSQL ${major}`, async () => {
    const grammar = await loadGrammar(major);
    assert.equal(grammar.major, major);
    assert.equal(grammar.parse('select 1; select 2').stmts.length, 2);
    assert.deepEqual(grammar.parse('').stmts, []);
    assert.deepEqual(grammar.parse(' -- nothing').stmts, []);
    assert.equal(codeOf(grammar, '\u00a0'), 'syntax', 'a no-break space is a name to PostgreSQL');
  });

  test(`R28a parse() of ${major} refuses what the parser would misread`, async () => {
    const grammar = await loadGrammar(major);
    for (const sql of ['select 1\0; drop table t', "select '\ud800'", 'selec', 'select ('])
      assert.equal(codeOf(grammar, sql), 'syntax', sql);
  });

  test(`R28a parse() of ${major} survives expressions too deep for it`, async () => {
    const grammar = await loadGrammar(major);
    for (const sql of DEEP) {
      const code = codeOf(grammar, sql);
      assert.ok(code === 'broken' || code === 'syntax', `${code}: ${sql.slice(0, 20)}`);
      await parsesAgain(grammar);
    }
  });
}

const DEEP = [
  `select ${'('.repeat(200_000)}`,
  `select ${'1+'.repeat(100_000)}1`,
  `select 1${' union select 1'.repeat(60_000)}`,
  `select ${'(select '.repeat(3_000)}1${')'.repeat(3_000)}`,
];

test('R33 the same text is another thing to another major', async () => {
  const [old, recent] = [await loadGrammar(15), await loadGrammar(17)];
  assert.match(JSON.stringify(old.parse("select json_scalar('x')")), /FuncCall/);
  assert.match(JSON.stringify(recent.parse("select json_scalar('x')")), /JsonScalarExpr/);
  assert.equal(codeOf(old, 'merge into t using u on true when not matched by source then delete'), 'syntax');
});

test('loadGrammar() loads each major once', async () => {
  assert.equal(await loadGrammar(16), await loadGrammar(16));
});

test('R33 loadGrammar() refuses a server whose grammar it does not have', async () => {
  for (const major of [9, 14, 19, 15.5, Number.NaN]) {
    await assert.rejects(loadGrammar(major), (error) => error instanceof GrammarError && error.code === 'unsupported-server');
  }
});

test('parse() says where, and nothing of the text', async () => {
  const grammar = await loadGrammar(18);
  assert.throws(() => grammar.parse("select 1 '4111'"), { message: 'syntax error at character 10' });
});

function codeOf(grammar: Grammar, sql: string): string {
  try {
    grammar.parse(sql);
    return 'parsed';
  } catch (error) {
    return error instanceof GrammarError ? error.code : String(error);
  }
}

/** The spare is started beside; until it is there, everything is refused. */
async function parsesAgain(grammar: Grammar): Promise<void> {
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    if (codeOf(grammar, 'select 1') === 'parsed') return;
    await setImmediate();
  }
  assert.fail('the parser did not come back');
}

const TURNS_MAX = 1_000_000;
