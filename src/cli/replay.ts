import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { LINE_BYTES_MAX } from '#core/audit/chain.ts';
import { FrameDecoder } from '#core/recording/frames.ts';
import { type Pace, Playback } from '#core/recording/playback.ts';
import { printable, TERMINAL_RESET } from '#core/recording/safe-terminal.ts';
import { auditPieces } from '#core/verify/audit-pieces.ts';
import type { BundleMember } from '#core/verify/bundle-reader.ts';
import { LineSplitter } from '#core/verify/lines.ts';
import { parseRecordingPath } from '#core/verify/manifest.ts';
import { describeOperation } from '#core/verify/operations-page.ts';
import { decryptedBytes, recordedRanges } from '#core/verify/recorded-bytes.ts';
import type { Decrypt } from '#core/verify/recording-content.ts';
import { checkStructure } from '#core/verify/structure.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { findBundle, type OpenBundle, openBundle, PATH_HELP } from './bundle-path.ts';
import { type CommandIo, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './io.ts';
import { readOutside } from './outside.ts';

const HELP = `duty-gate replay PATH [--speed N] [--idle-max S] [--instant] [--operations] [--identity FILE] [--even-broken]

Plays the terminal recordings of an evidence bundle. Only text, colours and cursor moves reach your terminal.
${PATH_HELP}

  --speed N        N times as fast, 0.1 to 100 (1)
  --idle-max S     pauses of at most S seconds (2)
  --instant        no pauses
  --operations     list the operations and how they were judged, instead of playing
  --identity FILE  age identities, for recordings that are encrypted
  --even-broken    play a bundle that does not verify: what you see may not be what happened
  --help           this text

Exit code: 0 played, 1 broken bundle or nothing to play, 2 usage.
`;

export type ReplayIo = CommandIo & { readonly wait?: (ms: number) => Promise<unknown> };

/** `duty-gate replay`. Answers the exit code. */
export async function replayCommand(args: readonly string[], io: ReplayIo): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') return usage(io, options);
  if (options.help) {
    io.stdout.write(HELP);
    return EXIT_OK;
  }
  const outside = readOutside({ keys: null, log: null, identity: options.identity });
  if ('why' in outside) return usage(io, outside.why);
  const found = findBundle(options.path);
  if ('why' in found) return usage(io, found.why);
  let bundle: OpenBundle | null = null;
  try {
    bundle = await openBundle(found.bundle);
    return await replay(bundle, { ...options, decrypt: outside.decrypt ?? null }, io);
  } catch (cause) {
    io.stderr.write(`Cannot replay: ${printable(cause instanceof Error ? cause.message : String(cause))}\n`);
    return EXIT_FAILED;
  } finally {
    bundle?.close();
  }
}

type Options = {
  readonly path: string;
  readonly pace: Pace;
  readonly operations: boolean;
  readonly evenBroken: boolean;
  readonly identity: string | null;
  readonly help: boolean;
};

function readOptions(args: readonly string[]): Options | string {
  try {
    const flag = { type: 'boolean' } as const;
    const named = {
      speed: { type: 'string' },
      'idle-max': { type: 'string' },
      instant: flag,
      operations: flag,
      'even-broken': flag,
      identity: { type: 'string' },
    } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...named, help: { type: 'boolean', short: 'h' } },
    });
    const [path = '', ...more] = positionals;
    const help = values.help === true;
    const [speed, idle] = [Number(values.speed ?? '1'), Number(values['idle-max'] ?? '2')];
    if (!help && (path === '' || more.length > 0)) return `Cannot replay: ${positionals.length} paths given, expected one`;
    if (!(speed >= 0.1 && speed <= 100)) return 'Cannot replay: --speed is out of range, expected 0.1 to 100';
    if (!(idle >= 0 && idle <= 86_400)) return 'Cannot replay: --idle-max is out of range, expected 0 to 86400 seconds';
    const pace = { speed, idleMsMax: idle * 1000, instant: values.instant === true };
    const { identity = null } = values;
    return { path, pace, help, identity, operations: values.operations === true, evenBroken: values['even-broken'] === true };
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'Cannot read the options';
  }
}

/** Verifies first: a replay of what did not happen is worse than none. */
async function replay(folder: OpenBundle, options: Options & { readonly decrypt: Decrypt | null }, io: ReplayIo): Promise<number> {
  const structure = checkStructure(await folder.members());
  const { verdict } = await verifyBundle(folder);
  if (verdict === 'broken') {
    io.stderr.write(`This bundle is broken (see duty-gate verify). ${options.evenBroken ? 'Played all the same' : 'Not played'}.\n`);
    if (!options.evenBroken || structure.problems.length > 0) return EXIT_FAILED;
  }
  if (verdict === 'unsealed') io.stderr.write('This bundle is unsealed: nobody signed it, and its end may be missing.\n');
  return options.operations ? listOperations(folder, structure.files, io) : playAll(folder, structure.files, options, io);
}

type Files = ReadonlyMap<string, BundleMember>;

async function listOperations(folder: OpenBundle, files: Files, io: CommandIo): Promise<number> {
  const lines = new LineSplitter(LINE_BYTES_MAX, (line) => {
    const words = describeOperation(line);
    if (words !== null) io.stdout.write(`${words}\n`);
  });
  for await (const piece of auditPieces(folder, files.values())) if (!lines.push(piece)) return EXIT_FAILED;
  return EXIT_OK;
}

async function playAll(folder: OpenBundle, files: Files, { pace, decrypt }: Play, io: ReplayIo): Promise<number> {
  const all = [...files.values()].filter(({ path }) => isOfTerminal(path));
  const recordings = decrypt === null ? all.filter(({ path }) => !isEncrypted(path)) : all;
  if (recordings.length === 0) {
    const why = all.length > 0 ? 'its recordings are encrypted: --identity FILE opens them' : 'the bundle holds no terminal recording';
    io.stderr.write(`Cannot replay: ${why}; --operations lists what was done\n`);
    return EXIT_FAILED;
  }
  const ranges = decrypt === null ? new Map() : await recordedRanges(folder, files.values());
  try {
    for (const recording of recordings) {
      if (recordings.length > 1) io.stderr.write(`--- ${recording.path}\n`);
      const bytes =
        decrypt !== null && isEncrypted(recording.path)
          ? decryptedBytes(folder, recording, { ranges, decrypt })
          : folder.read(recording.path, recording.bytes);
      await play(bytes, pace, io);
    }
  } finally {
    io.stdout.write(`${TERMINAL_RESET}\n`);
  }
  return EXIT_OK;
}

type Play = { readonly pace: Pace; readonly decrypt: Decrypt | null };

function isOfTerminal(path: string): boolean {
  const recording = parseRecordingPath(path);
  return recording?.of === 'terminal' && (recording.type === 'rec' || recording.type === 'rec.age');
}

function isEncrypted(path: string): boolean {
  return parseRecordingPath(path)?.type === 'rec.age';
}

async function play(bytes: AsyncIterable<Uint8Array>, pace: Pace, io: ReplayIo): Promise<void> {
  const wait = io.wait ?? ((ms: number) => sleep(ms));
  const decoder = new FrameDecoder();
  const playback = new Playback(pace);
  for await (const piece of bytes) {
    for (const frame of decoder.push(piece)) {
      const shown = playback.frame(frame);
      if (shown === null || shown.text === '') continue;
      if (shown.waitMs > 0) await wait(shown.waitMs);
      io.stdout.write(shown.text);
    }
  }
}

function usage(io: CommandIo, why: string): number {
  io.stderr.write(`${printable(why)}\n\n${HELP}`);
  return EXIT_USAGE;
}
