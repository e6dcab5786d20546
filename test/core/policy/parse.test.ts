import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePolicy } from '#core/policy/parse.ts';
import { describeProblem } from '#core/policy/problems.ts';
import { PolicySchema } from '#core/policy/schema.ts';
import { policyOf, problemsOf, withDuty } from './build.ts';

const SMALL = `version: 1
targets:
  db: { protocol: postgres, address: "[::1]", database: shop, user: app }
duties:
  reader: { allow: [ { on: db, effects: [read], relations: public.* } ] }
bindings:
  - { duties: [reader], when: { issuer: local } }
`;

test('parsePolicy() leaves nothing optional open', () => {
  const policy = policyOf(SMALL);
  assert.deepEqual(policy.targets.get('db'), {
    kind: 'postgres',
    name: 'db',
    host: '::1',
    port: 5432,
    names: [],
    database: 'shop',
    user: 'app',
    password: null,
    tls: 'verify-full',
    ca: null,
    statementBytesMax: 1024 * 1024,
  });
  assert.deepEqual(policy.duties.get('reader'), {
    name: 'reader',
    allow: [
      {
        id: 'reader.allow[0]',
        on: { include: [['db']], exclude: [] },
        effects: new Set(['read']),
        relations: { include: [['public', '*']], exclude: [] },
        functions: null,
        databases: null,
        reason: null,
      },
    ],
    deny: [],
    mask: [],
    operationsMax: null,
  });
  assert.deepEqual(policy.bindings, [{ id: 'bindings[0]', duties: ['reader'], when: [{ claim: 'issuer', globs: ['local'] }] }]);
});

test('parsePolicy() reads masks, effects and claims in all their forms', () => {
  const policy = policyOf(
    SMALL.replace(
      'relations: public.* } ]',
      'relations: public.* }, { on: db, effects: ["*"] } ], mask: [ { columns: "*", with: null }, { detect: [email], with: hash } ]',
    ).replace('{ issuer: local }', '{ repository: acme/shop, ref-protected: true, workflow-ref: [a/b/c@*, "!x/**"] }'),
  );
  const duty = policy.duties.get('reader');
  assert.equal(duty?.allow[1]?.effects, null);
  assert.deepEqual(
    duty?.mask.map(({ id, with: method, what }) => [id, method, what.kind]),
    [
      ['reader.mask[0]', 'null', 'columns'],
      ['reader.mask[1]', 'hash', 'detect'],
    ],
  );
  assert.deepEqual(policy.bindings[0]?.when, [
    { claim: 'issuer', globs: ['https://token.actions.githubusercontent.com'] },
    { claim: 'repository', globs: ['acme/shop'] },
    { claim: 'ref-protected', globs: ['true'] },
    { claim: 'workflow-ref', globs: ['a/b/c@*', '!x/**'] },
  ]);
});

const BROKEN = `version: 1
targets:
  db: { protocol: postgres, address: "127.0.0.1:5432", database: shop, user: app, password: hunter2, tsl: require }
  web: { protocol: ssh, address: "web-*:22", user: deploy, key: { secret: A } }
  Bad: { protocol: mysql, address: "a:b:c", database: 5 }
duties:
  reader:
    allow:
      - { on: dc, effects: [reed], relations: ["public", "!x.y", "public.A"] }
      - { on: db, effects: [unknown, execute], relations: "public.*" }
    approve: []
    mask: [ { columns: "a.b.c", with: token }, { with: redact }, { detect: [card], with: redact, pattern: x } ]
    alow: []
  empty: {}
  neg: { deny: [ { on: ["!db"], effects: [], relations: ["public.*", "!public.*"] } ] }
bindings:
  - { duties: [raeder], when: { repo: a, ref: main, event: 3 } }
  - { duties: [], when: { issuer: "local*" } }
extra: 1
agents: []
`;

test('parsePolicy() reports every problem at once, each with its line and path', () => {
  const problems = problemsOf(BROKEN);
  const places = problems.map(({ line, path }) => `${line} ${path}`);
  assert.deepEqual(
    [...new Set(places)],
    [
      '3 targets.db.password',
      '3 targets.db.tsl',
      '4 targets.web.protocol',
      '5 targets.Bad',
      '5 targets.Bad.user',
      '5 targets.Bad.protocol',
      '5 targets.Bad.address',
      '5 targets.Bad.database',
      '9 duties.reader.allow[0].on',
      '9 duties.reader.allow[0].effects[0]',
      '9 duties.reader.allow[0].relations[0]',
      '9 duties.reader.allow[0].relations[2]',
      '10 duties.reader.allow[1].effects[0]',
      '10 duties.reader.allow[1].effects[1]',
      '11 duties.reader.approve',
      '12 duties.reader.mask[0].with',
      '12 duties.reader.mask[1]',
      '12 duties.reader.mask[2].detect[0]',
      '12 duties.reader.mask[2].pattern',
      '13 duties.reader.alow',
      '14 duties.empty',
      '15 duties.neg.deny[0].on',
      '15 duties.neg.deny[0].effects',
      '15 duties.neg.deny[0].relations',
      '17 bindings[0].duties[0]',
      '17 bindings[0].when',
      '17 bindings[0].when.repo',
      '17 bindings[0].when.ref',
      '17 bindings[0].when.event',
      '18 bindings[1].duties',
      '18 bindings[1].when',
      '18 bindings[1].when.issuer',
      '19 extra',
      '20 agents',
    ],
  );
});

test('parsePolicy() points at the very character', () => {
  const [problem] = problemsOf(SMALL.replace('[read]', '[reed]'));
  assert.deepEqual([problem?.line, problem?.column], [5, 42]);
});

test('parsePolicy() never repeats a value that stands where a secret is expected', () => {
  const problems = problemsOf(BROKEN).map(describeProblem).join('\n');
  assert.equal(problems.includes('hunter2'), false);
  for (const text of [
    `password: "hunter2`,
    `password: 'hunter2' x`,
    'password: *hunter2',
    'password: !hunter2 x',
    'password: {secret: "hun ter2"}',
    'password: [hunter2]',
  ]) {
    const said = problemsOf(SMALL.replace('user: app', `user: app, ${text}`))
      .map(describeProblem)
      .join('\n');
    assert.notEqual(said, '', text);
    assert.equal(/hun ?ter2/.test(said), false, said);
  }
});

test('parsePolicy() judges a text of another version by nothing but its version', () => {
  assert.equal(problemsOf('version: 3\nnew-key: 1\n').length, 1);
});

test('parsePolicy() warns of what is legal and likely not meant', () => {
  const warned = (text: string) => {
    const parsed = parsePolicy(text);
    return parsed.ok ? parsed.warnings.map(({ line, path }) => `${line} ${path}`) : ['not ok'];
  };
  assert.deepEqual(warned(SMALL), []);
  const edits: readonly (readonly [from: string, to: string, warning: string])[] = [
    ['user: app }', 'user: app }\n  idle: { protocol: postgres, address: other, database: x, user: y }', '4 targets.idle'],
    ['user: app }', 'user: app, tls: prefer }', '3 targets.db.tls'],
    ['bindings:', '  idle: { deny: [ { on: db } ] }\nbindings:', '6 duties.idle'],
    ['effects: [read], relations: public.*', 'effects: [drop]', ''],
    ['{ issuer: local }', '{ repository: "*/shop" }', '7 bindings[0].when.repository'],
  ];
  for (const [from, to, warning] of edits)
    assert.deepEqual([...new Set(warned(SMALL.replace(from, to)))], warning === '' ? [] : [warning], to);
  const beyondRead = SMALL.replace('[read]', '[drop]').replace('issuer: local', 'repository: acme/shop');
  assert.deepEqual(warned(beyondRead), ['7 bindings[0].when']);
});

const RECIPIENT = `age1${'q'.repeat(58)}`;

test('parsePolicy() reads what is to be kept of a session, and says what cannot be', () => {
  const evidence = (yaml: string) => `${SMALL}evidence: ${yaml}\n`;
  const read = parsePolicy(evidence(`{ recordings: none, responses: full, encrypt-to: ${RECIPIENT}, token: after-expiry }`));
  assert.ok(read.ok);
  assert.deepEqual(read.policy.evidence, { recordings: 'none', responses: 'full', encryptTo: [RECIPIENT], token: 'after-expiry' });
  const absent = parsePolicy(SMALL);
  assert.ok(absent.ok);
  assert.deepEqual(absent.policy.evidence, { recordings: null, responses: null, encryptTo: [], token: 'at-once' });
  const bad: readonly (readonly [yaml: string, message: RegExp])[] = [
    ['{}', /is empty/],
    ['{ recordings: some }', /expected/],
    ['{ encrypt-to: [age1short] }', /not an age recipient/],
    ['{ encrypt-to: [] }', /./],
    [`{ encrypt-to: AGE-SECRET-KEY-1QQQ }`, /not an age recipient/],
    ['{ token: never }', /expected/],
    ['{ stdin: true, recordings: full }', /not supported by this version/],
    ['{ response: full }', /responses/],
  ];
  for (const [yaml, message] of bad) assert.match(problemsOf(evidence(yaml))[0]?.message ?? '', message, yaml);
});

test('parsePolicy() passes over no key that a later version reads', () => {
  for (const key of ['include', 'separation', 'approvals']) {
    assert.match(problemsOf(`${SMALL}${key}: {}\n`)[0]?.message ?? '', /not supported by this version/, key);
  }
  for (const key of ['extends', 'as', 'approve', 'timeouts', 'hours']) {
    assert.match(problemsOf(withDuty(`{ allow: [ { on: db } ], ${key}: [] }`))[0]?.message ?? '', /not supported by this version/, key);
  }
  for (const key of ['rows-read', 'rows-written', 'bytes']) {
    const messages = problemsOf(withDuty(`{ allow: [ { on: db } ], limits: { ${key}: 1 } }`)).map(({ message }) => message);
    assert.match(messages.join(), /not supported by this version/, key);
  }
  for (const key of ['keys', 'paths', 'pattern', 'allow-use']) {
    assert.ok(
      problemsOf(withDuty(`{ mask: [ { ${key}: [x], columns: a.b.c, with: redact } ] }`)).some(({ message }) =>
        /not supported/.test(message),
      ),
      key,
    );
  }
});

test('parsePolicy() never throws, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => void parsePolicy(text)),
    { numRuns: 300 },
  );
  const yaml = fc.string({ unit: fc.constantFrom(...' \n:-[]{},"\'&*!|>#?%@ab1\t'), maxLength: 60 });
  fc.assert(
    fc.property(yaml, (text) => void parsePolicy(text)),
    { numRuns: 1000 },
  );
});

test('parsePolicy() never throws, whatever the values, and refuses what is no policy', () => {
  const keys = [
    'version',
    'targets',
    'duties',
    'bindings',
    'allow',
    'on',
    'effects',
    'relations',
    'when',
    'issuer',
    'protocol',
    'constructor',
    'toString',
    '__proto__',
  ];
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(1, null, true, 'db', '!x', '', 2 ** 70),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('node'), { maxKeys: 4 }),
    ),
  })).node;
  fc.assert(
    fc.property(value, (data) => {
      assert.equal(parsePolicy(JSON.stringify(data) ?? '').ok, false);
    }),
    { numRuns: 500 },
  );
});

test('parsePolicy() accepts one mutated line of an example only if the shape accepts it', () => {
  const text = readFileSync(new URL('../../../policies/migrator.yml', import.meta.url), 'utf8');
  const lines = text.split('\n');
  fc.assert(
    fc.property(fc.nat(lines.length - 1), fc.nat(60), fc.string({ maxLength: 3 }), (index, at, inserted) => {
      const line = lines[index] ?? '';
      const parsed = parsePolicy(lines.with(index, line.slice(0, at) + inserted + line.slice(at)).join('\n'));
      if (!parsed.ok) assert.notEqual(parsed.problems.length, 0);
      else assert.equal(parsed.policy.version, 1);
    }),
    { numRuns: 300 },
  );
  assert.equal(PolicySchema.safeParse({}).success, false);
});
