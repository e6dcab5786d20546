import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRun } from '#gates/postgres/expectations.ts';
import { ResponseRanges } from '#gates/postgres/response-ranges.ts';

const FRAMES = Buffer.from('0123456789');
const run = (decisionId: string) => Object.assign(startRun(false), { decisionId });
const [one, two] = [run('one'), run('two')];
const response = (decisionId: string, text: string) => ({ kind: 'response', decisionId, bytes: Buffer.from(text) });

test('ResponseRanges joins what follows one another, of one run and one piece of the stream', () => {
  const ranges = new ResponseRanges();
  assert.equal(ranges.add(one, FRAMES, 0, 3), null);
  assert.equal(ranges.add(one, FRAMES, 3, 5), null);
  assert.deepEqual(ranges.add(two, FRAMES, 5, 6), response('one', '01234'));
  assert.deepEqual(ranges.add(two, FRAMES, 7, 8), response('two', '5'));
  assert.deepEqual(ranges.add(two, Buffer.from(FRAMES), 8, 9), response('two', '7'));
  assert.deepEqual(ranges.take(), response('two', '8'));
  assert.equal(ranges.take(), null);
});
