import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import { LINE_BYTES_MAX } from '#core/audit/chain.ts';
import { auditPieces } from '#core/verify/audit-pieces.ts';
import type { BundleMember, BundleReader } from '#core/verify/bundle-reader.ts';
import { LineSplitter } from '#core/verify/lines.ts';
import type { Verification } from '#core/verify/verification.ts';
import { readAssets } from './assets.ts';
import { type Gathered, Gatherer, type ReportCommand } from './gatherer.ts';
import { reportHead } from './head.ts';
import { outPath, putReport, ReportFault } from './out-file.ts';
import { type ReportRecording, reportPage } from './page.ts';
import { TerminalCastMaker } from './terminal-cast.ts';

/** Recordings go along up to this many characters together; the bundle has the rest. */
export const RECORDINGS_CHARACTERS_MAX = 32 * 1024 * 1024;

/**
 * Writes the report of a bundle that was verified, and of nothing in it but what was.
 * @throws ReportFault, or when the bundle cannot be read or the page not be written
 */
export async function writeReport(bundle: string, out: string, verification: Verification): Promise<void> {
  const path = outPath(bundle, out);
  const folder = openBundleFolder(bundle);
  try {
    await writeReportOf(folder, path, verification);
  } finally {
    folder.close();
  }
}

/** The same of a bundle that is open. `path`: as outPath gave it. */
export async function writeReportOf(reader: BundleReader, path: string, verification: Verification): Promise<void> {
  const files = new Map((await reader.members()).filter(({ kind }) => kind === 'file').map((member) => [member.path, member]));
  const gathered = await gather(reader, files, verification);
  const recordings = await gatherRecordings(reader, files, gathered.commands);
  putReport(path, reportPage({ head: reportHead(verification), ...gathered, recordings }, readAssets()));
}

type Files = ReadonlyMap<string, BundleMember>;

async function gather(reader: BundleReader, files: Files, { counts, last }: Verification): Promise<Gathered> {
  const gatherer = new Gatherer(counts.entries);
  const lines = new LineSplitter(LINE_BYTES_MAX, (bytes) => gatherer.take(bytes));
  if (counts.entries > 0) {
    for await (const piece of auditPieces(reader, files.values())) if (!lines.push(piece) || gatherer.isComplete) break;
  }
  // The verdict would be of other evidence than what is shown under it.
  if (!gatherer.isChainTo(last))
    throw new ReportFault('bundle-changed', 'Cannot make the report: the bundle has changed since it was verified, expected it to stay');
  return gatherer.gathered();
}

/**
 * Out of the frames, as far as the chain covers them. The casts of a bundle are not taken: nobody verifies those of one that is
 * not sealed, and a player needs what only draws.
 */
async function gatherRecordings(
  reader: BundleReader,
  files: Files,
  commands: readonly ReportCommand[],
): Promise<readonly ReportRecording[]> {
  const recordings: ReportRecording[] = [];
  let room = RECORDINGS_CHARACTERS_MAX;
  for (const { link, recorded } of commands) {
    if (recorded.length === 0) continue;
    const maker = new TerminalCastMaker(room);
    // A large recording is continued in another file, and the frames go on there.
    for (const { path, bytes } of recorded) {
      const member = files.get(path);
      if (member === undefined) continue;
      for await (const piece of reader.read(path, Math.min(bytes, member.bytes))) maker.push(piece);
    }
    const { text, cut } = maker.end();
    room -= text.length;
    recordings.push({ link, cast: text, cut });
  }
  return recordings;
}
