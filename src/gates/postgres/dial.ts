import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { PostgresTarget } from '#core/policy/policy.ts';
import { authenticator, type Established } from './authentication.ts';
import { cancelRequest, sslRequest, startupMessage } from './encode.ts';
import { FrameReader } from './frames.ts';

/** Why the target could not be reached, in words that hold no secret. */
export class DialError extends Error {
  readonly code: 'unreachable' | 'timed-out' | 'tls' | 'authentication' | 'refused' | 'protocol';

  constructor(code: DialError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DialError';
    this.code = code;
  }
}

export type Upstream = {
  readonly socket: Socket;
  readonly established: Established;
  /** Where frames that came after ReadyForQuery continue. */
  readonly reader: FrameReader;
};

export type DialSetup = {
  readonly target: PostgresTarget;
  readonly password: string | null;
  readonly ca: string | null;
  /** Start-up parameters that passed judgement (R34). */
  readonly parameters: ReadonlyMap<string, string>;
  readonly nonce: string;
  /** Nobody waits any more. */
  readonly signal: AbortSignal;
};

const DIAL_TIMEOUT_MS = 15_000;
const SERVER_FRAME_BYTES_MAX = 64 * 1024 * 1024;

/** Connects, encrypts as the policy says, and logs in with the gateway's own credentials (P5). */
export async function dial(setup: DialSetup): Promise<Upstream> {
  const { target } = setup;
  const timeout = AbortSignal.any([setup.signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)]);
  const plain = await openTcp(target, timeout);
  try {
    const socket = target.tls === 'disable' ? plain : await encrypt(plain, setup, timeout);
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    return await logIn(socket, setup, timeout);
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

function openTcp(target: PostgresTarget, timeout: AbortSignal): Promise<Socket> {
  const socket = connectTcp({ host: target.host, port: target.port });
  socket.on('error', () => {}); // whoever owns the socket at the time hears of it by 'close'; nobody must crash of it
  return settle<Socket>(socket, timeout, (on, resolve, reject) => {
    on('connect', () => resolve(socket));
    on('error', (cause) => reject(new DialError('unreachable', `Cannot reach target ${target.name}: ${codeOf(cause)}`, { cause })));
  }).catch((cause: unknown) => {
    socket.destroy();
    throw cause;
  });
}

/** Asks the server to cancel what that backend is doing: a connection of its own, which says nothing back. */
export async function sendCancel(
  setup: Pick<DialSetup, 'target' | 'ca'>,
  backend: { readonly processId: number; readonly key: Buffer },
): Promise<void> {
  const timeout = AbortSignal.timeout(DIAL_TIMEOUT_MS);
  const plain = await openTcp(setup.target, timeout);
  try {
    const socket = setup.target.tls === 'disable' ? plain : await encrypt(plain, setup, timeout);
    socket.end(cancelRequest(backend.processId, backend.key));
    socket.resume();
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

/** SSLRequest, one byte of answer, then TLS (protocol-flow, "SSL Session Encryption"). */
async function encrypt(plain: Socket, setup: Pick<DialSetup, 'target' | 'ca'>, timeout: AbortSignal): Promise<Socket> {
  const { target } = setup;
  plain.write(sslRequest());
  const answer = await settle<Buffer>(plain, timeout, (on, resolve, reject) => {
    on('data', (chunk) => resolve(chunk));
    on('close', () => reject(new DialError('tls', `Cannot encrypt to target ${target.name}: it hung up`)));
  });
  // CVE-2021-23222: bytes behind the answer were never encrypted, and must not be taken for the server's.
  if (answer.length !== 1) throw new DialError('tls', `Cannot encrypt to target ${target.name}: it sent more than its answer`);
  if (answer[0] !== YES) {
    if (target.tls === 'prefer') return plain;
    throw new DialError('tls', `Cannot encrypt to target ${target.name}: it offers no TLS, expected by tls: ${target.tls}`);
  }
  const verify = target.tls === 'verify-ca' || target.tls === 'verify-full';
  const secure = connectTls({
    socket: plain,
    servername: isAddress(target.host) ? '' : target.host,
    rejectUnauthorized: verify,
    ...(setup.ca === null ? {} : { ca: setup.ca }),
    ...(target.tls === 'verify-full' ? { host: target.host } : { checkServerIdentity: () => undefined }),
  });
  secure.on('error', () => {});
  return settle<Socket>(secure, timeout, (on, resolve, reject) => {
    on('secureConnect', () => resolve(secure));
    on('error', (cause) => reject(new DialError('tls', `Cannot encrypt to target ${target.name}: ${codeOf(cause)}`, { cause })));
  });
}

const YES = 0x53;

function isAddress(host: string): boolean {
  return host.includes(':') || /^[0-9.]+$/.test(host);
}

function logIn(socket: Socket, setup: DialSetup, timeout: AbortSignal): Promise<Upstream> {
  const { target } = setup;
  const reader = new FrameReader({ frameBytesMax: SERVER_FRAME_BYTES_MAX, oversize: 'fail' });
  const login = authenticator({
    user: target.user,
    password: setup.password,
    // A password in the clear goes only to a server that proved who it is.
    tlsVerified: target.tls === 'verify-ca' || target.tls === 'verify-full',
    nonce: setup.nonce,
  });
  socket.write(startupMessage(new Map([['user', target.user], ['database', target.database], ...setup.parameters])));
  return settle<Upstream>(socket, timeout, (on, resolve, reject) => {
    on('close', () => reject(new DialError('refused', `Cannot log in to target ${target.name}: it hung up`)));
    on('data', (chunk) => {
      try {
        for (const batch of reader.push(chunk)) {
          if (batch.kind !== 'frames') throw new DialError('protocol', `Cannot log in to target ${target.name}: message too large`);
          const step = login(batch.frames);
          for (const answer of step.send) socket.write(answer);
          if (step.established === null) continue;
          socket.pause(); // until somebody listens again: what comes meanwhile must not be lost
          resolve({ socket, established: step.established, reader });
        }
      } catch (cause) {
        reject(
          cause instanceof DialError
            ? cause
            : new DialError('authentication', `Cannot log in to target ${target.name}: ${messageOf(cause)}`),
        );
      }
    });
  });
}

type Listener = (value: Buffer & Error) => void;
type On = (event: 'connect' | 'secureConnect' | 'data' | 'error' | 'close', listener: Listener) => void;

/** One answer from a socket, within the time left; the listeners set for it are gone afterwards. */
function settle<T>(
  socket: Socket,
  timeout: AbortSignal,
  wait: (on: On, resolve: (value: T) => void, reject: (cause: unknown) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const listeners: [event: string, listener: Listener][] = [];
    const finish = (settleNow: () => void) => {
      timeout.removeEventListener('abort', expired);
      for (const [event, listener] of listeners) socket.off(event, listener);
      settleNow();
    };
    const expired = () => finish(() => reject(new DialError('timed-out', `Cannot reach the target: no answer in ${DIAL_TIMEOUT_MS} ms`)));
    timeout.addEventListener('abort', expired, { once: true });
    if (timeout.aborted) return expired();
    wait(
      (event, listener) => {
        listeners.push([event, listener]);
        socket.on(event, listener);
      },
      (value) => finish(() => resolve(value)),
      (cause) => finish(() => reject(cause)),
    );
  });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : messageOf(cause);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'unknown failure';
}
