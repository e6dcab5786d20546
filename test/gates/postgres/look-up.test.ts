import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bind, execute, parse, query, Stage, SYNC } from '#test/fixtures/conversation.ts';
import * as wire from '#test/simulate/wire.ts';

describe('withJudgement()', () => {
  it('R31 asks at a Sync of its own between the client’s messages, and by Flush within them', () => {
    const between = new Stage().client(query('SELECT things'));
    assert.equal(between.upstream(), 'PBECCS');
    const within = new Stage().client(parse('a', 'BEGIN'), parse('b', 'SELECT things'), SYNC);
    assert.equal(within.upstream(), 'PPBECCH');
  });

  it('asks once for a name, and again after what could change its meaning', () => {
    const stage = new Stage().client(query('SELECT things')).answerLookUp().clear();
    stage.upstream();
    stage.client(query('SELECT things')).clear();
    assert.equal(stage.upstream(), 'Q');
    stage.client(query('SELECT things names')).clear();
    stage.upstream();
    stage.client(query('SELECT things'));
    assert.equal(stage.upstream(), 'PBECCS');
  });

  it('R32 waits until code that nobody read has run', () => {
    const stage = new Stage().client(query('INSERT things state')).answerLookUp().clear();
    stage.client(query('BEGIN'));
    assert.deepEqual([stage.held, stage.asked.length], [true, 1]);
    stage.server(wire.complete('INSERT 0 1'), wire.ready('I'));
    assert.deepEqual([stage.held, stage.asked.length], [false, 2]);
  });

  it('P2 refuses when the server does not say what names mean', () => {
    const stage = new Stage().client(query('SELECT things')).server(wire.error('25P02'), wire.ready('E'));
    assert.equal(stage.asked[0]?.kind, 'unjudgeable');
    assert.equal(stage.shown(), '');
    for (const answer of ['not json', '[]', '{"relations":[{"oid":"x"}]}']) {
      const lied = new Stage().client(query('SELECT things'));
      lied.server(
        wire.message('1'),
        wire.message('2'),
        wire.row(answer),
        wire.complete('SELECT 1'),
        wire.message('3'),
        wire.message('3'),
        wire.ready('I'),
      );
      assert.equal(lied.asked[0]?.kind, 'unjudgeable', answer);
    }
  });

  it('gives a simple query its ReadyForQuery when the look-up stops the pipeline before it', () => {
    const stage = new Stage().client(parse('a', 'BEGIN'), query('SELECT things'));
    assert.equal(stage.upstream(), 'PPBECCH');
    stage.server(wire.message('1'), wire.error('25P02'));
    assert.equal(stage.shown(), '1E');
    assert.equal(stage.upstream(), 'S');
    stage.server(wire.ready('E'));
    assert.equal(stage.shown(), 'Z');
  });

  it('R34 judges a prepared statement again when names may have changed since', () => {
    const stage = new Stage().client(parse('a', 'SELECT things'), SYNC).answerLookUp();
    stage.server(wire.message('1'), wire.ready('I'));
    stage.client(query('BEGIN names')).clear();
    stage.server(wire.complete('BEGIN'), wire.ready('T'));
    stage.upstream();
    stage.client(bind('', 'a'), execute(''), SYNC);
    assert.equal(stage.upstream(), 'PBECCS');
  });
});
