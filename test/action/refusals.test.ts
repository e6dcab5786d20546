import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { ActionError } from '#action/action-error.ts';
import { refusalOf, tellRefusal } from '#action/refusals.ts';
import { ControlError } from '#control/fault.ts';
import { GatewayStartError } from '#control/gateway-process.ts';
import { fakeToolkit } from './fake-toolkit.ts';

const POLICY = { repository: null, path: '.github/duty-gate.yml', ref: null };
const problem = (line: number) => ({ line, column: 3, message: `wrong in ${line}` });

describe('refusalOf()', () => {
  const cases: readonly (readonly [string, unknown, string, RegExp])[] = [
    ["the action's own", new ActionError('runner', 'Cannot run on this runner: x'), 'duty-gate: runner', /^Cannot run on this runner: x$/],
    [
      "the gateway's, side by side",
      new ControlError('forbidden', 'Cannot choose a duty: no binding\n  bindings[0] (reader):\n    event: is "push", wants "x"'),
      'duty-gate: duty',
      /no binding\n {2}bindings\[0\] \(reader\):\n {4}event: is "push", wants "x"$/,
    ],
    ["the gateway's, of a token", new ControlError('unauthenticated', 'Cannot open the session: expired'), 'duty-gate: gateway', /expired/],
    ['a gateway that did not start', new GatewayStartError('secrets', 'Cannot find secret ORDERS_DB'), 'duty-gate: gateway', /ORDERS_DB/],
    [
      'a policy that is not there',
      new GatewayStartError('policy', 'Cannot read the policy: nowhere.yml'),
      'duty-gate: policy',
      /nowhere\.yml/,
    ],
    ['a fault', new TypeError('s3cret'), 'duty-gate: fault', /^Cannot go on: TypeError at .*, expected no fault of the action's own$/],
    ['what is no error', 's3cret', 'duty-gate: fault', /^Cannot go on: an unknown fault,/],
  ];
  for (const [name, error, title, message] of cases) {
    it(name, () => {
      const refusal = refusalOf(error);
      assert.equal(refusal.title, title);
      assert.match(refusal.message, message);
      assert.ok(!refusal.message.includes('s3cret'));
    });
  }
  it('shows hidden characters of what others wrote, and cuts it', () => {
    const { message } = refusalOf(new ControlError('forbidden', `branch a\u202eb\r${'x'.repeat(10_000)}`));
    assert.ok(message.startsWith('branch a\\u{202e}b\\u{d}xxx') && message.length < 4096, message.slice(0, 80));
  });
});

describe('tellRefusal()', () => {
  it('says it once', () => {
    const toolkit = fakeToolkit();
    tellRefusal(toolkit, refusalOf(new ActionError('inputs', 'Cannot use the input duty')), POLICY);
    assert.deepEqual(toolkit.annotations, [{ level: 'error', title: 'duty-gate: inputs', message: 'Cannot use the input duty' }]);
    assert.deepEqual(toolkit.lines, []);
  });

  it("points at each of a policy's mistakes, and does not list them again", () => {
    const toolkit = fakeToolkit();
    const error = new GatewayStartError('policy', 'Cannot use the policy: 2 problem(s), expected none\n  x:12:3 wrong in 12', [
      problem(12),
      problem(13),
    ]);
    tellRefusal(toolkit, refusalOf(error), POLICY);
    const [first, second, last, ...more] = toolkit.annotations;
    assert.deepEqual(
      [first, second].map((each) => [each?.file, each?.startLine, each?.startColumn, each?.message]),
      [
        ['.github/duty-gate.yml', 12, 3, 'wrong in 12'],
        ['.github/duty-gate.yml', 13, 3, 'wrong in 13'],
      ],
    );
    assert.match(last?.message ?? '', /^Cannot use the policy: 2 problem\(s\), expected none\. Each is an annotation at its line$/);
    assert.deepEqual(more, []);
  });

  it('shows no more than the runner does, and the rest in the log', () => {
    const toolkit = fakeToolkit();
    const problems = Array.from({ length: 200 }, (_, index) => problem(index + 1));
    tellRefusal(toolkit, refusalOf(new GatewayStartError('policy', 'Cannot use the policy: 200 problem(s)', problems)), POLICY);
    assert.equal(toolkit.annotations.length, 10);
    assert.equal(toolkit.lines.length, 191);
    assert.match(toolkit.lines[0] ?? '', /^duty-gate: \.github\/duty-gate\.yml:10:3 wrong in 10$/);
  });

  it('points at no file where the policy is of another repository', () => {
    const toolkit = fakeToolkit();
    const refusal = refusalOf(new GatewayStartError('policy', 'Cannot use the policy', [problem(12)]));
    tellRefusal(toolkit, refusal, { repository: 'acme/policies', path: 'gate.yml', ref: 'main' });
    const [first] = toolkit.annotations;
    assert.deepEqual([first?.file, first?.message], [undefined, 'acme/policies@main:gate.yml:12:3 wrong in 12']);
  });
});

test('a message of hostile lines is no command and no second annotation, as the toolkit writes it', async (t) => {
  const written: string[] = [];
  t.mock.method(process.stdout, 'write', (text: string) => written.push(text) > 0);
  const { runnerToolkit } = await import('#action/toolkit.ts');
  tellRefusal(runnerToolkit, refusalOf(new ControlError('forbidden', 'a %0A::error::x\n::set-output name=a::b\n##[error]y')), POLICY);
  t.mock.restoreAll();
  assert.equal(written.join(''), '::error title=duty-gate%3A duty::a %250A::error::x%0A::set-output name=a::b%0A##[error]y\n');
});
