import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeProblem, listProblems, PROBLEMS_MAX, pathText, printable, suggestion } from '#core/policy/problems.ts';

test('suggestion() finds the word that was meant, and none where none is near', () => {
  const known = ['allow', 'deny', 'tls', 'repository'];
  assert.equal(suggestion('alow', known), ' (did you mean "allow"?)');
  assert.equal(suggestion('tsl', known), ' (did you mean "tls"?)');
  assert.equal(suggestion('repo', known), ' (did you mean "repository"?)');
  assert.equal(suggestion('xyz', known), '');
  assert.equal(suggestion('a'.repeat(1_000_000), known), '');
});

test('pathText() writes keys and indices as people do', () => {
  assert.equal(pathText(['duties', 'log-reader', 'allow', 0, 'on']), 'duties.log-reader.allow[0].on');
  assert.equal(pathText([]), '');
});

test('printable() cuts, and escapes what a terminal would obey', () => {
  assert.equal(printable('a\u001b[2Jb'), 'a\\u{1b}[2Jb');
  assert.equal(printable('x'.repeat(200)).length, 81);
});

test('listProblems() sorts, drops repetitions, and counts what is beyond its maximum', () => {
  const at = (line: number, message = 'm') => ({ line, column: 1, path: '', message });
  assert.deepEqual(
    listProblems([at(2), at(1), at(2)]).map(({ line }) => line),
    [1, 2],
  );
  const many = listProblems(Array.from({ length: PROBLEMS_MAX + 5 }, (_, index) => at(index + 1)));
  assert.equal(many.length, PROBLEMS_MAX + 1);
  assert.equal(many.at(-1)?.message, 'and 5 more problems');
});

test('describeProblem() gives place, path and message', () => {
  assert.equal(describeProblem({ line: 3, column: 7, path: 'version', message: 'is missing' }), '3:7 version: is missing');
  assert.equal(describeProblem({ line: 1, column: 1, path: '', message: 'the policy is empty' }), '1:1 the policy is empty');
});
