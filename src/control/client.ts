import { randomUUID } from 'node:crypto';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { sessionAudience } from '#core/identity/audience.ts';
import { answerOf, exchange, type Peer, readAnswer, start } from './exchange.ts';
import { createSigningKey } from './keys.ts';
import { mintLocalToken } from './local-token.ts';
import { localUserName } from './local-user.ts';
import { type CageRequest, CloseAnswer, type CloseRequest, Hello, OpenAnswer } from './messages.ts';

export type SessionRequest = {
  /** Absolute path of the gateway's Unix socket. */
  readonly socketPath: string;
  /** Null: the one that the policy binds. */
  readonly duty: string | null;
  /** The command, for the record. */
  readonly argv: readonly string[];
};

/** An open session, as the wrapper holds it. Every method may throw ControlError. */
export type ControlSession = {
  readonly answer: OpenAnswer;
  /** Resolves once the listeners inside are up. */
  enterCage(request: CageRequest): Promise<void>;
  /** The recording, as core/recording/frames.ts encodes it. It finishes once the gateway has taken all of it. Once a session. */
  record(): Writable;
  /** Resolves when the gateway, or the session in it, is gone without `close` having been asked for. Never rejects. */
  readonly lost: Promise<void>;
  /** Ends the recording, if nobody has, and then the session. */
  close(request: CloseRequest): Promise<CloseAnswer>;
};

/** A gateway that is alive sends a byte a second. */
const WATCH_SILENCE_MS_MAX = 15_000;

/**
 * Opens a session with a key made for it. R2 fixes the order: hello, then a token for exactly this gateway, nonce and pair of
 * keys, then the opening; the watch is on before this returns.
 */
export async function openSession({ socketPath, duty, argv }: SessionRequest): Promise<ControlSession> {
  const key = createSigningKey();
  const stranger: Peer = { socketPath, gateway: null, key, token: null, nowMs: Date.now, newId: randomUUID };
  const hello = await exchange(stranger, { method: 'GET', path: '/v1/hello' }, null, Hello);

  const { gateway, nonce, evidenceKey } = hello;
  const audience = sessionAudience({ gateway, nonce, clientKey: key.thumbprint, evidenceKey });
  const token = await mintLocalToken(key, { user: localUserName(), audience }, Date.now(), randomUUID());

  const known: Peer = { ...stranger, gateway };
  const answer = await exchange(known, { method: 'POST', path: '/v1/sessions' }, { token, duty, argv }, OpenAnswer);
  return holdSession({ ...known, token: answer.token }, answer);
}

async function holdSession(peer: Peer, answer: OpenAnswer): Promise<ControlSession> {
  const at = (action: string) => `/v1/sessions/${answer.session}/${action}`;
  let closing = false;
  let recording: Writable | null = null;
  const { ended } = await watch(peer, at('watch'));
  return {
    answer,
    async enterCage(request) {
      await exchange(peer, { method: 'POST', path: at('cage') }, request, z.strictObject({}));
    },
    record() {
      recording = recordingSink(peer, at('recording'));
      return recording;
    },
    lost: new Promise((resolve) => {
      void ended.then(() => {
        if (!closing) resolve();
      });
    }),
    async close(request) {
      closing = true;
      if (recording !== null) await endOfRecording(recording);
      return exchange(peer, { method: 'POST', path: at('close') }, request, CloseAnswer);
    },
  };
}

/** @returns once the gateway answers. */
async function watch(peer: Peer, path: string): Promise<{ readonly ended: Promise<void> }> {
  const request = await start(peer, { method: 'GET', path });
  const answered = answerOf(request);
  request.end();
  const beats = await answered;
  if (beats.statusCode !== 200) await readAnswer(beats, z.never());
  return { ended: endOf(request, beats) };
}

/** Resolves when the beats end, for whatever reason, silence included. */
function endOf(request: ClientRequest, beats: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const silence = setTimeout(() => request.destroy(), WATCH_SILENCE_MS_MAX).unref();
    beats.on('data', () => silence.refresh());
    beats.on('error', () => undefined);
    beats.once('close', () => {
      clearTimeout(silence);
      resolve();
    });
  });
}

/** The body of one long request: it is finished when the gateway has answered that it has everything. */
function recordingSink(peer: Peer, path: string): Writable {
  const started = start(peer, { method: 'POST', path, headers: { 'content-type': 'application/octet-stream' } });
  const answered = started.then(answerOf).then((answer) => readAnswer(answer, z.strictObject({})));
  const sink = new Writable({
    highWaterMark: RECORDING_BYTES_BUFFERED_MAX,
    write(chunk: Buffer, _encoding, done) {
      started.then((request) => {
        if (request.write(chunk)) return done();
        once(request, ['drain', 'close'], () => done());
      }, done);
    },
    final(done) {
      started.then((request) => request.end()).catch(() => undefined);
      answered.then(() => done(), done);
    },
    destroy(error, done) {
      started.then((request) => request.destroy()).catch(() => undefined);
      done(error);
    },
  });
  // An answer before the end is a refusal: whoever writes hears of it at once.
  answered.catch((error: Error) => sink.destroy(error));
  return sink;
}

/** What went wrong with it, its writer and the gateway know; here it only has to be over. */
async function endOfRecording(sink: Writable): Promise<void> {
  if (!sink.writableEnded) sink.end();
  await finished(sink).catch(() => undefined);
}

const RECORDING_BYTES_BUFFERED_MAX = 256 * 1024;

function once(request: ClientRequest, events: readonly string[], then: () => void): void {
  const fire = (): void => {
    for (const event of events) request.off(event, fire);
    then();
  };
  for (const event of events) request.on(event, fire);
}
