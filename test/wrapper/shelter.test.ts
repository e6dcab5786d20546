import assert from 'node:assert/strict';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { openTerminal } from '#wrapper/pty.ts';
import type { StandingCage } from '#wrapper/raise-cage.ts';
import { ownShelter, sharedShelter } from '#wrapper/shelter.ts';

const PLACE = { init: 8, entrance: 'sudo', network: '99' } as const;

test('ownShelter() ends the whole cage, in whatever way the command ends', async () => {
  const told: string[] = [];
  const ended = Promise.resolve();
  const cage = { ended, kill: () => void told.push('kill'), release: () => void told.push('release') };
  const shelter = ownShelter({ cage, place: PLACE, start: '/s' } as unknown as StandingCage);
  const command = { kill: () => assert.fail(), ended: new Promise<never>(() => undefined) };
  shelter.kill(command);
  await shelter.leave({ masterFd: 0, close: () => assert.fail() }, false);
  await shelter.lose(command);
  assert.deepEqual(told, ['kill', 'release', 'kill', 'kill']);
});

test('sharedShelter() ends the command, and no more', async () => {
  const told: string[] = [];
  const shelter = sharedShelter(PLACE, '/s');
  const command = { kill: () => void told.push('kill'), ended: Promise.resolve({ kind: 'killed' } as const) };
  shelter.kill(command);
  await shelter.lose(command);
  await shelter.leave({ masterFd: 0, close: () => assert.fail() }, true);
  assert.deepEqual(told, ['kill', 'kill']);
});

test('sharedShelter() leaves whoever still prints a terminal that takes it', async () => {
  const terminal = openTerminal(80, 24);
  terminal.output.on('error', () => undefined);
  const left = openSync(terminal.path, constants.O_WRONLY | constants.O_NOCTTY);
  await sharedShelter(PLACE, '/s').leave(terminal, false);
  // More than a terminal holds that nobody reads.
  for (let n = 0; n < 64; n++) assert.equal(writeSync(left, 'x'.repeat(4096)), 4096);
  closeSync(left);
});
