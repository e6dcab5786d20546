import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import { entriesOf, verify } from '#test/gateway/harness.ts';
import { actionStep, step, unpackBundle, writeKeys } from './job.ts';
import { describeJobs, PSQL, REPORT } from './job-suite.ts';

describeJobs('uses: acme/duty-gate@v1, as shipped, under the simulated runner', ({ server, github, withJob }) => {
  it(
    'gates the steps, seals the evidence, uploads it and says what happened',
    withJob(
      () => ({ steps: REPORT }),
      async ({ result, job, folder }) => {
        const ended = await result;
        assert.equal(ended.conclusion, 'success', ended.log);
        const report = step(ended, 'report');
        assert.match(report.log, /First\|\*\*\*\.com/);
        assert.ok(!ended.log.includes('first@example.com'));
        assert.equal(report.outputs['told'], '1');
        assert.match(
          step(ended, 'tidy').log,
          /duty "log-reader" does not permit drop on public\.customers\n.*a log reader destroys nothing/s,
        );
        assert.equal((await server().query('SELECT count(*)::int AS n FROM customers'))[0]?.['n'], 1);

        const bundle = unpackBundle(job, folder);
        const keys = writeKeys(github(), folder);
        const anchored = await verify(bundle, '--keys', keys);
        assert.equal(anchored.code, 0, anchored.page);
        assert.equal((await verify(bundle)).code, 3);
        const [session] = entriesOf(bundle);
        assert.equal(session?.['issuer'], github().issuer);
        assert.ok(JSON.stringify(session?.['policySource']).includes('.github/duty-gate.yml'));

        const post = actionStep(ended, 'post');
        assert.match(post.summary, /one operation refused, evidence sealed/);
        assert.match(post.summary, /a log reader destroys nothing/);
        assert.match(post.summary, /DROP TABLE customers/);
        assert.ok(job.artifacts().some(({ name }) => name.endsWith('.html')));
        assert.deepEqual(ended.swept, []);
        assert.ok(!ended.log.includes(server().password));
      },
    ),
  );

  it(
    'stores artifacts that come back through the API with the digest they were stored with',
    withJob(
      () => ({ steps: REPORT }),
      async ({ result, job }) => {
        await result;
        assert.ok(job.artifacts().length >= 1);
        for (const artifact of job.artifacts()) {
          assert.equal(artifact.digest, `sha256:${createHash('sha256').update(artifact.content()).digest('hex')}`);
        }
      },
    ),
  );

  it(
    'takes its policy from another branch, and names the artifact, where it is told to',
    withJob(
      () => ({ steps: REPORT, inputs: { 'policy-ref': 'policies', 'artifact-name': 'evidence-of-the-shop' }, branch: 'policies' }),
      async ({ result, job, folder }) => {
        const ended = await result;
        assert.equal(ended.conclusion, 'success', ended.log);
        assert.ok(job.artifacts().some(({ name }) => name === 'evidence-of-the-shop'));
        const [session] = entriesOf(unpackBundle(job, folder));
        assert.match(JSON.stringify(session?.['policySource']), /refs\/heads\/policies/);
      },
    ),
  );

  it(
    'R18 is the same in later steps and in post, whatever a wrapped step plants',
    withJob(
      () => ({
        steps: `- name: plant
  run: |
    mkdir -p "$HOME/evil" "$GITHUB_WORKSPACE/evil"
    for place in "$HOME/evil" "$GITHUB_WORKSPACE/evil" "$RUNNER_TEMP" /usr/local/bin "$HOME/.local/bin"; do
      mkdir -p "$place" 2>/dev/null || true
      { printf '#!/bin/sh\\necho PWNED-LAUNCHER\\n' > "$place/duty-gate" && chmod +x "$place/duty-gate"; } 2>/dev/null || true
    done
    printf 'console.log("PWNED-NODE")' > "$GITHUB_WORKSPACE/evil/pwn.cjs"
    {
      echo "NODE_OPTIONS=--require $GITHUB_WORKSPACE/evil/pwn.cjs"
      echo "LD_PRELOAD=$GITHUB_WORKSPACE/evil/pwn.so"
      echo "BASH_ENV=$GITHUB_WORKSPACE/evil/env.sh"
      echo "DUTY_GATE_JOB=$GITHUB_WORKSPACE/evil"
      echo "PLAIN=everyday"
    } >> "$GITHUB_ENV"
    echo 'echo PWNED-BASH' > "$GITHUB_WORKSPACE/evil/env.sh"
    echo "$GITHUB_WORKSPACE/evil" >> "$GITHUB_PATH"
    for dist in $(find / -path /proc -prune -o -path '*duty-gate*/dist/action-post.js' -print 2>/dev/null); do
      { echo 'console.log("PWNED-POST");' > "$dist"; } 2>/dev/null || true
      mv "$(dirname "$(dirname "$dist")")" /tmp/moved 2>/dev/null || true
    done
    ln -sf /etc/passwd "$GITHUB_STEP_SUMMARY" 2>/dev/null || { rm -f "$GITHUB_STEP_SUMMARY"; ln -s /etc/passwd "$GITHUB_STEP_SUMMARY"; } || true
    rm -rf /tmp/duty-gate-* 2>/dev/null || true
- name: later
  run: |
    echo "plain is $PLAIN, bash env is \${BASH_ENV-unset}, options are \${NODE_OPTIONS-unset}, preload is \${LD_PRELOAD-unset}"
    ${PSQL} -A -t -c 'SELECT name FROM customers'
`,
      }),
      async ({ result, job, folder }) => {
        const ended = await result;
        assert.ok(!/PWNED/.test(ended.log.replace(/^.*(?:printf|echo) .*$/gm, '')), ended.log);
        const later = step(ended, 'later');
        assert.match(later.log, /plain is everyday, bash env is unset, options are unset, preload is unset/, ended.log);
        assert.match(later.log, /First/);
        assert.match(step(ended, 'plant').log, /not passed on from GITHUB_ENV: "NODE_OPTIONS"/);
        assert.ok(!ended.log.includes('root:x:0:0'));
        assert.ok(ended.steps.every(({ summary }) => !summary.includes('root:x:0:0')));
        assert.equal((await verify(unpackBundle(job, folder), '--keys', writeKeys(github(), folder))).code, 0);
      },
    ),
  );

  it(
    'R5, R6 leaves no token, key or secret where a wrapped step finds it',
    withJob(
      () => ({
        steps: `- name: hunt
  continue-on-error: true
  run: |
    env
    cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'
    find / -xdev \\( -name session.json -o -name control.sock -o -name audit.jsonl \\) 2>/dev/null
    grep -rals 'BEGIN PRIVATE\\|pkcs8' /tmp "$RUNNER_TEMP" /run 2>/dev/null
`,
      }),
      async ({ result, job }) => {
        const ended = await result;
        const { log } = step(ended, 'hunt');
        assert.match(log, /PGSSLROOTCERT/);
        for (const name of ['ACTIONS_ID_TOKEN_REQUEST', 'ACTIONS_RUNTIME_TOKEN', 'INPUT_', 'session.json', 'control.sock', 'audit.jsonl']) {
          assert.ok(!log.includes(name), `${name}\n${log}`);
        }
        const tokens = [job.token, job.runtimeEnvironment()['ACTIONS_RUNTIME_TOKEN'] ?? ''];
        for (const secret of [server().password, ...tokens]) assert.ok(!log.includes(secret));
      },
    ),
  );
});
