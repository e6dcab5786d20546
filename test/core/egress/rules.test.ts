import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideAddresses, decideName, type EgressPolicy, egressPolicy, parseEgressRule } from '#core/egress/rules.ts';

function policy(allow: readonly string[], mode: 'block' | 'audit' = 'block'): EgressPolicy {
  const made = egressPolicy(allow, mode);
  assert.equal(made.names.length + made.addresses.length, allow.length);
  return made;
}

function portsOf(of: EgressPolicy, name: string): readonly (readonly [number, string | null])[] | string {
  const decision = decideName(of, name);
  return decision.kind === 'refused' ? decision.why : [...decision.ports];
}

for (const text of [
  ...['', ':443', 'a.example', 'a.example:', 'a.example:0', 'a.example:65536', 'a.example:443x', 'a.example:0443', 'https://a.example:443'],
  ...[
    'A.example:443',
    'a..example:443',
    '.example:443',
    'a.example.:443',
    'a b:443',
    '***.example:443',
    'a.**.example:443',
    'a**.example:443',
  ],
  ...['10.0.0.*:80', '*.0.0.1:80', '1.2.3:80', '0x7f.0.0.1:80', '127.1:80', '::1:80', '[::1]', '[::1]:0', '[a.example]:80', '!10.0.0.5:80'],
  ...['0.0.0.0:80', '0.1.2.3:80', '255.255.255.255:80', '224.0.0.1:80', '[::]:80', '[ff02::1]:80', '[fe80::1]:80', '[::ffff:0.0.0.0]:80'],
  ...['198.18.0.2:53', '198.19.128.1:443', '[fd64:7574:7900::2]:53'],
  ...['{a,b}.example:443', '[ab].example:443', '@(a).example:443', 'bücher.example:443', `${'a.'.repeat(150)}example:443`],
]) {
  test(`parseEgressRule() refuses ${JSON.stringify(text.slice(0, 40))}`, () => assert.equal(parseEgressRule(text, 'r'), null));
}

test('parseEgressRule() reads addresses in one spelling', () => {
  const of = (text: string) => parseEgressRule(text, 'r');
  assert.deepEqual(of('10.0.0.5:8080'), { kind: 'address', id: 'r', address: '10.0.0.5', port: 8080 });
  assert.deepEqual(of('[FD00:0::1]:443'), { kind: 'address', id: 'r', address: 'fd00::1', port: 443 });
  assert.deepEqual(of('[::ffff:10.0.0.5]:80'), { kind: 'address', id: 'r', address: '10.0.0.5', port: 80 });
});

for (const [rules, name, expected] of [
  [['a.example:443'], 'a.example', [[443, 'egress.allow[0]']]],
  [['a.example:443'], 'A.EXAMPLE.', [[443, 'egress.allow[0]']]],
  [['a.example:443'], 'b.example', 'no rule of egress covers it'],
  [['a.example:443'], 'x.a.example', 'no rule of egress covers it'],
  [['a.example:443'], 'a.example.evil', 'no rule of egress covers it'],
  [['a.example:443'], 'a.example\0.evil', 'it is no host name'],
  [['*.a.example:443'], 'x.a.example', [[443, 'egress.allow[0]']]],
  [['*.a.example:443'], 'a.example', 'no rule of egress covers it'],
  [['*.a.example:443'], 'x.y.a.example', 'no rule of egress covers it'],
  [['**.a.example:443'], 'x.y.a.example', [[443, 'egress.allow[0]']]],
  [['**.a.example:443'], 'a.example', 'no rule of egress covers it'],
  [['**.a.example:443'], 'xa.example', 'no rule of egress covers it'],
  [['**:443'], 'anything.example', [[443, 'egress.allow[0]']]],
  [['web-?.example:80'], 'web-1.example', [[80, 'egress.allow[0]']]],
  [['web-*.example:80'], 'web-1.2.example', 'no rule of egress covers it'],
  [
    ['a.example:443', 'a.example:80', '*.example:443'],
    'a.example',
    [
      [443, 'egress.allow[0]'],
      [80, 'egress.allow[1]'],
    ],
  ],
  [['*.example:443', '!b.example:443', '*.example:80'], 'b.example', [[80, 'egress.allow[2]']]],
  [['*.example:443', '!b.example:443'], 'b.example', 'no rule of egress covers it'],
  [['10.0.0.5:80'], '10.0.0.5', 'it is no host name'],
  [['**:443'], '127.0.0.1', 'it is no host name'],
  [['**:443'], 'pipelines.actions.githubusercontent.com', "it is GitHub's host for the job's own tokens and artifacts"],
  [['actions.githubusercontent.com:443'], 'Actions.GitHubUserContent.com.', "it is GitHub's host for the job's own tokens and artifacts"],
  [['**:443'], 'notactions.githubusercontent.com', [[443, 'egress.allow[0]']]],
] as const) {
  test(`decideName() under ${rules.join(' ')} of ${JSON.stringify(name)}`, () => {
    assert.deepEqual(portsOf(policy(rules), name), expected);
  });
}

test('decideName() lets names through in audit that nothing covers, marked, but not those of the job itself', () => {
  const audit = policy(['a.example:8443', 'a.example:443'], 'audit');
  assert.deepEqual(portsOf(audit, 'b.example'), [
    [80, null],
    [443, null],
  ]);
  assert.deepEqual(portsOf(audit, 'a.example'), [
    [8443, 'egress.allow[0]'],
    [443, 'egress.allow[1]'],
    [80, null],
  ]);
  assert.match(String(portsOf(audit, 'x.actions.githubusercontent.com')), /GitHub's host/);
});

for (const [name, answers, port, expected] of [
  ['public ones', ['1.1.1.1', '2606:4700::1111'], 443, ['1.1.1.1', '2606:4700::1111']],
  ['the same twice', ['1.1.1.1', '::ffff:1.1.1.1'], 443, ['1.1.1.1']],
  ['a private one that a rule names', ['10.0.0.5'], 8080, ['10.0.0.5']],
  ['a private one beside it that a rule names', ['1.1.1.1', '10.0.0.5'], 8080, ['1.1.1.1', '10.0.0.5']],
  ['a private one at another port', ['10.0.0.5'], 443, null],
  ['a private one beside a public one', ['1.1.1.1', '10.0.0.6'], 8080, null],
  ['this machine', ['127.0.0.1'], 443, null],
  ['the metadata service', ['169.254.169.254'], 80, null],
  ['an address of the cage', ['198.18.0.2'], 80, null],
  ['a link-local one with a zone', ['fe80::1%eth0'], 80, null],
  ['what is no address', ['elsewhere.example'], 80, null],
  ['none', [], 443, null],
] as const) {
  test(`R24 decideAddresses() ${expected === null ? 'refuses' : 'allows'} ${name}`, () => {
    const decision = decideAddresses(policy(['10.0.0.5:8080', '**:443'], 'audit'), answers, port);
    assert.deepEqual(decision.kind === 'allowed' ? decision.addresses : null, expected);
  });
}
