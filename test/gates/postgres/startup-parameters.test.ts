import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeStartup } from '#gates/postgres/startup-parameters.ts';

const TARGET = { database: 'orders' };

function judge(parameters: Readonly<Record<string, string>>) {
  return judgeStartup(new Map(Object.entries(parameters)), TARGET);
}

const PASSED: readonly (readonly [asked: Readonly<Record<string, string>>, upstream: Readonly<Record<string, string>>])[] = [
  [{}, {}],
  [{ user: 'anybody', database: 'orders' }, {}],
  [{ user: 'root', database: 'root' }, {}],
  [{ user: 'u', database: '' }, {}],
  [
    { application_name: "psql'; --", client_encoding: 'UTF8' },
    { application_name: "psql'; --", client_encoding: 'UTF8' },
  ],
  [{ client_encoding: 'utf-8' }, { client_encoding: 'utf-8' }],
  [{ client_encoding: "'utf-8'" }, { client_encoding: "'utf-8'" }],
  [{ client_encoding: 'UNICODE' }, { client_encoding: 'UNICODE' }],
  [
    { DateStyle: 'ISO', TimeZone: 'Europe/Berlin' },
    { datestyle: 'ISO', timezone: 'Europe/Berlin' },
  ],
  [
    { extra_float_digits: '2', search_path: 'app, public' },
    { extra_float_digits: '2', search_path: 'app, public' },
  ],
  [{ replication: 'false' }, {}],
  [{ replication: 'OFF' }, {}],
  [{ default_transaction_read_only: 'on' }, { default_transaction_read_only: 'on' }],
  [{ standard_conforming_strings: 'on' }, { standard_conforming_strings: 'on' }],
  [{ options: '' }, {}],
  [{ options: '-c statement_timeout=5s' }, { statement_timeout: '5s' }],
  [{ options: '-cstatement_timeout=5s  --lock-timeout=1s' }, { statement_timeout: '5s', lock_timeout: '1s' }],
  [{ options: '-c search_path=a\\ b\\\\c' }, { search_path: 'a b\\c' }],
  [{ options: '-c geqo=off\\' }, { geqo: 'off' }],
  [{ options: '-c application_name=' }, { application_name: '' }],
  // A parameter of its own counts more, in whatever order the two came.
  [{ application_name: 'own', options: '-c Application_Name=option' }, { application_name: 'own' }],
  [{ options: '-c application_name=option', application_name: 'own' }, { application_name: 'own' }],
];

test('judgeStartup() passes on what changes neither meaning nor rights (R34)', () => {
  for (const [asked, upstream] of PASSED) {
    const judgement = judge(asked);
    assert.ok(judgement.ok, JSON.stringify(asked));
    assert.deepEqual(Object.fromEntries(judgement.upstream), upstream, JSON.stringify(asked));
  }
});

const REFUSED: readonly (readonly [asked: Readonly<Record<string, string>>, code: string])[] = [
  [{ replication: 'database' }, '0A000'],
  [{ replication: 'true' }, '0A000'],
  [{ replication: '1' }, '0A000'],
  [{ replication: '' }, '0A000'],
  [{ Replication: 'on' }, '0A000'],
  [{ session_preload_libraries: 'evil' }, '0A000'],
  [{ local_preload_libraries: 'evil' }, '0A000'],
  [{ role: 'postgres' }, '0A000'],
  [{ session_authorization: 'postgres' }, '0A000'],
  [{ USER: 'postgres' }, '0A000'],
  [{ row_security: 'off' }, '0A000'],
  [{ 'app.tenant': '7' }, '0A000'],
  [{ standard_conforming_strings: 'off' }, '0A000'],
  [{ Standard_Conforming_Strings: 'off' }, '0A000'],
  [{ default_transaction_read_only: 'off' }, '0A000'],
  [{ client_encoding: 'SQL_ASCII' }, '0A000'],
  [{ client_encoding: 'SJIS' }, '0A000'],
  [{ client_encoding: 'auto' }, '0A000'],
  [{ Client_Encoding: 'LATIN1' }, '0A000'],
  [{ client_encoding: 'UTF8\nSJIS' }, '0A000'],
  [{ options: '-c session_preload_libraries=evil' }, '0A000'],
  [{ options: '--session-preload-libraries=evil' }, '0A000'],
  [{ options: '-c geqo=off -c role=postgres' }, '0A000'],
  [{ options: '-c ro\\le=postgres' }, '0A000'],
  [{ options: '-c client_encoding=SJIS', client_encoding: 'UTF8' }, '0A000'],
  [{ options: '-c geqo' }, '0A000'],
  [{ options: '-c' }, '0A000'],
  [{ options: '--' }, '0A000'],
  [{ options: '-d 5' }, '0A000'],
  [{ options: '-W 5 -c geqo=off' }, '0A000'],
  [{ options: 'geqo=off' }, '0A000'],
  [{ options: '-c _pq_.x=1' }, '0A000'],
  [{ Options: '-c geqo=off' }, '0A000'],
  [{ user: 'u', database: 'payroll' }, '3D000'],
  [{ database: 'Orders' }, '3D000'],
];

test('judgeStartup() refuses everything else, with the way out (R34)', () => {
  for (const [asked, code] of REFUSED) {
    const judgement = judge(asked);
    assert.ok(!judgement.ok, JSON.stringify(asked));
    assert.equal(judgement.code, code, JSON.stringify(asked));
    assert.notEqual(judgement.hint, '');
  }
});

test('judgeStartup() names the protocol options that it does not speak, instead of refusing or dropping them', () => {
  const judgement = judge({ '_pq_.command_tag': '1', '_pq_.x': '' });
  assert.ok(judgement.ok);
  assert.deepEqual(judgement.unrecognised, ['_pq_.command_tag', '_pq_.x']);
  assert.equal(judgement.upstream.size, 0);
});

test('judgeStartup() lets no name through that is not on the list, directly or in options', () => {
  const known = new Set(PASSED.flatMap(([, upstream]) => Object.keys(upstream)));
  const name = fc.oneof(fc.stringMatching(/^[a-z_.]{1,20}$/), fc.constantFrom('role', 'ROLE', 'search_path', 'geqo', 'work_mem'));
  fc.assert(
    fc.property(name, fc.string({ maxLength: 10 }), fc.boolean(), (setting, value, direct) => {
      const judgement = judge(direct ? { [setting]: value } : { options: `-c ${setting}=${value.replaceAll(/[\s\\]/g, '')}` });
      if (judgement.ok) for (const passed of judgement.upstream.keys()) assert.ok(known.has(passed), passed);
    }),
    { numRuns: 500 },
  );
});

test('judgeStartup() answers any options within a packet, and no setting hides in their escapes', () => {
  const characters = fc.constantFrom('-', 'c', ' ', '\\', '=', '\t', 'role', 'geqo', 'x', '--', '-c ', "'", '\v');
  fc.assert(
    fc.property(fc.array(characters, { maxLength: 30 }), (parts) => {
      const judgement = judge({ options: parts.join('') });
      if (judgement.ok) assert.ok([...judgement.upstream.keys()].every((name) => name === 'geqo'));
    }),
    { numRuns: 500 },
  );
});
