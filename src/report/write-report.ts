import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import { LINE_BYTES_MAX } from '#core/audit/chain.ts';
import type { BundleMember, BundleReader } from '#core/verify/bundle-reader.ts';
import { LineSplitter } from '#core/verify/lines.ts';
import { AUDIT_FILE, parseRecordingPath } from '#core/verify/manifest.ts';
import type { Verification } from '#core/verify/verification.ts';
import { type ReportAssets, type ReportFacts, type ReportRecording, reportPage } from './page.ts';
import { ReportGatherer } from './report-data.ts';

/** Recordings go along up to this many bytes together; the bundle has the rest. */
export const RECORDINGS_BYTES_MAX = 32 * 1024 * 1024;

/** Writes the report of a bundle that was verified. @throws when the bundle cannot be read or the page not be written */
export async function writeReport(bundle: string, out: string, verification: Verification): Promise<void> {
  const folder = openBundleFolder(bundle);
  try {
    writeFileSync(out, reportPage(await gather(folder, verification), readAssets()), { mode: 0o600 });
  } finally {
    folder.close();
  }
}

async function gather(reader: BundleReader, verification: Verification): Promise<ReportFacts> {
  const members = (await reader.members()).filter(({ kind }) => kind === 'file');
  const gatherer = new ReportGatherer();
  const audit = members.find(({ path }) => path === AUDIT_FILE);
  const lines = new LineSplitter(LINE_BYTES_MAX, (bytes) => gatherer.take(bytes));
  if (audit !== undefined) for await (const piece of reader.read(AUDIT_FILE, audit.bytes)) if (!lines.push(piece)) break;
  return { ...gatherer.data(verification), ...(await gatherRecordings(reader, members)) };
}

async function gatherRecordings(
  reader: BundleReader,
  members: readonly BundleMember[],
): Promise<{ readonly recordings: readonly ReportRecording[]; readonly recordingsLeftOut: readonly string[] }> {
  const recordings: ReportRecording[] = [];
  const recordingsLeftOut: string[] = [];
  let bytes = 0;
  for (const member of members) {
    const parsed = parseRecordingPath(member.path);
    if (parsed?.type !== 'cast') continue;
    bytes += member.bytes;
    if (bytes > RECORDINGS_BYTES_MAX) recordingsLeftOut.push(parsed.link);
    else recordings.push({ link: parsed.link, cast: await readText(reader, member) });
  }
  return { recordings, recordingsLeftOut };
}

async function readText(reader: BundleReader, { path, bytes }: BundleMember): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of reader.read(path, bytes)) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}

/** Beside the bundled program in `report/`, or where the sources and the player's package have them. */
function readAssets(): ReportAssets {
  const here = import.meta.url;
  const isSource = here.endsWith('.ts');
  const own = fileURLToPath(new URL(isSource ? './assets/' : './report/', here));
  const player = isSource ? playerFolder(here) : own;
  const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');
  return {
    style: read(own, 'report.css'),
    script: read(own, 'report.js'),
    playerStyle: read(player, 'asciinema-player.css'),
    playerScript: read(player, 'asciinema-player.min.js'),
  };
}

function playerFolder(here: string): string {
  return dirname(createRequire(here).resolve('asciinema-player/dist/bundle/asciinema-player.css'));
}
