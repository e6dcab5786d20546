import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { query, Stage } from '#test/fixtures/conversation.ts';
import * as wire from '#test/simulate/wire.ts';

describe('createConversation()', () => {
  it('keeps what arrives while it cannot look, and takes it in order afterwards', () => {
    const stage = new Stage().client(query('SELECT things'), query('BEGIN')).client(query('COMMIT'), query('ROLLBACK'));
    assert.equal(stage.asked.length, 0);
    stage.answerLookUp();
    assert.deepEqual(
      stage.asked.map((request) => (request.kind === 'operation' ? request.operation.statement : '')),
      ['SELECT things', 'BEGIN', 'COMMIT', 'ROLLBACK'],
    );
  });

  it('looks at nothing more once the client has said goodbye', () => {
    const stage = new Stage().client(wire.message('X'), query('BEGIN'));
    assert.equal(stage.upstream(), 'X');
    assert.deepEqual([stage.asked.length, stage.closed], [0, null]);
    stage.client(query('BEGIN')).server(wire.ready('I'));
    assert.deepEqual([stage.asked.length, stage.shown()], [0, '']);
  });
});
