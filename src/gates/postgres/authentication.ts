import { createHash } from 'node:crypto';
import { passwordMessage, saslInitialResponse, saslResponse } from './encode.ts';
import { ProtocolViolation } from './frames.ts';
import { type ScramFinal, type ScramFirst, scramClient } from './scram.ts';
import { decodeBackendKeyData, decodeParameterStatus, errorFields } from './server-messages.ts';

/** What the server said until it was ready. */
export type Established = {
  readonly parameters: ReadonlyMap<string, string>;
  readonly backendKey: { readonly processId: number; readonly key: Buffer };
};

export type LoginSetup = {
  readonly user: string;
  readonly password: string | null;
  /** The server proved its name: only then may it see a password in the clear. */
  readonly tlsVerified: boolean;
  readonly nonce: string;
};

export type LoginStep = { readonly send: readonly Buffer[]; readonly established: Established | null };

/** The target said no. The words and `sqlState` are its own; a password that it repeats is taken out. */
export class LoginRefused extends Error {
  readonly sqlState: string;

  constructor(sqlState: string, message: string) {
    super(`the target refused the log-in: ${message} (${sqlState})`);
    this.name = 'LoginRefused';
    this.sqlState = sqlState;
  }
}

/**
 * The gateway's own log-in (protocol-flow, "Start-up"): takes whole frames of the server, answers with what to send.
 *
 * The server is not proved yet, and controls every byte. It gets one exchange by one method: another behind it, or an
 * AuthenticationOk in the middle of SCRAM, is a ProtocolViolation. Two methods show more than SCRAM does: the clear password,
 * which takes a server that TLS proved, and MD5, which lets whoever listens guess at leisure.
 */
export function authenticator(setup: LoginSetup): (frames: Buffer) => LoginStep {
  const state: LoginState = { setup, parameters: new Map(), backendKey: null, exchange: { kind: 'none' }, accepted: false };
  return (frames) => {
    const send: Buffer[] = [];
    for (let start = 0; start < frames.length; ) {
      const end = start + 1 + frames.readUInt32BE(start + 1);
      if (frame(state, frames, start, end, send)) {
        if (end !== frames.length) throw new ProtocolViolation('messages behind the first ReadyForQuery');
        return {
          send,
          established: { parameters: state.parameters, backendKey: state.backendKey ?? { processId: 0, key: Buffer.alloc(4) } },
        };
      }
      start = end;
    }
    return { send, established: null };
  };
}

type LoginState = {
  readonly setup: LoginSetup;
  readonly parameters: Map<string, string>;
  backendKey: { readonly processId: number; readonly key: Buffer } | null;
  exchange: Exchange;
  /** AuthenticationOk has come. */
  accepted: boolean;
};

type Exchange =
  | { readonly kind: 'none' }
  /** A password was sent, in the clear or as MD5: nothing will prove the server. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'scram-first'; readonly scram: ScramFirst }
  | { readonly kind: 'scram-final'; readonly scram: ScramFinal }
  | { readonly kind: 'scram-verified' };

/** True once the server is ready. */
function frame(state: LoginState, frames: Buffer, start: number, end: number, send: Buffer[]): boolean {
  const type = String.fromCharCode(frames[start] ?? 0);
  if (end - start > LOGIN_FRAME_BYTES_MAX) throw new ProtocolViolation(`message of ${end - start} bytes during log-in`);
  if (state.accepted ? type === 'R' : AFTER_OK.has(type))
    throw new ProtocolViolation(`message ${JSON.stringify(type)} out of turn during log-in`);
  switch (type) {
    case 'R':
      send.push(...authentication(state, frames.subarray(start + 5, end)));
      return false;
    case 'S': {
      const { name, value } = decodeParameterStatus(frames, start, end);
      state.parameters.set(name, value);
      if (state.parameters.size > PARAMETERS_MAX) throw new ProtocolViolation(`more than ${PARAMETERS_MAX} parameters`);
      return false;
    }
    case 'K':
      state.backendKey = decodeBackendKeyData(frames, start, end);
      return false;
    case 'N':
    case 'v':
      return false;
    case 'E': {
      const fields = errorFields(frames, start, end);
      throw new LoginRefused(fields.get('C') ?? 'no code', withoutPassword(state, fields.get('M') ?? 'no reason given'));
    }
    case 'Z':
      return true;
    default:
      throw new ProtocolViolation(`message ${JSON.stringify(type)} during log-in`);
  }
}

/** ParameterStatus, BackendKeyData, ReadyForQuery: else a server could skip its proof of the password by skipping AuthenticationOk. */
const AFTER_OK: ReadonlySet<string> = new Set(['S', 'K', 'Z']);
/** What is said during log-in is short; libpq bounds it likewise. */
const LOGIN_FRAME_BYTES_MAX = 64 * 1024;
/** PostgreSQL reports some fifteen. */
const PARAMETERS_MAX = 200;

const OK = 0;
const CLEARTEXT = 3;
const MD5 = 5;
const SASL = 10;
const SASL_CONTINUE = 11;
const SASL_FINAL = 12;
const MD5_SALT_BYTES = 4;

/** Int32 kind, then what the kind needs. */
function authentication(state: LoginState, body: Buffer): Buffer[] {
  const kind = body.length < 4 ? -1 : body.readInt32BE(0);
  const data = body.subarray(4);
  switch (kind) {
    case OK:
      if (state.exchange.kind === 'scram-first' || state.exchange.kind === 'scram-final')
        throw new ProtocolViolation('the server skipped its proof of the password');
      state.accepted = true;
      return [];
    case CLEARTEXT:
      begin(state);
      if (!state.setup.tlsVerified)
        throw new ProtocolViolation('the server asks for the password in the clear, expected tls: verify-ca or verify-full for that');
      return [passwordMessage(passwordOf(state))];
    case MD5:
      begin(state);
      if (data.length !== MD5_SALT_BYTES) throw new ProtocolViolation(`MD5 salt of ${data.length} bytes`);
      return [passwordMessage(md5Answer(state.setup.user, passwordOf(state), data))];
    case SASL:
      begin(state);
      return saslFirst(state, data);
    case SASL_CONTINUE: {
      if (state.exchange.kind !== 'scram-first') throw new ProtocolViolation('SASL out of turn');
      const scram = state.exchange.scram.answer(data.toString('utf8'));
      state.exchange = { kind: 'scram-final', scram };
      return [saslResponse(scram.message)];
    }
    case SASL_FINAL:
      if (state.exchange.kind !== 'scram-final') throw new ProtocolViolation('SASL out of turn');
      state.exchange.scram.verify(data.toString('utf8'));
      state.exchange = { kind: 'scram-verified' };
      return [];
    default:
      throw new ProtocolViolation(`log-in method ${kind}, expected trust, password, md5 or SCRAM-SHA-256`);
  }
}

function begin(state: LoginState): void {
  if (state.exchange.kind !== 'none') throw new ProtocolViolation('second log-in method');
  state.exchange = { kind: 'answered' };
}

function saslFirst(state: LoginState, data: Buffer): Buffer[] {
  const mechanisms = data.toString('latin1').split('\0');
  if (!mechanisms.includes(MECHANISM))
    throw new ProtocolViolation(`SASL mechanisms ${mechanisms.filter(Boolean).join(', ')}, expected ${MECHANISM}`);
  const scram = scramClient(passwordOf(state), state.setup.nonce);
  state.exchange = { kind: 'scram-first', scram };
  return [saslInitialResponse(MECHANISM, scram.message)];
}

const MECHANISM = 'SCRAM-SHA-256';

function passwordOf(state: LoginState): string {
  if (state.setup.password === null)
    throw new ProtocolViolation('the server asks for a password, and the policy names none for this target');
  return state.setup.password;
}

/** INVARIANT (P5): a target that was told the password could say it in its error, which goes to the client and the audit. */
function withoutPassword({ setup: { password } }: LoginState, message: string): string {
  return password === null || password === '' ? message : message.replaceAll(password, '(password)');
}

/** "md5" + md5(md5(password + user) + salt), in hex. */
function md5Answer(user: string, password: string, salt: Buffer): string {
  const inner = createHash('md5').update(password).update(user).digest('hex');
  return `md5${createHash('md5').update(inner).update(salt).digest('hex')}`;
}
