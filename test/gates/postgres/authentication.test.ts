import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { authenticator, LoginRefused, type LoginSetup } from '#gates/postgres/authentication.ts';
import {
  authenticationOk,
  backendKeyData,
  errorResponse,
  parameterStatus,
  passwordMessage,
  readyForQuery,
} from '#gates/postgres/encode.ts';
import { ProtocolViolation } from '#gates/postgres/frames.ts';

const PASSWORD = 'correct horse';
const SETUP: LoginSetup = { user: 'app', password: PASSWORD, tlsVerified: false, nonce: 'nonce' };

/** Byte1('R') Int32 length, Int32 kind, data. */
function request(kind: number, data: string | Buffer = ''): Buffer {
  const bytes = Buffer.concat([Buffer.from('RLLLLKKKK'), Buffer.from(data as string)]);
  bytes.writeInt32BE(bytes.length - 1, 1);
  bytes.writeInt32BE(kind, 5);
  return bytes;
}

const CLEARTEXT = request(3);
const MD5 = request(5, 'salt');
const SASL = request(10, 'SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0');
const SALT = Buffer.from('0123456789abcdef');
const SERVER_FIRST = `r=nonceServer,s=${SALT.toString('base64')},i=4096`;
const SASL_CONTINUE = request(11, SERVER_FIRST);
const READY = Buffer.concat([parameterStatus('server_version', '18.4'), backendKeyData(7, Buffer.from([1, 2, 3, 4])), readyForQuery('I')]);

function serverFinal(password: string): Buffer {
  const key = createHmac('sha256', pbkdf2Sync(password, SALT, 4_096, 32, 'sha256'))
    .update('Server Key')
    .digest();
  const exchange = `n=,r=nonce,${SERVER_FIRST},c=biws,r=nonceServer`;
  return request(12, `v=${createHmac('sha256', key).update(exchange).digest('base64')}`);
}

/** Every frame by itself; what the last of them led to, and all that was sent. */
function run(setup: LoginSetup, frames: readonly Buffer[]) {
  const login = authenticator(setup);
  const steps = frames.map((frame) => login(frame));
  return { sent: steps.flatMap((step) => step.send), established: steps.at(-1)?.established ?? null };
}

test('authenticator() takes a trusting server, and what it says until it is ready', () => {
  const { sent, established } = run({ ...SETUP, password: null }, [Buffer.concat([authenticationOk(), READY])]);
  assert.deepEqual(sent, []);
  assert.deepEqual(established, {
    parameters: new Map([['server_version', '18.4']]),
    backendKey: { processId: 7, key: Buffer.from([1, 2, 3, 4]) },
  });
});

test('authenticator() logs in by SCRAM-SHA-256, beside SCRAM-SHA-256-PLUS', () => {
  const { sent, established } = run(SETUP, [SASL, SASL_CONTINUE, serverFinal(PASSWORD), Buffer.concat([authenticationOk(), READY])]);
  assert.equal(sent[0]?.toString('latin1', 5), 'SCRAM-SHA-256\0\0\0\0\rn,,n=,r=nonce');
  assert.match(sent[1]?.toString('latin1', 5) ?? '', /^c=biws,r=nonceServer,p=/);
  assert.equal(sent.length, 2);
  assert.notEqual(established, null);
});

test('authenticator() answers MD5 by the salt', () => {
  const inner = createHash('md5').update(`${PASSWORD}app`).digest('hex');
  const expected = passwordMessage(`md5${createHash('md5').update(`${inner}salt`).digest('hex')}`);
  assert.deepEqual(run(SETUP, [MD5]).sent, [expected]);
});

test('authenticator() shows the password in the clear only to a server that TLS proved', () => {
  assert.deepEqual(run({ ...SETUP, tlsVerified: true }, [CLEARTEXT]).sent, [passwordMessage(PASSWORD)]);
  assert.throws(() => run(SETUP, [CLEARTEXT]), ProtocolViolation);
});

const HOSTILE: readonly (readonly [what: string, frames: readonly Buffer[]])[] = [
  ['ready before AuthenticationOk', [readyForQuery('I')]],
  ['a parameter before AuthenticationOk', [parameterStatus('a', 'b')]],
  ['ready in the middle of SCRAM', [SASL, SASL_CONTINUE, readyForQuery('I')]],
  ['AuthenticationOk instead of the first answer', [SASL, authenticationOk()]],
  ['AuthenticationOk instead of the proof', [SASL, SASL_CONTINUE, authenticationOk()]],
  ['the proof of another password', [SASL, SASL_CONTINUE, serverFinal('other')]],
  ['the proof first', [serverFinal(PASSWORD)]],
  ['the challenge first', [SASL_CONTINUE]],
  ['the challenge twice', [SASL, SASL_CONTINUE, SASL_CONTINUE]],
  ['SCRAM twice', [SASL, SASL]],
  ['MD5 in the middle of SCRAM', [SASL, MD5]],
  ['MD5 twice', [MD5, MD5]],
  ['MD5 with a salt cut short', [request(5, 'sal')]],
  ['authentication behind AuthenticationOk', [authenticationOk(), MD5]],
  ['SASL without a mechanism that is spoken', [request(10, 'SCRAM-SHA-256-PLUS\0OAUTHBEARER\0\0')]],
  ['Kerberos', [request(7)]],
  ['an authentication request cut short', [Buffer.from([0x52, 0, 0, 0, 6, 0, 0])]],
  ['rows', [authenticationOk(), Buffer.from('D\0\0\0\u0006\0\0', 'latin1')]],
  ['messages behind ReadyForQuery', [authenticationOk(), Buffer.concat([readyForQuery('I'), parameterStatus('a', 'b')])]],
  ['a parameter above the limit', [authenticationOk(), parameterStatus('a', 'b'.repeat(65_536))]],
  ['parameters without end', [authenticationOk(), ...Array.from({ length: 201 }, (_, index) => parameterStatus(`p${index}`, ''))]],
  ['a key of no length', [authenticationOk(), backendKeyData(1, Buffer.alloc(0))]],
];

test('authenticator() throws ProtocolViolation for a server that leaves the path', () => {
  for (const [what, frames] of HOSTILE) assert.throws(() => run(SETUP, frames), ProtocolViolation, what);
});

test('authenticator() throws ProtocolViolation when a password is asked for and there is none', () => {
  for (const frame of [MD5, SASL]) assert.throws(() => run({ ...SETUP, password: null }, [frame]), ProtocolViolation);
});

test('authenticator() throws LoginRefused with the words of the server, but never with the password (P5)', () => {
  const message = `password "${PASSWORD}" is wrong`;
  const refusal = errorResponse({ severity: 'FATAL', code: '28P01', message, detail: PASSWORD, hint: null });
  assert.throws(
    () => run({ ...SETUP, tlsVerified: true }, [CLEARTEXT, refusal]),
    (error) =>
      error instanceof LoginRefused && error.sqlState === '28P01' && /is wrong/.test(error.message) && !error.message.includes(PASSWORD),
  );
});

test('authenticator() reads past notices, and does without a key where the server gives none', () => {
  const notice = errorResponse({ severity: 'NOTICE', code: '00000', message: 'm', detail: null, hint: null, notice: true });
  const { established } = run(SETUP, [notice, authenticationOk(), notice, readyForQuery('I')]);
  assert.deepEqual(established?.backendKey, { processId: 0, key: Buffer.alloc(4) });
});

test('authenticator() ends established, waiting, or in a typed error for any order of frames', () => {
  const frames = [
    CLEARTEXT,
    MD5,
    SASL,
    SASL_CONTINUE,
    serverFinal(PASSWORD),
    serverFinal('other'),
    authenticationOk(),
    READY,
    readyForQuery('I'),
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...frames), { maxLength: 6 }), (order) => {
      try {
        const { established, sent } = run(SETUP, order);
        assert.ok(established === null || order.includes(frames[6] ?? MD5), 'no session without AuthenticationOk');
        if (established !== null && order.includes(SASL)) assert.ok(order.includes(frames[4] ?? MD5), 'no session without the proof');
        assert.ok(sent.every((frame) => !frame.includes(PASSWORD)));
      } catch (error) {
        assert.ok(error instanceof ProtocolViolation, String(error));
      }
    }),
    { numRuns: 300 },
  );
});
