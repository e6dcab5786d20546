import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bind, execute, parse, query, Stage, SYNC } from '#test/fixtures/conversation.ts';
import * as wire from '#test/simulate/wire.ts';

describe('clientFrame()', () => {
  it('asks about a simple query and sends it once it is cleared', () => {
    const stage = new Stage().client(query('BEGIN'));
    assert.equal(stage.upstream(), '');
    assert.equal(stage.clear().upstream(), 'Q');
  });

  it('looks names up before it asks, and holds the client meanwhile', () => {
    const stage = new Stage().client(query('SELECT things'), query('BEGIN'));
    assert.equal(stage.upstream(), 'PBECCS');
    assert.deepEqual([stage.asked.length, stage.held], [0, true]);
    stage.answerLookUp();
    assert.deepEqual([stage.asked.length, stage.held, stage.shown()], [2, false, '']);
    assert.equal(stage.clear().clear().upstream(), 'QQ');
  });

  it('sends Parse and Bind of what the policy allows together with the Execute that was cleared', () => {
    const stage = new Stage().client(parse('', 'BEGIN'), bind('', ''), execute(''), SYNC);
    assert.deepEqual([stage.asked.length, stage.upstream()], [1, '']);
    assert.equal(stage.clear().upstream(), 'PBES');
  });

  it('refuses at Parse what the policy refuses, and looks at nothing up to Sync', () => {
    const stage = new Stage().client(parse('', 'DROP things')).answerLookUp();
    stage.upstream();
    stage.client(bind('', ''), execute(''), parse('', 'garbage'), SYNC);
    assert.equal(stage.asked.length, 1);
    assert.equal(stage.refuse().upstream(), 'PS');
  });

  it('refuses names that were never made', () => {
    for (const frames of [bind('', 'nowhere'), execute('nowhere')]) {
      const stage = new Stage().client(frames, SYNC);
      assert.equal(stage.asked[0]?.kind, 'unjudgeable');
      assert.equal(stage.refuse().upstream(), 'PS');
    }
  });

  it('W-sql-4 refuses the function call, whose effect no text shows', () => {
    const stage = new Stage().client(wire.message('F', Buffer.alloc(10)));
    assert.equal(stage.asked[0]?.kind, 'unjudgeable');
    assert.equal(stage.refuse().upstream(), 'Q');
  });

  it('W-sql-4 refuses a message over the limit in its place', () => {
    const stage = new Stage().client(query('BEGIN')).oversized('Q', 1e9).client(query('COMMIT'));
    assert.deepEqual(
      stage.asked.map((request) => request.kind),
      ['operation', 'over-limit', 'operation'],
    );
    assert.equal(stage.clear().refuse().clear().upstream(), 'QQQ');
  });

  it('drops COPY data that no COPY has asked for', () => {
    const stage = new Stage().client(wire.message('d', Buffer.from('1\n')), wire.message('c'));
    assert.equal(stage.upstream(), '');
  });

  it('ends the connection at a message that no client may send', () => {
    for (const type of ['p', 'T', '\0', 'z']) {
      const stage = new Stage().client(wire.message(type));
      assert.equal(stage.shown(), 'E');
      assert.notEqual(stage.closed, undefined);
    }
  });

  it('waits for answers before it trusts a name that was changed behind an earlier Sync', () => {
    const stage = new Stage().client(parse('s', 'BEGIN'), SYNC);
    stage.upstream();
    stage.client(bind('', 's'), execute(''), SYNC);
    assert.deepEqual([stage.held, stage.asked.length], [true, 0]);
    stage.server(wire.message('1'), wire.ready('I'));
    assert.deepEqual([stage.held, stage.asked.length], [false, 1]);
  });
});
