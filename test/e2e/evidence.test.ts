import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { entriesOf, verify } from '#test/gateway/harness.ts';
import { actionStep, ROOT, step, unpackBundle, writeKeys } from './job.ts';
import { describeJobs, PSQL, REPORT } from './job-suite.ts';

const DUTY_GATE = join(ROOT, 'dist/duty-gate.js');
const CHECKPOINT = /duty-gate: checkpoint dgc1\.\S+/g;
/** A value that only the terminal shows, and no statement holds. */
const SHOWN = 'First';
const QUERY = `- name: report
  run: |
    ${PSQL} -A -t -c 'SELECT name FROM customers'
`;

function filesOf(bundle: string): string {
  const names = readdirSync(bundle, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return names.map((each) => readFileSync(join(each.parentPath, each.name), 'latin1')).join('\n');
}

describeJobs('evidence that leaves the runner', ({ github, shop, withJob }) => {
  it(
    'R36 checkpoints in the log pin what the bundle must hold, whoever changes it later',
    withJob(
      () => ({ steps: REPORT }),
      async ({ result, job, folder }) => {
        const ended = await result;
        const [main, report, post] = [actionStep(ended, 'main'), step(ended, 'report'), actionStep(ended, 'post')];
        for (const each of [main, report, post]) assert.equal(each.log.match(CHECKPOINT)?.length, 1, each.log);
        const [bundle, keys, log] = [unpackBundle(job, folder), writeKeys(github(), folder), join(folder, 'log.txt')];
        writeFileSync(log, ended.log);
        const whole = await verify(bundle, '--keys', keys, '--log', log);
        assert.equal(whole.code, 0, whole.page);
        assert.match(whole.page, /shows 4 checkpoints of this session, and the chain is the one they sign/);

        const zip = join(folder, 'bundle.zip');
        const { stdout } = await promisify(execFile)(process.execPath, [DUTY_GATE, 'verify', zip, '--keys', keys, '--log', log]);
        assert.match(stdout, /^SEALED/);

        const audit = readFileSync(join(bundle, 'audit.jsonl'), 'utf8').split('\n');
        writeFileSync(join(bundle, 'audit.jsonl'), `${audit.slice(0, 3).join('\n')}\n`);
        await promisify(execFile)('rm', [join(bundle, 'manifest.sig')]);
        assert.equal((await verify(bundle, '--keys', keys)).code, 4);
        const cut = await verify(bundle, '--keys', keys, '--log', log);
        assert.equal(cut.code, 1);
        assert.match(cut.page, /the end was taken away/);
      },
    ),
  );

  it(
    'keeps nothing of terminals and answers on a public repository whose policy names neither, and says so',
    withJob(
      () => ({ steps: QUERY, visibility: 'public' }),
      async ({ result, job, folder }) => {
        const ended = await result;
        assert.equal(ended.conclusion, 'success', ended.log);
        assert.match(actionStep(ended, 'main').log, /terminals are not recorded/);
        assert.match(actionStep(ended, 'post').summary, /Terminals were not recorded\. Nothing is kept of what targets answered\./);
        const bundle = unpackBundle(job, folder);
        assert.deepEqual(
          readdirSync(bundle).filter((name) => name === 'recordings'),
          [],
        );
        assert.ok(!filesOf(bundle).includes(SHOWN));
        assert.ok(entriesOf(bundle).every((entry) => (entry['responseSha256'] ?? null) === null));
        assert.equal((await verify(bundle, '--keys', writeKeys(github(), folder))).code, 0);
      },
    ),
  );

  it(
    'keeps recordings and answers on a public repository encrypted, for the recipients alone',
    (() => {
      let identity = '';
      let recipient = '';
      const job = withJob(
        () => ({ steps: QUERY, visibility: 'public', policyEnd: `evidence: { encrypt-to: ${recipient}, responses: full }\n` }),
        async ({ result, job: fake, folder }) => {
          const ended = await result;
          assert.equal(ended.conclusion, 'success', ended.log);
          assert.match(actionStep(ended, 'post').summary, /encrypted to 1 recipients/);
          const [bundle, keys, identityFile] = [unpackBundle(fake, folder), writeKeys(github(), folder), join(folder, 'identity.txt')];
          writeFileSync(identityFile, identity);
          const recorded = ['1', 'cage-1'].map((link) => readdirSync(join(bundle, 'recordings', link)));
          assert.deepEqual(recorded, [['terminal.rec.age'], ['responses.rec.age']]);
          assert.ok(!filesOf(bundle).includes(SHOWN));
          for (const more of [[], ['--identity', identityFile]]) assert.equal((await verify(bundle, '--keys', keys, ...more)).code, 0);
          const replay = [DUTY_GATE, 'replay', bundle, '--instant'];
          const { stdout } = await promisify(execFile)(process.execPath, [...replay, '--identity', identityFile]);
          assert.match(stdout, new RegExp(SHOWN));
          await assert.rejects(promisify(execFile)(process.execPath, replay), /its recordings are encrypted/);
        },
      );
      return async () => {
        identity = await generateIdentity();
        recipient = await identityToRecipient(identity);
        await job();
      };
    })(),
  );

  it(
    'R5 has no token that anybody could use in evidence that leaves before it has expired, where the policy says so',
    withJob(
      () => ({ steps: QUERY, policyEnd: 'evidence: { token: after-expiry }\n' }),
      async ({ result, job, folder }) => {
        const ended = await result;
        assert.equal(ended.conclusion, 'success', ended.log);
        const bundle = unpackBundle(job, folder);
        assert.match(readFileSync(join(bundle, 'token.jwt'), 'utf8'), /^[\w-]+\.[\w-]+\.$/);
        const found = await verify(bundle, '--keys', writeKeys(github(), folder));
        assert.equal(found.code, 3, found.page);
      },
    ),
  );

  it(
    'R5 names nothing in the token but this gateway and these keys',
    withJob(
      () => ({ steps: QUERY }),
      async ({ result, job, folder }) => {
        await result;
        const bundle = unpackBundle(job, folder);
        const [session] = entriesOf(bundle);
        const claims = JSON.parse(Buffer.from(readFileSync(join(bundle, 'token.jwt'), 'utf8').split('.')[1] ?? '', 'base64url').toString());
        assert.match(claims.aud, new RegExp(`^duty-gate:session:v1:${session?.['gateway']}:[A-Za-z0-9_-]{43}$`));
        assert.equal(claims.iss, shop().issuer);
      },
    ),
  );

  it(
    'R36 lets no step speak for us in the log, nor command the runner',
    withJob(
      () => ({
        steps: `- name: liar
  run: |
    echo 'duty-gate: checkpoint dgc1.s.1.a.b.c'
    echo '::stop-commands::quiet'
    printf 'x\\r::add-mask::duty-gate\\n##[add-mask]evidence\\n'
    echo '::warning::still heard'
    echo 'said as it is'
- name: later
  run: echo '::notice::heard as well'
`,
      }),
      async ({ result }) => {
        const ended = await result;
        assert.equal(ended.conclusion, 'success', ended.log);
        const liar = step(ended, 'liar');
        assert.equal(liar.log.match(CHECKPOINT)?.length, 1, liar.log);
        assert.match(liar.log, /said as it is/);
        assert.deepEqual(
          liar.annotations.map(({ message }) => message),
          ['still heard'],
        );
        assert.equal(step(ended, 'later').annotations.length, 1);
        assert.match(liar.log, /not passed on to the log: add-mask, 2 times/);
        assert.doesNotMatch(liar.log, /add-mask::duty-gate|\*\*\*/);
        assert.match(actionStep(ended, 'post').log, /evidence: /);
      },
    ),
  );
});
