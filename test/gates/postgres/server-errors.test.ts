import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bind, execute, parse, query, Stage, SYNC } from '#test/fixtures/conversation.ts';
import { NO_MASKS } from '#test/simulate/vocabulary.ts';
import * as wire from '#test/simulate/wire.ts';

const MASKED = { masks: { ...NO_MASKS, masksColumns: true } };
const UNIQUE = wire.message(
  'E',
  Buffer.from('SERROR\0VERROR\0C23505\0Mduplicate key\0DKey (email)=(first@example.com) already exists\0\0'),
);
const CAST = wire.message('E', Buffer.from('SERROR\0VERROR\0C22P02\0Minvalid input syntax for type integer: "4111"\0\0'));

describe('failed()', () => {
  it('passes an error of the server as it is where nothing is masked', () => {
    const stage = new Stage().client(query('BEGIN')).clear().server(UNIQUE, wire.ready('I'));
    assert.deepEqual(stage.clientBytes(), Buffer.concat([UNIQUE, wire.ready('I')]));
    assert.deepEqual([stage.outcomes[0]?.status, stage.outcomes[0]?.code], ['error', '23505']);
  });

  it('W-sql-8 keeps values in errors and notices back while columns are masked, and the SQLSTATE as it was', () => {
    for (const [frame, secret] of [
      [UNIQUE, 'first@example.com'],
      [CAST, '4111'],
    ] as const) {
      const stage = new Stage(MASKED).client(query('BEGIN')).clear().server(frame, wire.ready('I'));
      assert.ok(!stage.clientBytes().includes(secret));
      assert.ok(stage.clientBytes().includes(frame === UNIQUE ? '23505' : '22P02'));
    }
    const notice = wire.message('N', Buffer.from('SNOTICE\0VNOTICE\0C00000\0Mquiet\0DDetail 4111\0\0'));
    const stage = new Stage(MASKED).server(notice);
    assert.equal(stage.shown(), 'N');
    assert.ok(!stage.clientBytes().includes('4111'));
  });

  it('puts the refusal into the words of the error that its stand-in caused', () => {
    const stage = new Stage().client(query('garbage')).refuse().server(wire.error('42601'), wire.ready('T'));
    assert.ok(stage.clientBytes().includes('the test says so'));
    assert.ok(!stage.clientBytes().includes('42601'));
    assert.equal(stage.shown(), 'EZ');
  });

  it('gives what the server skips after an error the outcome "skipped"', () => {
    const stage = new Stage().client(parse('', 'BEGIN'), bind('', ''), execute(''), execute(''), SYNC).clear().clear();
    stage.server(wire.message('1'), wire.message('2'), wire.error('25001'), wire.ready('I'));
    assert.deepEqual(
      stage.outcomes.map(({ status }) => status),
      ['error', 'skipped'],
    );
    assert.equal(stage.shown(), '12EZ');
  });

  it('passes the words of a server that is going away', () => {
    const stage = new Stage().server(wire.message('E', Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating\0\0')));
    assert.equal(stage.shown(), 'E');
  });
});
