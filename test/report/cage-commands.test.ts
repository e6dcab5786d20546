import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CageCommands } from '#report/cage-commands.ts';

test('CageCommands shows what comes out of a cage with the only command that is in it, and else with the cage', () => {
  const cages = new CageCommands();
  const at = (event: 'made' | 'entered', command: string) => cages.cage({ cage: 'cage-1', event, command });
  assert.deepEqual([cages.shown('1'), cages.shown('cage-1')], ['1', 'cage-1']);
  at('made', '1');
  assert.equal(cages.shown('cage-1'), '1');
  at('entered', '2');
  assert.equal(cages.shown('cage-1'), 'cage-1');
  cages.ended('1');
  assert.equal(cages.shown('cage-1'), '2');
  cages.ended('2');
  assert.equal(cages.shown('cage-1'), 'cage-1');
  at('entered', '3');
  cages.cage({ cage: 'cage-1', event: 'ended', command: null });
  assert.equal(cages.shown('cage-1'), 'cage-1');
});
