import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PROBE, type ProbeJob, runProbe } from './probe-job.ts';

const USE = '- uses: acme/probe@v1\n';
/** Long enough for a process on a busy machine to hear a signal. */
const SCALE = 8;
const WAIT = 'while :; do read -t 0.02 <> <(:) || true; done';
const NODE = `shell: ${process.execPath} {0}\n  `;
/** Deaf to all but SIGKILL, and it leaves a child. */
const DEAF = `- name: deaf
  ${NODE}run: |
    require('node:child_process').spawn('sleep', ['300'], { stdio: 'ignore' });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => console.log('asked', signal));
    setInterval(() => {}, 1000);
    console.log('ready');
`;
/** Does as it is asked, in its own words. */
const POLITE = `- name: polite
  ${NODE}run: |
    process.on('SIGINT', () => {
      require('node:fs').appendFileSync(process.env.GITHUB_ENV, 'A=kept\\n');
      process.exit(0);
    });
    setInterval(() => {}, 1000);
    console.log('ready');
`;
const cancelAt =
  (text: string): NonNullable<ProbeJob['watch']> =>
  (line, job) => {
    if (line.text.includes(text)) job.cancel();
  };

describe('cancel()', () => {
  it('cancel() asks the step twice, then kills it alone; post runs; what is left is swept, and the tokens die', async (t) => {
    const { conclusion, step, swept, isEnded, log } = await runProbe(t, {
      steps: `${USE}${DEAF}- name: next\n  run: echo no\n`,
      ...{ watch: cancelAt('ready'), timeScale: SCALE },
    });
    assert.equal(conclusion, 'cancelled');
    assert.deepEqual(
      [step('deaf').outcome, step('deaf').exitCode, step('deaf').log],
      ['cancelled', 137, 'ready\nasked SIGINT\nasked SIGTERM'],
    );
    assert.equal(step('next').outcome, 'skipped');
    assert.equal(step('Post Run acme/probe@v1', 'post').outcome, 'success');
    assert.ok(swept.length > 0 && isEnded);
    assert.match(log, /Terminate orphan process: pid \(\d+\) \(sleep\)/);
  });

  it('cancel() makes a step cancelled that ends well when asked, and what it wrote counts', async (t) => {
    const { step, log } = await runProbe(t, {
      steps: `${POLITE}- if: cancelled()\n  run: echo "\${{ job.status }} $A"\n`,
      watch: cancelAt('ready'),
    });
    assert.deepEqual([step('polite').outcome, step('polite').exitCode], ['cancelled', 0]);
    assert.equal(log, 'ready\ncancelled kept');
  });

  for (const [name, steps, action] of [
    ['a step with if: always()', `- if: always()\n  run: |\n    echo ready; sleep 0.2; echo done\n`, PROBE],
    [
      'a post',
      USE,
      {
        ...PROBE,
        'post.js': `process.on('SIGINT', () => console.log('asked')); console.log('ready'); setTimeout(() => console.log('done'), 200);`,
      },
    ],
  ] as const) {
    it(`cancel() lets ${name} run to its end`, async (t) => {
      const { log, conclusion, steps: results } = await runProbe(t, { steps, action, watch: cancelAt('ready') });
      assert.match(log, /ready\ndone$/);
      assert.equal(results.at(-1)?.outcome, 'success');
      assert.equal(conclusion, 'cancelled');
    });
  }

  it('cancel() after a failure makes the job cancelled', async (t) => {
    const steps = `- run: exit 1\n- if: failure()\n  run: |\n    echo ready; ${WAIT}\n`;
    assert.equal((await runProbe(t, { steps, watch: cancelAt('ready') })).conclusion, 'cancelled');
  });

  it('cancel() gives a job up that does not come to its end', async (t) => {
    const { steps, conclusion, isEnded } = await runProbe(t, {
      ...{ steps: `${USE}${USE}- run: echo ready; ${WAIT}\n`, watch: cancelAt('ready'), cancelledMs: 1500 },
      action: { ...PROBE, 'post.js': 'setInterval(() => {}, 1000);' },
    });
    assert.deepEqual(
      steps.map(({ phase, outcome }) => `${phase} ${outcome}`),
      ['main success', 'main success', 'main cancelled', 'post cancelled', 'post cancelled'],
    );
    assert.deepEqual([conclusion, isEnded], ['cancelled', true]);
  });

  it('cancel() before anything runs skips all but what runs always; after the end it changes nothing', async (t) => {
    let cancelLater = (): void => undefined;
    const { log, conclusion } = await runProbe(t, {
      steps: '- run: echo one\n',
      watch: (_, { cancel }) => {
        cancelLater = cancel;
      },
    });
    cancelLater();
    assert.deepEqual([log, conclusion], ['one', 'success']);
  });
});

describe('timeout-minutes', () => {
  it('ends a step as cancel() does, as a failure of its own; the job goes on with what asks for it', async (t) => {
    const { conclusion, step } = await runProbe(t, {
      steps: `${USE}${DEAF}  timeout-minutes: \${{ 0.02 }}\n- name: after\n  if: failure()\n  run: echo yes\n`,
      timeScale: SCALE,
    });
    assert.equal(conclusion, 'failure');
    assert.equal(step('deaf').outcome, 'failure');
    assert.match(step('deaf').log, /asked SIGINT\nasked SIGTERM\n##\[error\]The action 'deaf' has timed out after 0\.02 minutes\.$/);
    assert.equal(step('after').outcome, 'success');
    assert.equal(step('Post Run acme/probe@v1', 'post').outcome, 'success');
  });
});

describe('what a step leaves running', () => {
  /** Lives on without its step, and says in the workspace that it still does. */
  const DAEMON = (redirected: string): string =>
    `(trap "" HUP; echo up; ${WAIT.replace(':', '[ ! -e stop ]')}; echo > stopped; read -t 300 <> <(:)) ${redirected} &`;

  it('lives until post steps are over, and is swept then', async (t) => {
    const { log, swept } = await runProbe(t, {
      steps: `${USE}- run: |\n    ${DAEMON('> /dev/null 2>&1')}\n`,
      action: {
        ...PROBE,
        'post.js': `import { existsSync, writeFileSync } from 'node:fs';
writeFileSync('stop', '');
const timer = setInterval(() => existsSync('stopped') && (console.log('alive'), clearInterval(timer)), 10);`,
      },
    });
    assert.match(log, /\nalive\nTerminate orphan process/);
    assert.ok(swept.length > 0);
    assert.ok(swept.every((pid) => !existsSync(`/proc/${pid}/exe`)));
  });

  it('holds the step up only for a while where it holds its outputs, and may go on writing into them', async (t) => {
    const { log, folder } = await runProbe(t, {
      steps: `- run: |\n    ${DAEMON('')}\n    read -t 1 <> <(:) || true\n- name: next\n  run: touch stop; until [ -e stopped ]; do read -t 0.02 <> <(:) || true; done\n`,
    });
    assert.match(log, /^up\nTerminate/);
    assert.ok(existsSync(join(folder, 'work/shop/shop/stopped')));
  });

  it('escapes the sweep where a step took the variable away: no proof against those who want to', async (t) => {
    const { swept, step } = await runProbe(t, {
      steps: `- run: echo "RUNNER_TRACKING_ID=0" >> "$GITHUB_ENV"\n- name: left\n  run: |\n    (trap "" HUP; ${WAIT}) > /dev/null 2>&1 &\n    echo $!\n`,
    });
    assert.deepEqual(swept, []);
    process.kill(Number(step('left').log), 'SIGKILL');
  });
});
