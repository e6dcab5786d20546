import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_VERSIONS, OPERATIONS } from './operations.ts';
import { type GivenReply, queryOf, replyFault, sample } from './validate.ts';

const [FIRST, LATER] = API_VERSIONS;

function reply(body: unknown, more: Partial<GivenReply> = {}): GivenReply {
  return { operation: 'GET /repos/{owner}/{repo}', version: FIRST, status: 200, mediaType: 'application/json', body, ...more };
}

test('sample() is what replyFault() finds nothing wrong with, in each version', () => {
  for (const version of API_VERSIONS) {
    assert.equal(replyFault(reply(sample('full-repository', version, { name: 'shop' }), { version })), null);
    const user = sample('public-user', version, { login: 'acme' });
    assert.equal(replyFault(reply(user, { version, operation: 'GET /users/{username}' })), null);
  }
});

const repository = sample('full-repository', FIRST, {});
const FAULTY: readonly (readonly [name: string, reply: GivenReply, says: RegExp])[] = [
  ['what is missing', reply({ ...repository, full_name: undefined }), /full_name/],
  ['another type', reply({ ...repository, id: 'one' }), /id must be integer/],
  ['an address that is none', reply({ ...repository, url: 'shop' }), /url must match format "uri"/],
  ['a time that is none', reply({ ...repository, created_at: 'yesterday' }), /created_at must match format "date-time"/],
  ['null where it may not be', reply({ ...repository, default_branch: null }), /default_branch must be string/],
  ['what GitHub does not have', reply({ ...repository, nickname: 'shop' }), /must NOT have additional properties/],
  ['what a later version has no more', reply({ ...repository, has_downloads: true }, { version: LATER }), /additional properties/],
  ['an error without the form of one', reply({ message: 404 }, { status: 404 }), /message must be string/],
  ['an error that is not described', reply({ message: 401 }, { status: 401 }), /message must be string/],
  ['a status that is not described', reply({}, { status: 202 }), /is not described to answer 202/],
  ['no body where one is described', reply(null), /described to answer 200 with a body/],
  ['an error before any operation', reply({ message: 1 }, { operation: null, status: 400 }), /message must be string/],
  ['a media type that is not described', reply({}, { mediaType: 'text/html' }), /is not described to answer 200 as text\/html/],
];
for (const [name, given, says] of FAULTY) {
  test(`replyFault() finds ${name}`, () => assert.match(replyFault(given) ?? '', says));
}

test('replyFault() accepts null where GitHub may say it, and errors that it does not describe', () => {
  assert.equal(replyFault(reply({ ...repository, description: null, license: null })), null);
  assert.equal(replyFault(reply({ ...repository, has_downloads: true })), null);
  assert.equal(replyFault(reply({ message: 'Bad credentials', status: '401' }, { status: 401 })), null);
});

test('the subset has each operation', () => {
  for (const operation of OPERATIONS) assert.doesNotThrow(() => replyFault(reply({}, { operation })));
  assert.deepEqual(queryOf('GET /repos/{owner}/{repo}/contents/{path}'), ['ref']);
});
