import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsOf } from './build.ts';

const SMALL = `version: 1
targets:
  db: { protocol: postgres, address: "[::1]", database: shop, user: app }
duties:
  reader: { allow: [ { on: db, effects: [read], relations: public.* } ] }
bindings:
  - { duties: [reader], when: { issuer: local } }
`;

/** What each says, by a word that has to be in it. */
const SAYS: readonly (readonly [from: string, to: string, says: RegExp])[] = [
  ['version: 1', 'version: 2', /^version: version 2 is not supported/],
  ['version: 1', 'version: "1"', /is text, expected 1 without quotes/],
  ['version: 1\n', '', /version: is missing, expected "version: 1"/],
  ['user: app', 'user: app, key: { secret: A }', /key "key" is not supported by this version/],
  ['user: app', 'usr: app', /key "usr" is unknown \(did you mean "user"\?\)/],
  ['user: app', 'user: app, tls: verify', /is "verify"/],
  ['user: app', 'user: app, statement-bytes-max: 1023', /at least 1024/],
  ['user: app', 'user: app, statement-bytes-max: 16777217', /at most 16777216/],
  ['user: app', 'user: app, password: abc', /value in the clear/],
  ['user: app', 'user: app, names: [db.duty-gate]', /already a name of target "db"/],
  ['protocol: postgres', 'protocol: kubernetes', /protocol "kubernetes" is not supported by this version/],
  ['reader: {', 'reader: { extends: [x],', /key "extends" is not supported/],
  ['effects: [read]', 'effects: [read], max-rows: 3', /key "max-rows" is not supported/],
  ['effects: [read]', 'effects: []', /is empty/],
  ['effects: [read]', 'effects: [unknown]', /can never be allowed/],
  ['effects: [read]', 'effects: [execute]', /can never match here/],
  ['relations: public.*', 'functions: "public.*"', /can never match here/],
  ['relations: public.*', 'relations: public.*, functions: "public.*"', /none of the rule's effects is on functions/],
  ['on: db', 'on: dbs', /matches no target.*did you mean "db"/],
  ['on: db', 'on: ["*", "!ghost"]', /matches no target/],
  ['on: db', 'on: "!db"', /only negatives/],
  ['on: db', 'on: [db, "!*"]', /takes away all/],
  ['[reader], when', '[reader, writer], when', /duty "writer" is defined nowhere/],
  ['[reader], when', '[reader, reader], when', /named twice/],
  ['issuer: local', 'event: push', /names no repository/],
  ['issuer: local', 'repository: shop', /owner\/name/],
  ['issuer: local', 'issuer: "https://*"', /compared exactly/],
];

test('parsePolicy() says what is wrong and what is expected', () => {
  for (const [from, to, says] of SAYS) {
    assert.ok(SMALL.includes(from), from);
    const said = problemsOf(SMALL.replace(from, to)).map(({ path, message }) => `${path}: ${message}`);
    assert.ok(
      said.some((line) => says.test(line)),
      `${to} said ${said.join(' | ')}`,
    );
  }
});
