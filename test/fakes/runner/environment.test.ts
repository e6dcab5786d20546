import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PROBE, runProbe } from './probe-job.ts';

const SHOW = { ...PROBE, 'main.js': 'for (const e of Object.entries(process.env)) console.log(e.join("="))' };

function namesOf(log: string): Record<string, string> {
  return Object.fromEntries(log.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

describe('a step finds in its environment', () => {
  it('what every step has: tokens to mint with, none of the inputs, of the state or of the runtime', async (t) => {
    const { step, folder } = await runProbe(t, { steps: '- uses: acme/probe@v1\n- name: show\n  run: env\n' });
    const env = namesOf(step('show').log);
    const expected = {
      ...{
        GITHUB_REPOSITORY: 'acme/shop',
        GITHUB_JOB: 'test',
        GITHUB_ACTION: '__run',
        GITHUB_REF_NAME: 'main',
        GITHUB_ACTION_REPOSITORY: '',
      },
      ...{ GITHUB_ACTIONS: 'true', CI: 'true', RUNNER_OS: 'Linux', ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/idtoken?v=1' },
      ...{
        HOME: folder,
        GITHUB_WORKSPACE: `${folder}/work/shop/shop`,
        PWD: `${folder}/work/shop/shop`,
        RUNNER_TEMP: `${folder}/work/_temp`,
      },
      ...{ RUNNER_WORKSPACE: `${folder}/work/shop`, RUNNER_TOOL_CACHE: `${folder}/work/_tool`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: '***' },
      GITHUB_EVENT_PATH: `${folder}/work/_temp/_github_workflow/event.json`,
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(env[name], value, name);
    assert.match(env['RUNNER_TRACKING_ID'] ?? '', /^github_[0-9a-f-]{36}$/);
    for (const name of ['ENV', 'PATH', 'OUTPUT', 'STATE', 'STEP_SUMMARY']) {
      assert.match(env[`GITHUB_${name}`] ?? '', new RegExp(`^${folder}/work/_temp/_runner_file_commands/[a-z_]+[0-9a-f-]{36}$`));
    }
    const kept = Object.keys(env).filter((name) => /^(?:INPUT_|STATE_|ACTIONS_R|GITHUB_TOKEN$)/.test(name));
    assert.deepEqual(kept, []);
  });

  it("what only actions have: inputs, the runtime's address and token", async (t) => {
    const { step } = await runProbe(t, {
      steps: `- uses: acme/probe@v1\n  with: { "two words": x, word: "\${{ github.job }}" }\n`,
      action: SHOW,
    });
    const env = namesOf(step('Run acme/probe@v1').log);
    const expected = {
      ...{ INPUT_WORD: 'test', INPUT_TWO_WORDS: 'x', 'INPUT_OLD-ONE': '', ACTIONS_RUNTIME_TOKEN: '***' },
      ...{ ACTIONS_RESULTS_URL: 'http://127.0.0.1:1/', GITHUB_ACTION: '__acme_probe', GITHUB_ACTION_REPOSITORY: 'acme/probe' },
      GITHUB_ACTION_REF: 'v1',
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(env[name], value, name);
  });

  it('what steps before it wrote to $GITHUB_ENV, whatever it is, but for what the runner sets itself', async (t) => {
    const lines = [
      ...['A=1', 'NODE_OPTIONS=--inspect', 'GITHUB_REPOSITORY=evil/evil', 'GITHUB_MADE_UP=2', 'RUNNER_TEMP=/evil', 'RUNNER_MADE_UP=3'],
      ...[
        'ACTIONS_ID_TOKEN_REQUEST_URL=http://evil',
        'ACTIONS_RUNTIME_TOKEN=evil',
        'LD_LIBRARY_PATH=/evil',
        'HOME=/evil',
        'CI=no',
        'GITHUB_ACTIONS=no',
      ],
    ];
    const { step } = await runProbe(t, {
      steps: `- name: set\n  run: |\n    cat >> "$GITHUB_ENV" <<'END'\n${lines.map((line) => `    ${line}\n`).join('')}    END\n- name: show\n  env: { A: mine }\n  run: env\n`,
    });
    const env = namesOf(step('show').log);
    const { GITHUB_MADE_UP, RUNNER_MADE_UP, ACTIONS_RUNTIME_TOKEN, LD_LIBRARY_PATH, HOME, CI, A } = env;
    assert.deepEqual(
      [GITHUB_MADE_UP, RUNNER_MADE_UP, ACTIONS_RUNTIME_TOKEN, LD_LIBRARY_PATH, HOME, CI, A],
      ['2', '3', 'evil', '/evil', '/evil', 'no', 'mine'],
    );
    assert.deepEqual([env['NODE_OPTIONS'], env['GITHUB_REPOSITORY'], env['GITHUB_ACTIONS']], [undefined, 'acme/shop', 'true']);
    assert.ok(env['RUNNER_TEMP']?.endsWith('/work/_temp') && env['ACTIONS_ID_TOKEN_REQUEST_URL']?.startsWith('http://127.0.0.1'));
    assert.match(step('set').log, /##\[error\]Can't store NODE_OPTIONS/);
    assert.equal(step('set').outcome, 'success');
  });

  it('the environment of workflow, job and step, each with the ones before it', async (t) => {
    const { log } = await runProbe(t, {
      workflow: `env: { A: w, B: w, C: w }
jobs:
  test:
    env: { B: "j\${{ env.A }}", C: j }
    steps:
      - { run: 'echo "$A $B $C"', env: { C: "s\${{ env.B }}" } }
      - run: echo "\${{ env.C }}"
`,
    });
    assert.equal(log, 'w jw sjw\nj');
  });

  it('the paths that steps before it added, the last one first, and not yet in the step that adds', async (t) => {
    const { log } = await runProbe(t, {
      steps: `- run: |\n    printf '/one\\n/two\\n/one\\n' >> "$GITHUB_PATH"\n    case "$PATH" in /one*) echo early;; esac\n- run: echo "\${PATH%%:/usr*}"\n`,
      environment: { PATH: '/usr/bin:/bin' },
    });
    assert.equal(log, '/one:/two');
  });

  it('an event file that is written anew, whatever a step made of it', async (t) => {
    const { log } = await runProbe(t, {
      steps: `- run: echo "{}" > "$GITHUB_EVENT_PATH"\n- run: echo "$(tr -d " \\n" < "$GITHUB_EVENT_PATH") \${{ github.event.number }}"\n`,
      event: { number: 5 },
    });
    assert.match(log, /^\{"repository":\{"id":7,"name":"shop".*"number":5\} 5$/);
  });

  it('no terminal, and an input that is over', async (t) => {
    const { log } = await runProbe(t, { steps: '- run: read -r line || echo "no input"; tty || true; test -p /dev/stdin && echo pipe\n' });
    assert.equal(log, 'no input\nnot a tty\npipe');
  });
});

describe('a step runs', () => {
  const FALSE = "run: 'false | true; echo went on'\n";
  const SHELLS: readonly (readonly [string, string])[] = [
    ['', 'success'],
    ['shell: bash\n  ', 'failure'],
    ['shell: sh\n  ', 'success'],
    ['shell: bash -o pipefail -e {0}\n  ', 'failure'],
  ];
  for (const [shell, outcome] of SHELLS) {
    it(`in its shell, and with its arguments: ${shell.trim() || 'none'}`, async (t) => {
      const { conclusion } = await runProbe(t, { steps: `- ${shell}${FALSE}` });
      assert.equal(conclusion, outcome);
    });
  }

  it('in a custom shell from $GITHUB_PATH, with a script that has no extension, as it stands in the workflow', async (t) => {
    const own = `'#!/bin/sh\\necho "with $1 $(basename "$2") [$(cat "$2")]"'`;
    const { log } = await runProbe(t, {
      jobText: `defaults: { run: { shell: "own word {0}" } }
steps:
- shell: bash
  run: |
    mkdir "$RUNNER_TEMP/bin"; printf ${own} > "$RUNNER_TEMP/bin/own"; chmod +x "$RUNNER_TEMP/bin/own"
    echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
- run: the script
- uses: acme/probe@v1
`,
    });
    assert.match(log, /^with word [0-9a-f-]{36} \[the script\]\nmain /);
  });

  it('a shell that an unwrapped step put first on $GITHUB_PATH: that is for others to prevent', async (t) => {
    const { log } = await runProbe(t, {
      steps: `- run: |\n    printf '#!/bin/sh\\necho impostor' > "$RUNNER_TEMP/bash"; chmod +x "$RUNNER_TEMP/bash"; echo "$RUNNER_TEMP" >> "$GITHUB_PATH"\n- run: echo no\n`,
    });
    assert.equal(log, 'impostor');
  });

  it('no shell that only a PATH of its environment knows', async (t) => {
    const { step } = await runProbe(t, {
      steps:
        '- run: |\n    cp "$(type -P true)" "$RUNNER_TEMP/own"; echo "PATH=$RUNNER_TEMP:$PATH" >> "$GITHUB_ENV"\n- name: own\n  shell: own {0}\n  run: x\n',
    });
    assert.deepEqual([step('own').outcome, step('own').exitCode, step('own').log], ['failure', null, '##[error]own: command not found']);
  });

  it('where working-directory says', async (t) => {
    const { log, step } = await runProbe(t, {
      jobText: `defaults: { run: { working-directory: a } }\nsteps:\n- run: pwd\n- working-directory: b\n  run: pwd\n- working-directory: /\n  run: pwd\n- name: none\n  working-directory: nowhere\n  run: pwd\n`,
      workspaceFiles: { 'a/x': '', 'b/x': '' },
    });
    assert.match(log, /\/shop\/shop\/a\n.*\/shop\/shop\/b\n\/\n##\[error\]An error occurred trying to start process/);
    assert.equal(step('none').outcome, 'failure');
  });
});
