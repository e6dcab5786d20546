import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bind, execute, parse, query, Stage, SYNC } from '#test/fixtures/conversation.ts';
import * as wire from '#test/simulate/wire.ts';

const ROWS = [wire.rowDescription(), wire.row('a'), wire.row('b'), wire.complete('SELECT 2'), wire.ready('I')];

describe('serverFrames()', () => {
  it('passes rows as they came, in one piece, and counts them', () => {
    const stage = new Stage()
      .client(query('BEGIN'))
      .clear()
      .server(...ROWS);
    assert.deepEqual(stage.clientBytes(), Buffer.concat(ROWS));
    assert.deepEqual(stage.outcomes, [{ status: 'ok', code: null, rows: 2, bytes: wire.row('a').length * 2, masked: 0 }]);
  });

  it('says whose response the rows are, in one piece, where responses are kept', () => {
    const stage = new Stage({ keepsResponses: true })
      .client(query('BEGIN'))
      .clear()
      .server(...ROWS);
    assert.deepEqual(stage.responses, [['decision-0', Buffer.concat([wire.row('a'), wire.row('b')])]]);
    const two = new Stage({ keepsResponses: true })
      .client(parse('', 'BEGIN'), bind('', ''), execute(''), execute(''), SYNC)
      .clear()
      .clear();
    two.server(wire.message('1'), wire.message('2'), wire.row('a'), wire.complete('SELECT 1'), wire.row('b'));
    two.server(wire.row('c'), wire.complete('SELECT 2'), wire.ready('I'));
    assert.deepEqual(two.responses, [
      ['decision-0', wire.row('a')],
      ['decision-1', wire.row('b')],
      ['decision-1', wire.row('c')],
    ]);
    assert.deepEqual(
      two.outcomes.map(({ bytes }) => bytes),
      [wire.row('a').length, wire.row('b').length * 2],
    );
  });

  it('takes the number of rows from the tag where none are sent', () => {
    const stage = new Stage().client(query('BEGIN')).clear().server(wire.complete('INSERT 0 7'), wire.ready('I'));
    assert.equal(stage.outcomes[0]?.rows, 7);
  });

  it('shows nothing of its own look-ups', () => {
    const stage = new Stage().client(query('SELECT things')).answerLookUp();
    assert.equal(stage.shown(), '');
    assert.equal(stage.asked.length, 1);
  });

  it('passes what the server says of its own accord, at any time', () => {
    const stage = new Stage().server(wire.message('A', Buffer.from('\0\0\0\x01c\0p\0')), wire.message('N', Buffer.from('SNOTICE\0Mx\0\0')));
    assert.equal(stage.shown(), 'AN');
  });

  it('ends the connection at a message that comes out of turn', () => {
    for (const frame of [
      wire.row('x'),
      wire.complete('SELECT 1'),
      wire.ready('I'),
      wire.message('1'),
      wire.message('s'),
      wire.message('W'),
      wire.message('V'),
    ]) {
      const stage = new Stage().server(frame);
      assert.equal(stage.shown(), 'E');
      assert.notEqual(stage.closed, undefined);
    }
  });

  it('records a portal that was fetched in part as suspended', () => {
    const stage = new Stage().client(parse('', 'BEGIN'), bind('', ''), execute(''), SYNC).clear();
    stage.server(wire.message('1'), wire.message('2'), wire.row('a'), wire.message('s'), wire.ready('T'));
    assert.equal(stage.outcomes[0]?.status, 'suspended');
  });

  it('lets COPY data pass once the server asks for it, and expects no answer to Syncs sent before', () => {
    const stage = new Stage().client(parse('', 'BEGIN'), bind('', ''), execute(''), SYNC).clear();
    stage.server(wire.message('1'), wire.message('2'), wire.message('G', Buffer.from([0, 0, 0])));
    stage.upstream();
    stage.client(wire.message('d', Buffer.from('1\n')), wire.message('c'), SYNC);
    assert.equal(stage.upstream(), 'dcS');
    stage.server(wire.complete('COPY 1'), wire.ready('I'));
    assert.equal(stage.shown(), '12GCZ');
    assert.equal(stage.closed, undefined);
  });

  it('records what was running when the server went away as cut off', () => {
    const stage = new Stage().client(query('BEGIN')).clear().server(wire.rowDescription(), wire.row('a'));
    stage.client(wire.message('X'));
    assert.deepEqual([stage.outcomes[0]?.status, stage.outcomes[0]?.rows], ['cut', 1]);
  });
});
