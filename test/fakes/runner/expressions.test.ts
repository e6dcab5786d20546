import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseExpression } from './expression-parser.ts';
import { expand, format, holds, type Status, settingOf } from './expressions.ts';

const CONTEXTS = {
  github: { repository: 'acme/shop', ref_name: 'main', token: 't' },
  env: new Map([['Name', 'value']]),
  steps: { probe: { outputs: { 'two-words': 'yes' } } },
  matrix: { list: ['a', 'b'], count: 3 },
};

/** As it stands in a workflow. */
const embedded = (source: string): string => `\${{ ${source} }}`;

describe('expand()', () => {
  const CASES: readonly (readonly [string, string])[] = [
    ['github.repository', 'acme/shop'],
    ["github['ref_name']", 'main'],
    ['GitHub.Repository', 'acme/shop'],
    ['env.Name', 'value'],
    ['env.NAME', ''],
    ['steps.probe.outputs.two-words', 'yes'],
    ['steps.nobody.outputs.x', ''],
    ["'}}'", '}}'],
    ["'it''s'", "it's"],
    ["'a||b' == 'A||B' && 'same' || 'other'", 'same'],
    ["'' && 'x' || 'y'", 'y'],
    ['matrix.count > 2', 'true'],
    ['matrix.count >= 4', 'false'],
    ["'1' == 1", 'true'],
    ['null == 0', 'true'],
    ["'x' == 0", 'false'],
    ['true == 1', 'true'],
    ['!(true || false)', 'false'],
    ['matrix.list[1]', 'b'],
    ["contains(github.repository, 'SHOP')", 'true'],
    ["contains(matrix.list, 'c')", 'false'],
    ["startsWith('abc', 'AB')", 'true'],
    ["endsWith('abc', 'x')", 'false'],
    ["format('{0}-{{{1}}}', 'a', 'b')", 'a-{b}'],
    ["join(matrix.list, '+')", 'a+b'],
    [`fromJSON('{"a":[1,2]}').a[1]`, '2'],
    ['toJSON(env)', '{\n  "Name": "value"\n}'],
    ['0x10', '16'],
    ['-1.5', '-1.5'],
  ];
  for (const [source, expected] of CASES) {
    it(`expand() makes ${source} ${JSON.stringify(expected)}`, () => assert.equal(expand(embedded(source), CONTEXTS), expected));
  }

  it('expand() keeps what stands around', () => {
    assert.equal(expand(`a ${embedded("'b'")} c ${embedded("'}}'")}{{ d }}`, CONTEXTS), 'a b c }}{{ d }}');
    assert.equal(expand(`${embedded("'never closed")}`, CONTEXTS), embedded("'never closed"));
  });

  for (const source of ['', 'nowhere.x', 'f()', 'a b', '(1', '1 ==', "hashFiles('x')", 'github.', 'github[', '#', '1x']) {
    it(`expand() refuses ${source}`, () => assert.throws(() => expand(embedded(source), CONTEXTS)));
  }
});

describe('holds()', () => {
  const CASES: readonly (readonly [string | undefined, string])[] = [
    [undefined, 'success'],
    ['true', 'success'],
    ['false', ''],
    ["github.ref_name == 'main'", 'success'],
    [embedded("github.ref_name == 'main'"), 'success'],
    [`${embedded('github.ref_name')} == 'other'`, 'success'],
    ['always()', 'success failure cancelled'],
    [embedded('always()'), 'success failure cancelled'],
    ['Failure()', 'failure'],
    ['!cancelled()', 'success failure'],
    ["failure() && github.ref_name == 'main'", 'failure'],
    ["contains(format('{0}', success()), 'true')", 'success'],
    ["'always()'", 'success'],
  ];
  for (const [condition, expected] of CASES) {
    it(`holds() lets ${condition ?? 'nothing'} run after: ${expected}`, () => {
      const statuses: readonly Status[] = ['success', 'failure', 'cancelled'];
      assert.equal(statuses.filter((status) => holds(condition, CONTEXTS, status)).join(' '), expected);
    });
  }
});

describe('settingOf()', () => {
  it('settingOf() keeps YAML values, and evaluates one whole expression', () => {
    assert.equal(settingOf(undefined, CONTEXTS), null);
    assert.equal(settingOf(true, CONTEXTS), true);
    assert.equal(settingOf(embedded('matrix.count'), CONTEXTS), 3);
  });
});

describe('format()', () => {
  for (const bad of ['{', '}', '{1}', '{x}', 'a {0} {']) {
    it(`format() refuses ${bad}`, () => assert.throws(() => format(bad, ['only'])));
  }
});

describe('parseExpression()', () => {
  it('parseExpression() stops at its limits', () => {
    assert.throws(() => parseExpression('!'.repeat(1000)), /depth/);
    assert.throws(() => parseExpression('('.repeat(1000)), /depth/);
    assert.throws(() => parseExpression(`'${'x'.repeat(30_000)}'`), /length/);
  });
});
