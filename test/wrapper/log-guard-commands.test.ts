import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CANDIDATE_BYTES_MAX, judgeCommand } from '#wrapper/log-guard-commands.ts';

const judge = (text: string) => {
  const judged = judgeCommand(Buffer.from(text), 0);
  return judged.kind === 'withheld' ? judged.name : judged.kind;
};

describe('judgeCommand()', () => {
  for (const [text, expected] of [
    ['::add-mask::x', 'add-mask'],
    ['::add-mask ::x', 'add-mask'],
    ['::add-mask a=b::x', 'add-mask'],
    ['::ADD-mask::x', 'add-mask'],
    ['::add-ma\u017f\u212a::x', 'add-mask'],
    ['::\u017fet-env name=a::b', 'set-env'],
    ['::add-mask\u200d::x', 'add-mask'],
    ['::add-mask:\u200d:x', 'add-mask'],
    ['::add-mask\0::x', 'add-mask'],
    ['::add-mask\t::x', 'add-mask'],
    ['##[add-mask]x', 'add-mask'],
    ['##[Stop-Commands]x', 'stop-commands'],
    ['##[add-path x', 'add-path'],
    ['::add-matcher::a.json', 'add-matcher'],
    ['::remove-matcher owner=a::', 'remove-matcher'],
    ['::save-state name=a::b', 'save-state'],
    ['##[internal-set-repo-path a=b]', 'internal-set-repo-path'],
    ['::add-mask\n', 'passed'],
    ['##[add-mask\r', 'passed'],
    ['::add-masks::x', 'passed'],
    ['::add-mask-::x', 'passed'],
    [':: add-mask::x', 'passed'],
    ['##[ add-mask]x', 'passed'],
    [': :add-mask::x', 'passed'],
    [':x', 'passed'],
    ['#x', 'passed'],
    ['##x', 'passed'],
    ['##[##[add-mask]x', 'passed'],
    ['::error::x', 'passed'],
    ['::echo::on', 'passed'],
    ['::set-output name=a::b', 'passed'],
    ['##[group]x', 'passed'],
    ['::', 'undecided'],
    [':', 'undecided'],
    ['#', 'undecided'],
    ['##', 'undecided'],
    ['##[', 'undecided'],
    ['::add-mas', 'undecided'],
    ['::add-mask', 'undecided'],
    ['::e', 'passed'],
  ] as const) {
    test(`says ${expected} of ${JSON.stringify(text)}`, () => assert.equal(judge(text), expected));
  }

  test('is undecided within a letter that may fold to one of a name, and only then', () => {
    const cut = (text: string, bytes: number) => judgeCommand(Buffer.from(text).subarray(0, bytes), 0).kind;
    assert.equal(cut('::\u017fet-env::', 3), 'undecided');
    assert.equal(cut('::add-mas\u212a::', 10), 'undecided');
    assert.equal(cut('::add-mas\u212a::', 11), 'undecided');
    assert.equal(cut('::x\u017f', 4), 'passed');
  });

  test('never changes its mind, and is undecided about no more than CANDIDATE_BYTES_MAX', () => {
    const part = fc.constantFrom(
      'add-',
      'mask',
      'ma',
      's',
      'k',
      '\u017f',
      '\u212a',
      '\u00e9',
      'internal-set-repo-path',
      'INTERNAL',
      '-',
      ' ',
      ':',
      ']',
      '\n',
    );
    fc.assert(
      fc.property(fc.constantFrom('::', '##['), fc.array(part, { maxLength: 60 }), (opener, parts) => {
        const bytes = Buffer.from(`${opener}${parts.join('')}\n`);
        const final = judgeCommand(bytes, 0);
        for (let length = 1; length <= bytes.length; length += 1) {
          const judged = judgeCommand(bytes.subarray(0, length), 0);
          if (judged.kind === 'undecided') assert.ok(length <= CANDIDATE_BYTES_MAX);
          else assert.deepEqual(judged, final);
        }
      }),
    );
  });
});
