import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** A longer line is taken as several; the runner has no such limit. */
const LINE_CHARACTERS_MAX = 16 * 1024 * 1024;

export type StepPipes = {
  /** For the process: an input that is over at once, two outputs. */
  readonly stdio: readonly [number, number, number];
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** Once the process has them: our copies of its ends. */
  closeTheirs(): void;
};

/**
 * Real pipes, as a step of the runner has: Node's own are sockets, of which `/dev/stderr` cannot be opened, and for which
 * bash believes that it was started over the network.
 */
export function makePipes(): StepPipes {
  const folder = mkdtempSync(join(tmpdir(), 'dg-pipes-'));
  try {
    const paths = ['in', 'out', 'err'].map((name) => join(folder, name));
    execFileSync('mkfifo', ['-m', '600', ...paths]);
    const [input = '', output = '', error = ''] = paths;
    const theirs: [number, number, number] = [emptyInput(input), 0, 0];
    const readers = [output, error].map((path, index) => {
      const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      theirs[index + 1] = openSync(path, constants.O_WRONLY);
      return new Socket({ fd: reader, readable: true, writable: false });
    });
    const [stdout, stderr] = readers;
    if (stdout === undefined || stderr === undefined) throw new Error('Cannot make pipes: there are fewer than two, expected two');
    return { stdio: theirs, stdout, stderr, closeTheirs: () => theirs.forEach(closeSync) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Its last writer is gone: reading gives the end, and no writer can come. */
function emptyInput(path: string): number {
  const both = openSync(path, constants.O_RDWR);
  const input = openSync(path, constants.O_RDONLY);
  closeSync(both);
  return input;
}

/** Calls back for each line: CR, LF and CR LF end one, as they do for .NET. What a CR at a chunk's end is, the next one tells. */
export function readLines(onLine: (line: string) => void): { take(chunk: Uint8Array): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = [];
  let characters = 0;
  let heldBack = '';
  const flush = (): void => {
    onLine(pieces.join(''));
    pieces = [];
    characters = 0;
  };
  const keep = (text: string): void => {
    for (let at = 0; at < text.length; ) {
      const piece = text.slice(at, at + LINE_CHARACTERS_MAX - characters);
      pieces.push(piece);
      characters += piece.length;
      at += piece.length;
      if (characters === LINE_CHARACTERS_MAX) flush();
    }
  };
  const take = (decoded: string, isLast: boolean): void => {
    const text = heldBack + decoded;
    heldBack = !isLast && text.endsWith('\r') ? '\r' : '';
    const lines = text.slice(0, text.length - heldBack.length).split(/\r\n|\r|\n/);
    for (const [index, line] of lines.entries()) {
      keep(line);
      if (index < lines.length - 1) flush();
    }
  };
  return {
    take: (chunk) => take(decoder.write(chunk), false),
    end: () => {
      take(decoder.end(), true);
      if (characters > 0) flush();
    },
  };
}
