import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { makePipes, readLines } from './pipes.ts';

function linesOf(...chunks: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const reader = readLines((line) => void lines.push(line));
  for (const chunk of chunks) reader.take(chunk);
  reader.end();
  return lines;
}

describe('readLines()', () => {
  const CASES: readonly (readonly [readonly string[], readonly string[]])[] = [
    [['a\nb\r\nc\rd'], ['a', 'b', 'c', 'd']],
    [
      ['a\r', '\nb'],
      ['a', 'b'],
    ],
    [
      ['a\r', 'b\r'],
      ['a', 'b'],
    ],
    [['\n\n'], ['', '']],
    [['a\u2028::error::no\u2029\u0085\u000bb'], ['a\u2028::error::no\u2029\u0085\u000bb']],
    [[''], []],
  ];
  for (const [chunks, expected] of CASES) {
    it(`readLines() reads ${JSON.stringify(chunks)}`, () =>
      assert.deepEqual(linesOf(...chunks.map((each) => Buffer.from(each))), expected));
  }

  it('readLines() reads the same however the bytes arrive', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\r', '\n') });
    fc.assert(
      fc.property(text, (all) => {
        const bytes = [...Buffer.from(all)].map((byte) => Uint8Array.of(byte));
        assert.deepEqual(linesOf(...bytes), linesOf(Buffer.from(all)));
      }),
    );
  });

  it('readLines() divides what never ends', () => {
    assert.deepEqual(
      linesOf(Buffer.alloc(33 * 1024 * 1024, 'x')).map(({ length }) => length),
      [16, 16, 1].map((megabytes) => megabytes * 1024 * 1024),
    );
  });
});

describe('makePipes()', () => {
  it('makePipes() gives a process three pipes, the first of them at its end', async () => {
    const { stdio, stdout, stderr, closeTheirs } = makePipes();
    const script = 'for n in 0 1 2; do test -p /dev/fd/$n && echo "pipe $n"; done; cat; echo opened > /dev/stderr';
    const child = spawn('bash', ['-c', script], { stdio: [...stdio] });
    closeTheirs();
    const [out, error] = await Promise.all([buffer(stdout), buffer(stderr), new Promise((resolve) => child.once('exit', resolve))]);
    assert.equal(out.toString(), 'pipe 0\npipe 1\npipe 2\n');
    assert.equal(error.toString(), 'opened\n');
  });
});
