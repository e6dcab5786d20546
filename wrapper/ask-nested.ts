import { request as startRequest } from 'node:http';
import type { Socket } from 'node:net';
import { INNER_CONTROL_PORT, INNER_CONTROLS } from '#core/chain/whoami.ts';
import {
  encodeNested,
  encodeNestedBytes,
  NESTED_PAYLOAD_BYTES_MAX,
  NestedDecoder,
  type NestedFrame,
  numberOf,
} from '#core/nested/frames.ts';
import { NESTED_PATH, NESTED_UPGRADE, type NestedRequest } from '#core/nested/request.ts';
import { DescriptorWriter } from './descriptor-writer.ts';
import { EXIT_NOT_STARTED, EXIT_SESSION_LOST } from './exit-code.ts';
import { say } from './say.ts';
import { onSignals } from './terminate.ts';

const CONNECT_MS_MAX = 10_000;
/** As if SIGPIPE had ended it. */
const EXIT_BROKEN_PIPE = 128 + 13;

export type NestedPlace = { readonly host: string; readonly port: number };

/**
 * Has the gateway run a command in a cage within ours, and lends it our descriptors: what is read here goes there, what it prints comes
 * here. Inside a cage only.
 *
 * @returns its exit code; 125 when it did not start, 123 when nobody can say how it ended. Why has been said.
 */
export async function askNested(
  request: NestedRequest,
  place: NestedPlace = { host: INNER_CONTROLS[0], port: INNER_CONTROL_PORT },
): Promise<number> {
  const socket = await connect(place);
  if (socket === null) {
    say('Cannot run: no gateway answers, expected to be inside a command that duty-gate runs');
    return EXIT_NOT_STARTED;
  }
  socket.write(encodeNested('request', JSON.stringify(request)));
  const person = new Person(socket, request.terminal !== null);
  try {
    return await person.exitCode;
  } finally {
    person.leave();
  }
}

/** Null when nobody is there, or not who should be. */
function connect({ host, port }: NestedPlace): Promise<Socket | null> {
  return new Promise((resolve) => {
    const request = startRequest({
      ...{ host, port, path: NESTED_PATH, agent: false, timeout: CONNECT_MS_MAX },
      headers: { connection: 'Upgrade', upgrade: NESTED_UPGRADE },
    });
    request.once('upgrade', (_answer, socket: Socket) => {
      socket.setTimeout(0);
      resolve(socket);
    });
    request.once('response', () => resolve(null));
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(null));
    request.once('close', () => resolve(null));
    request.end();
  });
}

/** Our own side of it: descriptors 0 and 1, signals, and the terminal if there is one. */
class Person {
  readonly exitCode: Promise<number>;
  readonly #socket: Socket;
  readonly #output: DescriptorWriter;
  readonly #decoder = new NestedDecoder(['credit', 'output', 'message', 'exit']);
  readonly #exit = Promise.withResolvers<number>();
  readonly #stops: (() => void)[] = [];
  #credit = 0;
  #input: NodeJS.ReadStream | null = null;

  constructor(socket: Socket, isTerminal: boolean) {
    this.#socket = socket;
    this.exitCode = this.#exit.promise;
    this.#output = new DescriptorWriter(1, () => {
      this.#exit.resolve(EXIT_BROKEN_PIPE);
      socket.destroy();
    });
    this.#stops.push(onSignals((name) => this.#send(encodeNested('signal', name))));
    if (isTerminal) this.#lendTerminal();
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => undefined);
    socket.once('close', () => this.#lost());
  }

  leave(): void {
    for (const stop of this.#stops) stop();
    this.#input?.pause();
    this.#socket.destroy();
  }

  #lendTerminal(): void {
    const onResize = (): void => this.#send(encodeNested('resize', `${process.stdout.columns}x${process.stdout.rows}`));
    process.stdin.setRawMode(true);
    process.stdout.on('resize', onResize);
    this.#stops.push(() => {
      process.stdin.setRawMode(false);
      process.stdout.off('resize', onResize);
    });
  }

  #take(chunk: Buffer): void {
    try {
      for (const frame of this.#decoder.push(chunk)) this.#frame(frame);
    } catch {
      this.#socket.destroy();
    }
  }

  #frame(frame: NestedFrame): void {
    switch (frame.kind) {
      case 'credit':
        this.#credit += numberOf(frame);
        this.#read();
        break;
      case 'output':
        this.#print(frame.payload);
        break;
      case 'message':
        say(Buffer.from(frame.payload).toString('utf8'));
        break;
      default: {
        const code = numberOf(frame) & 0xff;
        void this.#output.drained().then(() => this.#exit.resolve(code));
      }
    }
  }

  #print(bytes: Uint8Array): void {
    if (this.#output.write(bytes)) return;
    this.#socket.pause();
    void this.#output.drained().then(() => this.#socket.resume());
  }

  /** No more than somebody has room for: what is not read stays for whoever comes after us. */
  #read(): void {
    if (this.#input === null) {
      this.#input = process.stdin;
      this.#input.on('readable', () => this.#read());
      this.#input.once('end', () => this.#send(encodeNested('stdin-end')));
      this.#input.once('error', () => this.#send(encodeNested('stdin-end')));
    }
    while (this.#credit > 0) {
      const length = Math.min(this.#credit, NESTED_PAYLOAD_BYTES_MAX, this.#input.readableLength);
      const bytes: Buffer | null = length > 0 ? this.#input.read(length) : null;
      if (bytes === null) {
        // Asks for more, and takes nothing.
        this.#input.read(0);
        return;
      }
      this.#credit -= bytes.length;
      for (const frame of encodeNestedBytes('stdin', bytes)) this.#send(frame);
    }
  }

  #send(frame: Buffer): void {
    if (this.#socket.writable) this.#socket.write(frame);
  }

  #lost(): void {
    void this.#output.drained().then(() => this.#exit.resolve(EXIT_SESSION_LOST));
  }
}
