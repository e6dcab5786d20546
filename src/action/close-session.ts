import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { resumeSession } from '#control/client.ts';
import { readSavedSession, SavedSessionError } from '#control/saved-session.ts';
import { within } from './time-limit.ts';

export type Closing =
  /** Sealed. `checkpoint`: of its end, for the log. */
  | { readonly kind: 'closed'; readonly checkpoint: string | null }
  /** Main never opened one. */
  | { readonly kind: 'none' }
  /** The gateway, or the session in it, was gone, or could not seal: in words. */
  | { readonly kind: 'lost'; readonly why: string };

/** Sealing reads all recordings once more. */
const CLOSE_MS_MAX = 150_000;
const GONE_MS_MAX = 5000;
const GONE_ASKED_EVERY_MS = 50;

/** Ends the session of a job, and waits until its gateway is gone: the runner would sweep it, and say so. Never throws. */
export async function closeSession(jobFolder: string): Promise<Closing> {
  try {
    const saved = readSavedSession(jobFolder);
    const closing = await within(CLOSE_MS_MAX, close(saved), () => new Error(`the gateway did not answer in ${CLOSE_MS_MAX} ms`));
    await untilGone(saved.socketPath);
    return closing;
  } catch (error) {
    if (error instanceof SavedSessionError && error.code === 'missing') return { kind: 'none' };
    return { kind: 'lost', why: messageOf(error) };
  }
}

async function close(saved: Parameters<typeof resumeSession>[0]): Promise<Closing> {
  try {
    const session = await resumeSession(saved);
    const { checkpoint } = await session.close();
    return { kind: 'closed', checkpoint };
  } catch (error) {
    return { kind: 'lost', why: messageOf(error) };
  }
}

async function untilGone(socketPath: string): Promise<void> {
  const deadline = performance.now() + GONE_MS_MAX;
  while (performance.now() < deadline && (await answers(socketPath))) await delay(GONE_ASKED_EVERY_MS);
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
