import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import {
  encodeNested,
  encodeNestedBytes,
  encodeNumber,
  NESTED_PAYLOAD_BYTES_MAX,
  NestedDecoder,
  type NestedFrame,
} from '#core/nested/frames.ts';
import { parseResize } from '#core/recording/frames.ts';
import type { OutputSink, RemoteTerminal } from './plan.ts';
import { FORWARDED_SIGNALS } from './terminate.ts';

/** Input that may be on its way: some chunks of it. */
const CREDIT_BYTES = 4 * NESTED_PAYLOAD_BYTES_MAX;

export type NestedEvents = {
  /** Somebody asks for an end. */
  signal(name: NodeJS.Signals): void;
  /** Nobody is there any more, or says what has no place: the command is to end. */
  gone(): void;
};

/**
 * Whoever asked for a command, at the other end of the connection: a terminal to the wrapper (plan.ts), and where what it says goes. What
 * comes from there is hostile: it can end its own command, and no more.
 */
export class NestedPeer implements RemoteTerminal {
  readonly keyboard: RemoteTerminal['keyboard'];
  readonly screen: RemoteTerminal['screen'];
  readonly #socket: Socket;
  readonly #events: NestedEvents;
  readonly #keys = new EventEmitter();
  readonly #sizes = new EventEmitter();
  readonly #decoder = new NestedDecoder(['stdin', 'stdin-end', 'resize', 'signal']);
  #size: { readonly columns: number; readonly rows: number };
  #credit = 0;
  #isGone = false;
  #isOver = false;
  #onGone: () => void = () => undefined;
  #waiting: Buffer[] = [];
  #isPaused = true;

  constructor(socket: Socket, size: { readonly columns: number; readonly rows: number }, events: NestedEvents) {
    this.#socket = socket;
    this.#events = events;
    this.#size = size;
    const [keys, sizes] = [this.#keys, this.#sizes];
    const current = (): typeof size => this.#size;
    this.keyboard = {
      on: (event, listener) => keys.on(event, listener),
      off: (event, listener) => keys.off(event, listener),
      pause: () => this.#pause(),
      resume: () => this.#resume(),
      setRawMode: () => undefined,
    };
    this.screen = {
      get columns() {
        return current().columns;
      },
      get rows() {
        return current().rows;
      },
      on: (event, listener) => sizes.on(event, listener),
      off: (event, listener) => sizes.off(event, listener),
    };
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => undefined);
    socket.once('close', () => this.#gone());
    socket.once('end', () => this.#gone());
  }

  /** Called with what comes from the asker's standard input; `null` at its end. Credit for more is given by `taken`. */
  onInput: (bytes: Buffer | null) => void = () => undefined;

  /** The first credit is given here: nothing comes before. */
  begin(): void {
    this.#give(CREDIT_BYTES);
  }

  /** So much of the input has gone its way. */
  taken(bytes: number): void {
    this.#give(bytes);
  }

  output(onGone: () => void): OutputSink {
    this.#onGone = onGone;
    return {
      write: (bytes) => encodeNestedBytes('output', bytes).reduce((_, frame) => this.#send(frame), true),
      drained: () => this.#drained(),
    };
  }

  message(line: string): void {
    this.#send(encodeNested('message', line.slice(0, MESSAGE_CHARACTERS_MAX)));
  }

  /** The last thing that is said. Resolves when it is out, or nobody listens. */
  exit(code: number): Promise<void> {
    this.#isOver = true;
    return new Promise((resolve) => {
      if (!this.#socket.writable) return resolve();
      this.#socket.once('close', () => resolve());
      this.#socket.end(encodeNumber('exit', code), () => resolve());
    });
  }

  #take(chunk: Buffer): void {
    try {
      for (const frame of this.#decoder.push(chunk)) this.#frame(frame);
    } catch {
      this.#socket.destroy();
    }
  }

  #frame({ kind, payload }: NestedFrame): void {
    if (kind === 'stdin') this.#stdin(Buffer.from(payload));
    else if (kind === 'stdin-end') this.onInput(null);
    else if (kind === 'resize') this.#resize(parseResize(payload));
    else if (kind === 'signal') this.#signal(Buffer.from(payload).toString('latin1'));
  }

  #stdin(bytes: Buffer): void {
    this.#credit -= bytes.length;
    if (this.#credit < 0) throw new Error('more than it had credit for');
    if (this.#keys.listenerCount('data') === 0) return this.onInput(bytes);
    if (this.#isPaused) this.#waiting.push(bytes);
    else this.#key(bytes);
  }

  #key(bytes: Buffer): void {
    this.#keys.emit('data', bytes);
    this.#give(bytes.length);
  }

  #pause(): void {
    this.#isPaused = true;
  }

  #resume(): void {
    this.#isPaused = false;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#isPaused ? undefined : this.#waiting.shift()) this.#key(next);
  }

  #resize(size: { readonly columns: number; readonly rows: number } | null): void {
    if (size === null || size.columns > 65_535 || size.rows > 65_535) throw new Error('no size');
    this.#size = size;
    this.#sizes.emit('resize');
  }

  #signal(name: string): void {
    const signal = FORWARDED_SIGNALS.find((each) => each === name);
    if (signal !== undefined) this.#events.signal(signal);
  }

  #give(bytes: number): void {
    this.#credit += bytes;
    this.#send(encodeNumber('credit', bytes));
  }

  #send(frame: Buffer): boolean {
    return this.#socket.writable && !this.#isOver ? this.#socket.write(frame) : true;
  }

  #drained(): Promise<void> {
    if (!this.#socket.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      this.#socket.once('drain', resolve);
      this.#socket.once('close', resolve);
    });
  }

  #gone(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    if (this.#isOver) return;
    this.#onGone();
    this.#events.gone();
  }
}

const MESSAGE_CHARACTERS_MAX = 8000;
