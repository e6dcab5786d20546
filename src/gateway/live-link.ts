import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { EvidenceFault } from '#adapters/files/evidence-folder.ts';
import { RecordingWriter } from '#adapters/files/recording-writer.ts';
import { ControlError } from '#control/fault.ts';
import type { Lifeline } from '#control/lifeline.ts';
import type { CageRequest, ClaimAnswer, ClaimRequest, ConfinementRequest, EndRequest } from '#control/messages.ts';
import { FrameDecoder } from '#core/recording/frames.ts';
import type { Command } from '#session/session.ts';
import type { JobCages } from './job-cages.ts';
import { LiveCage, type LiveCageParts } from './live-cage.ts';

export type LiveLinkParts = Omit<LiveCageParts, 'link'> & {
  readonly command: Command;
  /** Those that commands of the session share, if they ask for one. */
  readonly cages: Pick<JobCages, 'claim' | 'madeBy' | 'hold' | 'stands' | 'left'>;
  /** A client that has not begun to record after this long never will. */
  readonly recordingBeginMsMax: number;
};

/**
 * One command of a session: its recording, and the cage that it has for itself or shares. It lives as long as its recording flows:
 * when that breaks off, whoever watched the command is gone, and nothing of it reaches a target any more.
 */
export class LiveLink {
  /** Resolves when its end begins. */
  readonly ending: Promise<void>;
  readonly #endBegun = Promise.withResolvers<void>();
  readonly #parts: LiveLinkParts;
  readonly #own: LiveCage;
  readonly #waiting = new AbortController();
  /** Resolves, too, when there will be none. */
  readonly #recordingBegun = Promise.withResolvers<void>();
  #isSharing = false;
  #frames: Readable | null = null;
  #recording: Promise<void> | null = null;
  #recordingEnded = false;
  #stopping: Promise<void> | null = null;
  #ending: Promise<void> | null = null;

  constructor(parts: LiveLinkParts) {
    this.#parts = parts;
    this.ending = this.#endBegun.promise;
    this.#own = new LiveCage({ ...parts, link: parts.command.link });
    void delay(parts.recordingBeginMsMax, null, { signal: this.#waiting.signal, ref: false })
      .then(() => this.cut('nobody began to record it'))
      .catch(() => undefined);
  }

  /** Of its own cage; null while it has none. */
  get place(): LiveCage['place'] {
    return this.#own.place;
  }

  get isEnding(): boolean {
    return this.#stopping !== null;
  }

  /** Takes a place in a cage of the job's, in the stead of one of its own: whether it makes it, or finds it standing. */
  async claim(request: ClaimRequest): Promise<ClaimAnswer> {
    await this.#recorded();
    if (this.#isSharing) throw new ControlError('conflict', 'Cannot claim a cage: this command has claimed one, expected its first claim');
    this.#isSharing = true;
    const { cages, command } = this.#parts;
    return cages.claim(command.link, request, () => this.#stopping === null);
  }

  /** Takes what the job's cage is to live by, from the command that makes it. Resolves when the cage has ended. */
  async hold(lifeline: Lifeline): Promise<void> {
    await this.#parts.cages.hold(this.#parts.command.link, lifeline);
  }

  async enterCage(request: CageRequest): Promise<void> {
    this.#requireLive();
    const cage = this.#cage();
    // The two requests travel side by side.
    await this.#recorded();
    await cage.open(request);
  }

  /** Takes what came of the escape attempts, once, when the listeners are up. Nothing of the command is served before. */
  async confined(request: ConfinementRequest): Promise<void> {
    this.#requireLive();
    await this.#cage().confined(request);
    this.#parts.cages.stands(this.#parts.command.link);
  }

  /** Its own, or the one that it makes for the job. */
  #cage(): Pick<LiveCage, 'open' | 'confined'> {
    const cage = this.#isSharing ? this.#parts.cages.madeBy(this.#parts.command.link) : this.#own;
    if (cage === null)
      throw new ControlError('conflict', 'Cannot use the cage: it stands, and this command did not make it, expected its maker');
    return cage;
  }

  /** INVARIANT (P2): what is not recorded does not begin. */
  async #recorded(): Promise<void> {
    this.#requireLive();
    await this.#recordingBegun.promise;
    this.#requireLive();
  }

  /** Takes the recording, once. Resolves when it has all of it; when it breaks off, so does the command. */
  record(frames: Readable): Promise<void> {
    this.#requireLive();
    if (this.#recording !== null) throw new ControlError('conflict', 'Cannot record: this command has its recording, expected none');
    this.#waiting.abort();
    this.#recordingBegun.resolve();
    this.#frames = frames;
    const recording = this.#writeRecording(frames);
    this.#recording = recording.catch(() => undefined);
    return recording;
  }

  async #writeRecording(frames: Readable): Promise<void> {
    let sink: RecordingSink | null = null;
    let fault = 'its end is missing';
    try {
      sink = this.#parts.keeps.recordings === 'none' ? unkept() : this.#writer();
      for await (const chunk of frames) await sink.push(chunk);
      const { droppedBytes } = await sink.close();
      if (droppedBytes === 0) return;
    } catch (cause) {
      fault = cause instanceof Error ? cause.message : fault;
      await sink?.close().catch(() => undefined); // it says the same again
      if (cause instanceof EvidenceFault) this.#parts.onUnrecordable(fault);
    } finally {
      this.#recordingEnded = true;
    }
    // Not awaited: it waits for this.
    void this.cut('its recording broke off').catch(() => undefined);
    throw new ControlError('malformed', `Cannot take the recording: ${fault}, expected whole frames to the end`);
  }

  /** Ends it well: nothing of the command can act any more when its end is written. */
  end(how: EndRequest): Promise<void> {
    if (this.#recording !== null && !this.#recordingEnded) {
      throw new ControlError('conflict', 'Cannot end the command: its recording goes on, expected it ended');
    }
    return this.#end('the command has ended', how, 'ended');
  }

  /** Ends it whatever its state; how the command ended, nobody can say. */
  cut(why: string): Promise<void> {
    return this.#end(why, { exitCode: null, signal: null }, 'cut');
  }

  #end(why: string, how: EndRequest, left: 'ended' | 'cut'): Promise<void> {
    this.#ending ??= this.#ended(why, how, left);
    return this.#ending;
  }

  async #ended(why: string, how: EndRequest, left: 'ended' | 'cut'): Promise<void> {
    const { session, command, cages } = this.#parts;
    await this.stop(why);
    await cages.left(command.link, left);
    await session.commandEnded(command, how);
  }

  /** Nothing new comes in from here on, before the first await; resolves when nothing is going on any more. */
  stop(why: string): Promise<void> {
    this.#stopping ??= this.#stop(why);
    return this.#stopping;
  }

  async #stop(why: string): Promise<void> {
    this.#endBegun.resolve();
    this.#waiting.abort();
    this.#recordingBegun.resolve();
    const stopped = this.#own.stop(why);
    this.#frames?.destroy();
    await stopped;
    await this.#recording;
  }

  #writer(): RecordingWriter {
    const { folder, audit, command, encrypt } = this.#parts;
    return new RecordingWriter({ folder, of: 'terminal', link: command.link, range: (entry) => audit.append(entry), encrypt });
  }

  #requireLive(): void {
    this.#parts.session.requireOpen();
    if (this.#stopping !== null) throw new ControlError('conflict', 'Cannot use the link: its command has ended, expected it alive');
  }
}

type RecordingSink = Pick<RecordingWriter, 'push' | 'close'>;

/** Where nothing is to be kept of it, the command still lives as long as its recording flows. */
function unkept(): RecordingSink {
  const decoder = new FrameDecoder();
  return {
    async push(bytes) {
      decoder.push(bytes);
    },
    close: async () => ({ droppedBytes: decoder.pendingBytes }),
  };
}
