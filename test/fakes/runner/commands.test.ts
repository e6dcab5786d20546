import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Command, parseCommand } from './commands.ts';

describe('parseCommand()', () => {
  const CASES: readonly (readonly [string, Command | null])[] = [
    ['::error::text', { name: 'error', properties: {}, data: 'text' }],
    [
      ' \t::ERROR file=a.ts,Line=3,title=a%3Ab%2Cc%25::x%0Ay',
      { name: 'error', properties: { file: 'a.ts', line: '3', title: 'a:b,c%' }, data: 'x\ny' },
    ],
    ['::set-output name=n::%250A', { name: 'set-output', properties: { name: 'n' }, data: '%0A' }],
    ['::error file=,line::x', { name: 'error', properties: {}, data: 'x' }],
    ['::error::a::b', { name: 'error', properties: {}, data: 'a::b' }],
    ['text ::error::no', null],
    ['\u001b[31m::error::no', null],
    ['::unknown::x', null],
    ['::error', null],
    ['a ##[error file=a;line=2]x%5D%3B', { name: 'error', properties: { file: 'a', line: '2' }, data: 'x];' }],
    ['##[unknown]x', null],
    ['##[error', null],
    ['::unknown::##[warning]both', { name: 'warning', properties: {}, data: 'both' }],
  ];
  for (const [line, expected] of CASES)
    it(`parseCommand() reads ${JSON.stringify(line)}`, () => assert.deepEqual(parseCommand(line, null), expected));

  it('parseCommand() knows the token that ends a stop', () => {
    assert.deepEqual(parseCommand('::Tok::', 'tok'), { name: 'tok', properties: {}, data: '' });
    assert.equal(parseCommand('::tok::', null), null);
  });
});
