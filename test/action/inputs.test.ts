import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { parse } from 'yaml';
import { INPUT_NAMES, type InputName, parseInputs, readInputs } from '#action/inputs.ts';

/** As the runner gives them where a workflow says nothing. */
const DEFAULTS: Readonly<Record<string, string>> = {
  policy: '.github/duty-gate.yml',
  gateway: 'embedded',
  'egress-policy': 'block',
  confinement: 'required',
  attest: 'false',
  'github-token': 'ghs_token',
};
const raw = (inputs: Partial<Record<InputName, string>> = {}) => readInputs((name) => ({ ...DEFAULTS, ...inputs })[name] ?? '');

test('action.yml names these inputs, and its defaults are taken', () => {
  const action = parse(readFileSync(join(import.meta.dirname, '../../action.yml'), 'utf8'));
  assert.deepEqual(Object.keys(action.inputs), [...INPUT_NAMES]);
  const defaults = Object.entries<{ default?: string }>(action.inputs).map(([name, { default: value }]) => [name, value]);
  assert.deepEqual(Object.fromEntries(defaults.filter(([, value]) => value !== undefined)), {
    ...DEFAULTS,
    'github-token': `\${{ github.token }}`,
  });
  assert.deepEqual(parseInputs(raw()), {
    policy: { repository: null, path: '.github/duty-gate.yml', ref: null },
    ...{ duty: null, secrets: {}, artifactName: null, retentionDays: null, attest: false, token: 'ghs_token' },
  });
});

describe('parseInputs() reads policy-ref as', () => {
  const cases: readonly (readonly [string, string | null, string])[] = [
    ['main', null, 'main'],
    ['release/1.x', null, 'release/1.x'],
    ['refs/tags/v1', null, 'refs/tags/v1'],
    ['acme/policies@main', 'acme/policies', 'main'],
    ['acme/policies@refs/heads/a@b', 'acme/policies', 'refs/heads/a@b'],
    ['refs/heads/acme/policies@main', null, 'refs/heads/acme/policies@main'],
  ];
  for (const [text, repository, ref] of cases) {
    it(text, () => assert.deepEqual(parseInputs(raw({ 'policy-ref': text })).policy, { repository, path: DEFAULTS['policy'], ref }));
  }
});

test('parseInputs() reads the rest', () => {
  const given = { policy: 'gate/policy.yml', duty: 'log-reader', secrets: 'A: b', 'artifact-name': 'evidence', 'retention-days': '30' };
  const { policy, duty, secrets, artifactName, retentionDays } = parseInputs(raw(given));
  assert.deepEqual(
    [policy.path, duty, secrets, artifactName, retentionDays],
    ['gate/policy.yml', 'log-reader', { A: 'b' }, 'evidence', 30],
  );
});

describe('parseInputs() refuses', () => {
  const cases: readonly (readonly [InputName, string, RegExp])[] = [
    [
      'gateway',
      'https://gate.example',
      /^Cannot use the gateway: it is "https:\/\/gate\.example", expected "embedded": .* not available in this version$/,
    ],
    ['egress-policy', 'audit', /^Cannot use the input egress-policy: it is "audit", expected "block": inputs may only tighten a policy$/],
    [
      'confinement',
      'unconfined',
      /^Cannot use the input confinement: it is "unconfined", expected "required": inputs may only tighten a policy$/,
    ],
    ['policy', '../other.yml', /input policy: it is/],
    ['policy', '/etc/passwd', /input policy: it is/],
    ['policy', 'a//b.yml', /input policy: it is/],
    ['policy', 'a\\b.yml', /input policy: it is/],
    ['policy', 'a\nb.yml', /input policy: it is "a\\u\{a\}b\.yml"/],
    ['policy', './policy.yml', /input policy: it is/],
    ['policy-ref', 'a b', /input policy-ref: it is/],
    ['policy-ref', '--upload-pack=x', /input policy-ref: it is/],
    ['policy-ref', 'a\u202eb', /input policy-ref: it is "a\\u\{202e\}b"/],
    ['duty', 'a\nb', /input duty: it is/],
    ['retention-days', '0', /input retention-days: it is "0", expected a whole number from 1/],
    ['retention-days', '1.5', /input retention-days/],
    ['retention-days', '401', /input retention-days/],
    ['retention-days', 'ninety', /input retention-days/],
    ['artifact-name', 'a/b', /input artifact-name: it is "a\/b", expected none of/],
    ['github-token', '', /input github-token: it is empty/],
    ['github-token', 'two\nlines', /input github-token: it is malformed, expected a token/],
    ['secrets', 'A: b\nB: c #rest', /^Cannot use the input secrets: in line 2, it has a comment.*toJSON\(secrets\.NAME\)/],
  ];
  for (const [name, value, message] of cases) {
    it(`${name} ${JSON.stringify(value)}`, () => {
      assert.throws(() => parseInputs(raw({ [name]: value })), { code: 'inputs', message });
    });
  }
  it('all at once', () => {
    const wrong = { gateway: 'x', confinement: 'x', secrets: 's3cret', 'retention-days': 'x' };
    assert.throws(
      () => parseInputs(raw(wrong)),
      (error: Error) => error.message.split('\n').length === 4 && !error.message.includes('s3cret'),
    );
  });
});
