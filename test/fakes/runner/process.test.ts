import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type StepProcess, startProcess } from './process.ts';

/** Long enough for a process on a busy machine to hear a signal. */
const SCALE = 8;

type Started = StepProcess & { lines: string[]; said(line: RegExp): Promise<void> };

function start(t: TestContext, script: string, timeScale = 1, program: readonly [string, string] = ['/bin/bash', '-c']): Started {
  const lines: string[] = [];
  const waiting: { line: RegExp; resolve: () => void }[] = [];
  const running = startProcess({
    ...{ file: program[0], args: [program[1], script], cwd: '/', env: { PATH: process.env['PATH'] ?? '' }, timeScale },
    onLine: (stream, line) => {
      lines.push(`${stream} ${line}`);
      for (const { line: awaited, resolve } of waiting) if (awaited.test(line)) resolve();
    },
  });
  t.after(() => {
    running.kill();
    running.release();
  });
  const said = (line: RegExp) => new Promise<void>((resolve) => void waiting.push({ line, resolve }));
  return { ...running, lines, said };
}

describe('startProcess()', () => {
  it('startProcess() reads both outputs to their end, and tells the exit code', async (t) => {
    const { ended, lines } = start(t, 'echo out; echo error >&2; printf last; exit 3');
    assert.equal(await ended, 3);
    assert.deepEqual([...lines].sort(), ['stderr error', 'stdout last', 'stdout out']);
  });

  it('startProcess() gives no input, and no terminal', async (t) => {
    const { ended, lines } = start(t, 'read -r line || echo "no input"; tty; test -t 1 || echo "no terminal"');
    await ended;
    assert.deepEqual(lines, ['stdout no input', 'stdout not a tty', 'stdout no terminal']);
  });

  it('startProcess() waits for what holds the outputs, but not for long, and such a process may go on writing', async (t) => {
    const { ended, lines, release } = start(t, '(trap "" HUP; sleep 0.4; echo late; echo lost; sleep 60; :) & echo $!', 20);
    assert.equal(await ended, 0);
    const pid = Number(lines[0]?.split(' ')[1]);
    t.after(() => process.kill(pid, 'SIGKILL'));
    assert.equal(lines.length, 1);
    process.kill(pid, 0);
    release();
  });

  it('startProcess() says what it could not start', async () => {
    const { ended, release } = startProcess({
      ...{ file: '/nowhere', args: [], cwd: '/', env: {}, timeScale: 1, onLine: () => undefined },
    });
    await assert.rejects(ended, /trying to start process '\/nowhere'/);
    release();
  });
});

describe('cancel()', () => {
  const CASES: readonly { name: string; on: Readonly<Record<string, string>>; asked: readonly string[]; code: number }[] = [
    { name: 'asks once', on: { SIGINT: 'process.exit(9)' }, asked: ['SIGINT'], code: 9 },
    { name: 'asks twice', on: { SIGINT: '', SIGTERM: 'process.exit(8)' }, asked: ['SIGINT', 'SIGTERM'], code: 8 },
    { name: 'then kills', on: { SIGINT: '', SIGTERM: '' }, asked: ['SIGINT', 'SIGTERM'], code: 137 },
    { name: 'ends at once what does not listen', on: {}, asked: [], code: 130 },
  ];
  for (const { name, on, asked, code } of CASES) {
    it(`cancel() ${name}`, async (t) => {
      const heard = Object.entries(on).map(([signal, then]) => `process.on('${signal}', () => { console.log('${signal}'); ${then} });`);
      const running = start(t, `${heard.join('')} setInterval(() => {}, 1000); console.log('ready');`, SCALE, [process.execPath, '-e']);
      await running.said(/ready/);
      await running.cancel();
      assert.equal(await running.ended, code);
      assert.deepEqual(
        running.lines.slice(1),
        asked.map((signal) => `stdout ${signal}`),
      );
    });
  }

  it('cancel() reaches the process itself alone', async (t) => {
    const child = `process.on('SIGINT', () => console.log('CHILD')); setInterval(() => {}, 1000); console.log('child', process.pid)`;
    const running = start(t, `"${process.execPath}" -e "${child}" & wait`, 20);
    await running.said(/child/);
    const pid = Number(running.lines[0]?.split(' ')[2]);
    t.after(() => process.kill(pid, 'SIGKILL'));
    await running.cancel();
    assert.equal(await running.ended, 130);
    process.kill(pid, 0);
    assert.equal(running.lines.length, 1);
  });
});
