import assert from 'node:assert/strict';
import { it } from 'node:test';
import { entriesOf, verify } from '#test/gateway/harness.ts';
import { step, unpackBundle, writeKeys } from './job.ts';
import { describeJobs } from './job-suite.ts';

/** Asks as the runner's toolkit does, and prints the audience of what comes, or why nothing does. */
const ASK = `python3 - <<'END'
import base64, json, os, urllib.error, urllib.request
url, token = os.environ.get('ACTIONS_ID_TOKEN_REQUEST_URL'), os.environ.get('ACTIONS_ID_TOKEN_REQUEST_TOKEN')
def ask(query):
    request = urllib.request.Request(url + query, headers={'Authorization': f'bearer {token}'})
    try:
        payload = json.load(urllib.request.urlopen(request))['value'].split('.')[1]
        print(json.loads(base64.urlsafe_b64decode(payload + '=='))['aud'])
    except urllib.error.HTTPError as error:
        print(error.code, json.load(error)['error'])
if url is None: print('nowhere to ask')
else:
    for query in ('&audience=sts.amazonaws.com', '&audience=duty-gate:session:v1:x:y', '&audience=sts.amazonaws.com&audience=x', ''): ask(query)
END`;
const STEPS = `- name: ask\n  run: |\n${ASK.replace(/^/gm, '    ')}\n`;

describeJobs('identity tokens inside', ({ github, withJob }) => {
  it(
    'W-con-3 a command gets tokens for what the policy lists, and for nothing else, and each is in the evidence',
    withJob(
      () => ({ steps: STEPS, policyEnd: 'oidc: { audiences: [sts.amazonaws.com] }\n' }),
      async ({ result, job, folder }) => {
        const ended = await result;
        const { log, outcome } = step(ended, 'ask');
        assert.equal(outcome, 'success', log);
        assert.match(
          log,
          /^sts\.amazonaws\.com\r?\n403 the policy lists no such audience \(oidc\.audiences\)\r?\n400 the request must name one audience.*\r?\n400 the request/m,
        );
        const bundle = unpackBundle(job, folder);
        const mints = entriesOf(bundle).filter(({ kind }) => kind === 'mint');
        assert.deepEqual(
          mints.map(({ audience, outcome, link }) => [audience, outcome, link]),
          [
            ['sts.amazonaws.com', 'granted', 'cage-1'],
            ['duty-gate:session:v1:x:y', 'refused', 'cage-1'],
          ],
        );
        const { code, page } = await verify(bundle, '--keys', writeKeys(github(), folder));
        assert.equal(code, 0, page);
      },
    ),
  );

  it(
    'W-con-3 where the policy lists none, a command is not even told where to ask',
    withJob(
      () => ({ steps: STEPS }),
      async ({ result }) => assert.match(step(await result, 'ask').log, /^nowhere to ask/m),
    ),
  );
});
