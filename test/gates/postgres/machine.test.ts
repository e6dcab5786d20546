import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startRun } from '#gates/postgres/expectations.ts';
import { Machine } from '#gates/postgres/machine.ts';
import { conversationSetup, guard, query } from '#test/fixtures/conversation.ts';
import { factsOf, NO_MASKS } from '#test/simulate/vocabulary.ts';

const FRAMES = ['a', 'b', 'c'].map((text) => Buffer.from(text));
const REQUEST = { kind: 'unjudgeable', target: 't', statement: 's', why: 'w', remedy: 'r' } as const;

function sent(machine: Machine): string {
  const effects = machine.takeEffects();
  return effects
    .map((effect) => (effect.kind === 'send-upstream' ? effect.frames.toString() : effect.kind === 'outcome' ? '!' : ''))
    .join('');
}

describe('Machine', () => {
  it('sends in the order of asking, whatever is cleared first (P1)', () => {
    const machine = new Machine(conversationSetup());
    for (const frames of FRAMES) machine.sendWhenCleared(REQUEST, 'simple', frames, [], startRun(false));
    machine.endStep();
    assert.equal(sent(machine), '');
    for (const ask of [2, 0]) {
      machine.cleared(ask, `decision-${ask}`, guard.inert);
      machine.endStep();
    }
    assert.equal(sent(machine), 'a');
    machine.cleared(1, 'decision-1', guard.inert);
    machine.endStep();
    assert.equal(sent(machine), 'bc');
  });

  it('puts a stand-in in the place of what is refused', () => {
    const machine = new Machine(conversationSetup());
    machine.sendWhenCleared(REQUEST, 'simple', query('DROP things'), []);
    machine.refused(0, { kind: 'unrecordable', decisionId: 'd', duty: 'keeper', why: 'the disk is full' });
    machine.endStep();
    machine.endStep();
    assert.match(sent(machine), /duty_gate refused this statement/);
  });

  it('sends nothing once closed, and records what is cleared too late as cut off', () => {
    const machine = new Machine(conversationSetup());
    machine.sendWhenCleared(REQUEST, 'simple', query('BEGIN'), [], startRun(false));
    machine.close(null);
    machine.cleared(0, 'decision-0', guard.inert);
    machine.endStep();
    assert.equal(sent(machine), '!');
  });

  it('takes the strongest barrier of a statement and of all that it runs by name', () => {
    const machine = new Machine(conversationSetup());
    const inner = factsOf('INSERT things state');
    const outer = factsOf('SELECT things');
    assert.ok(!('kind' in inner) && !('kind' in outer));
    machine.statements.rememberNamed('p', inner);
    assert.equal(machine.barrierOf(outer), 'none');
    assert.equal(machine.barrierOf({ ...outer, cursors: { prepares: [], declares: [], fetches: [], executes: ['p'] } }), 'state');
  });

  it('forgets names when another connection has changed what they mean', () => {
    const targetEpoch = { value: 0 };
    const machine = new Machine(conversationSetup({ targetEpoch }));
    const before = machine.names.epoch;
    machine.settleNames();
    assert.equal(machine.names.epoch, before);
    targetEpoch.value += 1;
    machine.settleNames();
    assert.equal(machine.names.epoch, before + 1);
  });

  it('R26 judges again what it has judged, once masks have come on top', () => {
    const masks = { ...NO_MASKS, generation: 0 };
    const machine = new Machine(conversationSetup({ masks }));
    const facts = factsOf('SELECT things');
    assert.ok(!('kind' in facts));
    const first = machine.judge([facts]);
    assert.equal(machine.judge([facts]), first);
    masks.generation = 1;
    assert.equal(machine.isCurrent(first), false);
    const again = machine.judge([facts]);
    assert.notEqual(again, first);
    assert.equal(machine.isCurrent(again), true);
  });
});
