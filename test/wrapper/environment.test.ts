import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commandEnvironment, splitEnvironment, valueIn } from '#wrapper/environment.ts';

const off = { output: false, interactive: false };
const on = { output: true, interactive: true };

const none: ReadonlySet<string> = new Set();

function names(entries: readonly string[], terminal = off, passed = none): readonly string[] {
  return commandEnvironment(
    entries.map((entry) => Buffer.from(entry)),
    { passed, identityUrl: null },
    terminal,
  ).map((entry) => Buffer.from(entry).toString());
}

test('commandEnvironment() scrubs tokens and our own variables, and nothing that only looks like them', () => {
  const kept = ['RUNNER_TRACKING_ID=1', 'ACTIONS_CACHE_URL=2', 'XDUTY_GATE_X=3', 'ACTIONS_RUNTIME_TOKENS=4'];
  const scrubbed = [
    'ACTIONS_ID_TOKEN_REQUEST_URL=a',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN=b',
    'ACTIONS_RUNTIME_TOKEN=c',
    'DUTY_GATE_NODE=d',
    'DUTY_GATE_=e',
  ];
  assert.deepEqual(names([...kept, ...scrubbed]).slice(0, 4), kept);
  assert.equal(names([...kept, ...scrubbed]).length, 4 + 6);
});

test("R12 commandEnvironment() keeps the job's tokens back, but for those that the policy passes", () => {
  const tokens = ['GITHUB_TOKEN=a', 'GH_TOKEN=b', 'GITHUB_ENTERPRISE_TOKEN=c', 'GH_ENTERPRISE_TOKEN=d'];
  const kept = ['GITHUB_TOKENS=e', 'MY_GH_TOKEN=f'];
  assert.deepEqual(names([...tokens, ...kept]).slice(0, 2), kept);
  assert.deepEqual(names([...tokens, ...kept], off, new Set(['GH_TOKEN'])).slice(0, 3), ['GH_TOKEN=b', ...kept]);
  // What mints identities is passed to nobody, whatever a policy that came here otherwise says.
  const minting = ['ACTIONS_ID_TOKEN_REQUEST_TOKEN=g', 'DUTY_GATE_X=h'];
  assert.equal(names(minting, off, new Set(['ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'DUTY_GATE_X'])).length, names([]).length);
});

test('commandEnvironment() leads those who ask for identity tokens to the gateway, where there are any', () => {
  const [variable] = commandEnvironment(
    [Buffer.from('ACTIONS_ID_TOKEN_REQUEST_URL=https://of-github.example')],
    { passed: none, identityUrl: 'http://198.18.0.3/oidc/token?x=1' },
    off,
  ).filter((entry) => Buffer.from(entry).includes('ACTIONS_ID_TOKEN_REQUEST_URL'));
  assert.equal(String(variable), 'ACTIONS_ID_TOKEN_REQUEST_URL=http://198.18.0.3/oidc/token?x=1');
});

test('commandEnvironment() says that nobody is there, off a terminal', () => {
  assert.deepEqual(names(['TERM=xterm', 'PAGER=less', 'LANG=C.UTF-8']), [
    'TERM=dumb',
    'PAGER=cat',
    'LANG=C.UTF-8',
    'PGSSLROOTCERT=/run/duty-gate/ca.pem',
    'PSQL_PAGER=cat',
    'GIT_PAGER=cat',
  ]);
});

test("commandEnvironment() leaves a person's terminal and pager alone", () => {
  assert.deepEqual(names(['TERM=screen', 'PAGER=less', 'LC_ALL=de_DE.utf8'], on), [
    'TERM=screen',
    'PAGER=less',
    'LC_ALL=de_DE.utf8',
    'PGSSLROOTCERT=/run/duty-gate/ca.pem',
  ]);
  assert.deepEqual(names(['LC_CTYPE=UTF-8'], on), ['LC_CTYPE=UTF-8', 'PGSSLROOTCERT=/run/duty-gate/ca.pem', 'TERM=xterm-256color']);
});

for (const [locale, expected] of [
  [[], true],
  [['LANG=C'], true],
  [['LANG=C.UTF-8', 'LC_ALL=C'], true],
  [['LANG=C', 'LC_ALL='], true],
  [['LANG=C', 'LC_CTYPE=en_US.UTF-8'], false],
  [['LANG=C.UTF-8', 'LC_ALL='], false],
  [['PGCLIENTENCODING=LATIN1'], false],
] as const) {
  test(`commandEnvironment() asks libpq for UTF-8 ${expected ? 'where' : 'not where'} it has ${locale.join(' ') || 'no locale'}`, () => {
    assert.equal(names(locale).includes('PGCLIENTENCODING=UTF8'), expected);
  });
}

test('commandEnvironment() keeps the first of a name, and drops what has none', () => {
  assert.deepEqual(names(['A=1', 'A=2', '=x', 'nothing', 'B=']).slice(0, 2), ['A=1', 'B=']);
});

test('commandEnvironment() keeps bytes that are no text', () => {
  const entry = Buffer.from([0x41, 0xff, 0x3d, 0xfe, 0x0a]);
  assert.deepEqual(Buffer.from(commandEnvironment([entry], { passed: none, identityUrl: null }, off)[0] ?? []), entry);
});

test('splitEnvironment() gives back what was joined', () => {
  const entry = fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes.map((byte) => byte || 1)));
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const joined = Buffer.concat(entries.flatMap((each) => [each, Buffer.of(0)]));
      assert.deepEqual(
        splitEnvironment(joined).map((each) => Buffer.from(each)),
        entries,
      );
    }),
    { numRuns: 100, verbose: 1 },
  );
});

test('valueIn() is the first of a name, byte for byte', () => {
  const entries = ['PATH_X=no', 'PATH=/a:/b', 'PATH=/c', 'EMPTY='].map((entry) => Buffer.from(entry));
  assert.deepEqual(
    ['PATH', 'EMPTY', 'NONE'].map((name) => valueIn(entries, name)),
    ['/a:/b', '', null],
  );
});
