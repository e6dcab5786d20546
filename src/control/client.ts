import { randomUUID } from 'node:crypto';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import * as z from 'zod';
import { sessionAudience } from '#core/identity/audience.ts';
import { answerOf, exchange, type Peer, readAnswer, start } from './exchange.ts';
import { createSigningKey, type SigningKey } from './keys.ts';
import { openLifeline } from './lifeline.ts';
import {
  type CageRequest,
  ClaimAnswer,
  type ClaimRequest,
  CloseAnswer,
  type ConfinementRequest,
  EndAnswer,
  type EndRequest,
  Hello,
  LinkAnswer,
  type LinkRequest,
  Nothing,
  OpenAnswer,
} from './messages.ts';
import { recordingSink } from './recording-sink.ts';
import type { SavedSession } from './saved-session.ts';

export type SessionRequest = {
  /** Absolute path of the gateway's Unix socket. */
  readonly socketPath: string;
  /** Null: the one that the policy binds. */
  readonly duty: string | null;
  readonly mint: Mint;
};

/** Gets an identity token for exactly this audience; `key` is the session's own. Called once. */
export type Mint = (audience: string, key: SigningKey) => Promise<string>;

/** An open session, as its client holds it. Every method may throw ControlError. */
export type ControlSession = {
  readonly answer: OpenAnswer;
  /** With it, another process of this user can go on (saved-session.ts). */
  readonly saved: SavedSession;
  startLink(request: LinkRequest): Promise<ControlLink>;
  /** A command that the gateway has started already. */
  adoptLink(link: string): ControlLink;
  /** Checkpoints for the log, as they come while it lasts. */
  onCheckpoint(tell: (text: string) => void): void;
  /** Resolves when the gateway, or the session in it, is gone without `close` having been asked for. Never rejects. */
  readonly lost: Promise<void>;
  /** Ends links that are still there, and then the session: its evidence is sealed. */
  close(): Promise<CloseAnswer>;
};

/** A command under the session. It lives as long as its recording does. */
export type ControlLink = {
  readonly link: string;
  /** Takes frames as core/recording/frames.ts encodes them; it finishes once the gateway has taken all of them. */
  readonly recording: Writable;
  /** A place in the job's cage: whether to make it, or to enter it where it stands. */
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  /** What the job's cage is to live by, for its first process to inherit. */
  hold(): Promise<Socket>;
  /** Resolves once the listeners inside are up. */
  enterCage(request: CageRequest): Promise<void>;
  /** Resolves once it is in the evidence; the command may start then. */
  confined(request: ConfinementRequest): Promise<void>;
  /** Ends the recording, if nobody has, and then the link. */
  end(request: EndRequest): Promise<EndAnswer>;
};

/** A gateway that is alive sends a byte a second. */
const WATCH_SILENCE_MS_MAX = 15_000;

/**
 * Opens a session with a key made for it. R2 fixes the order: hello, then a token for exactly this gateway, nonce and pair of
 * keys, then the opening; the watch is on before this returns.
 */
export async function openSession({ socketPath, duty, mint }: SessionRequest): Promise<ControlSession> {
  const key = createSigningKey();
  const stranger: Peer = { socketPath, gateway: null, key, token: null, nowMs: Date.now, newId: randomUUID };
  const hello = await exchange(stranger, { method: 'GET', path: '/v1/hello' }, null, Hello);

  const { gateway, nonce, evidenceKey } = hello;
  const token = await mint(sessionAudience({ gateway, nonce, clientKey: key.thumbprint, evidenceKey }), key);

  const known: Peer = { ...stranger, gateway };
  const answer = await exchange(known, { method: 'POST', path: '/v1/sessions' }, { token, duty }, OpenAnswer);
  return holdSession({ socketPath, gateway, key, answer });
}

/** Goes on with a session that another process opened. @throws ControlError when it is no more */
export function resumeSession(saved: SavedSession): Promise<ControlSession> {
  return holdSession(saved);
}

async function holdSession(saved: SavedSession): Promise<ControlSession> {
  const { socketPath, gateway, key, answer } = saved;
  const peer: Peer = { socketPath, gateway, key, token: answer.token, nowMs: Date.now, newId: randomUUID };
  const at = (action: string) => `/v1/sessions/${answer.session}/${action}`;
  const adoptLink = (link: string) => holdLink(peer, link, (action) => at(`links/${link}/${action}`));
  let closing = false;
  let tell: (text: string) => void = () => undefined;
  const { ended } = await watch(peer, at('watch'), (text) => tell(text));
  return {
    answer,
    saved,
    async startLink(request) {
      return adoptLink((await exchange(peer, { method: 'POST', path: at('links') }, request, LinkAnswer)).link);
    },
    adoptLink,
    onCheckpoint(listener) {
      tell = listener;
    },
    lost: new Promise((resolve) => {
      void ended.then(() => {
        if (!closing) resolve();
      });
    }),
    async close() {
      closing = true;
      return exchange(peer, { method: 'POST', path: at('close') }, {}, CloseAnswer);
    },
  };
}

function holdLink(peer: Peer, link: string, at: (action: string) => string): ControlLink {
  const recording = recordingSink(peer, at('recording'));
  return {
    link,
    recording,
    claim: (request) => exchange(peer, { method: 'POST', path: at('claim') }, request, ClaimAnswer),
    hold: () => openLifeline(peer, at('hold')),
    async enterCage(request) {
      await exchange(peer, { method: 'POST', path: at('cage') }, request, Nothing);
    },
    async confined(request) {
      await exchange(peer, { method: 'POST', path: at('confinement') }, request, Nothing);
    },
    async end(request) {
      await endOfRecording(recording);
      return exchange(peer, { method: 'POST', path: at('end') }, request, EndAnswer);
    },
  };
}

/** @returns once the gateway answers. */
async function watch(peer: Peer, path: string, tell: (text: string) => void): Promise<{ readonly ended: Promise<void> }> {
  const request = await start(peer, { method: 'GET', path });
  const answered = answerOf(request);
  request.end();
  const beats = await answered;
  if (beats.statusCode !== 200) await readAnswer(beats, z.never());
  tellLines(beats, tell);
  return { ended: endOf(request, beats) };
}

/** Lines among the beats. What is no checkpoint, or has no end, is passed over. */
function tellLines(beats: IncomingMessage, tell: (text: string) => void): void {
  let rest = '';
  beats.setEncoding('latin1');
  beats.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = (lines.pop() ?? '').trimStart().slice(0, CHECKPOINT_CHARACTERS_MAX);
    for (const line of lines) if (CHECKPOINT.test(line.trim())) tell(line.trim());
  });
}

const CHECKPOINT = /^dgc1[A-Za-z0-9._-]{1,400}$/;
const CHECKPOINT_CHARACTERS_MAX = 1024;

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

/** What went wrong with it, its writer and the gateway know; here it only has to be over. */
async function endOfRecording(sink: Writable): Promise<void> {
  if (!sink.writableEnded) sink.end();
  await finished(sink).catch(() => undefined);
}
