import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FactsBuilder } from '#core/sql/facts-builder.ts';
import type { TreeValue } from '#core/sql/tree.ts';
import { type Handler, TREE_DEPTH_MAX, type Walk, walkNodes } from '#core/sql/walk.ts';

/** Trees that no grammar of today makes: whatever is new in one of tomorrow must not pass in silence (P2). */
const CASES: readonly (readonly [about: string, tree: TreeValue, unknown: boolean])[] = [
  ['nothing', null, false],
  ['an empty node in a list', [{}], false],
  ['a known expression', { NullTest: { arg: { ParamRef: { number: 1 } }, nulltesttype: 'IS_NULL' } }, false],
  ['a type that nobody reviewed', { BrandNewExpr: { arg: {} } }, true],
  ['a statement without a handler', { BrandNewStmt: {} }, true],
  ['a known statement without a handler', { CheckPointStmt: {} }, true],
  ['a field that nobody reviewed', { NullTest: { brandNew: { ParamRef: {} } } }, true],
  ['a plain field that nobody reviewed', { NullTest: { brandNew: 1 } }, true],
  ['nodes in a plain field', { NullTest: { nulltesttype: { ParamRef: {} } } }, true],
  ['a field that nobody reviewed beside a handler', { Handled: { brandNew: 1 } }, true],
  ['text where a node belongs', { NullTest: { arg: 'x' } }, true],
  ['two types in one node', { A: {}, B: {} }, true],
];

for (const [about, tree, unknown] of CASES) {
  test(`walkNodes() ${unknown ? 'calls unknown' : 'walks'} ${about}`, () => {
    const walk = startWalk();
    walkNodes(walk, tree, new Set());
    assert.equal(walk.facts.unknown.size > 0, unknown);
    assert.equal(walk.depth, 0);
  });
}

test('walkNodes() stops at its depth', () => {
  for (const [depth, unknown] of [
    [TREE_DEPTH_MAX, false],
    [TREE_DEPTH_MAX + 1, true],
  ] as const) {
    let tree: TreeValue = { ParamRef: {} };
    for (let level = 1; level < depth; level += 1) tree = { NullTest: { arg: tree } };
    const walk = startWalk();
    walkNodes(walk, tree, new Set());
    assert.equal(walk.facts.unknown.size > 0, unknown, String(depth));
  }
});

function startWalk(): Walk {
  const handlers = new Map<string, Handler>([['Handled', () => undefined]]);
  const facts = new FactsBuilder();
  const columns = { elsewhere: new Set<string>(), everyColumnElsewhere: false };
  return {
    facts,
    handlers,
    nested: () => new FactsBuilder(),
    finish: (_, built) => built.build({ columns, literals: [] }),
    settingName: null,
    depth: 0,
  };
}
