import type { Keeps } from '#core/audit/entry.ts';
import { type BundleMember, readThrough } from './bundle-reader.ts';
import { parseRecordingPath, type RecordingPath, recordingPath } from './manifest.ts';
import { RecordingCheck } from './recording-check.ts';
import { type CastDigest, type Decrypt, EncryptedContent, FrameContent, type RecordingContent } from './recording-content.ts';
import { keepDigest, type Work } from './work.ts';

/** Each recording is what the chain names and as the session said it would be kept; its casts are what it gives. */
export async function checkRecordings(work: Work, decrypt: Decrypt | null): Promise<void> {
  const named = new Set(work.audit.rules.chunks.keys());
  for (const [path, member] of work.files) {
    const recording = parseRecordingPath(path);
    if (recording === null) continue;
    named.delete(path);
    if (recording.type === 'rec' || recording.type === 'rec.age') await checkRecording(work, { member, recording, decrypt });
    else if (work.sealed && !work.files.has(recordingPath(recording.link, recording.name, 'rec')))
      work.problems.push({ code: 'recording', where: path, what: 'the recording it would be derived from is missing' });
  }
  for (const path of named) work.problems.push({ code: 'recording', where: path, what: 'the chain names it, and it is missing' });
}

type Found = { readonly member: BundleMember; readonly recording: RecordingPath; readonly decrypt: Decrypt | null };

async function checkRecording(work: Work, { member, recording, decrypt }: Found): Promise<void> {
  const { path } = member;
  const keeps = work.audit.rules.session?.keeps;
  if (keeps === undefined || !isKept(recording, keeps))
    work.problems.push({ code: 'recording', where: path, what: 'the session entry says that there is none of this kind' });
  const content = contentOf(recording, decrypt);
  const check = new RecordingCheck(path, work.audit.rules.chunks.get(path) ?? [], content);
  keepDigest(work, member, await readThrough(work.reader, member, (piece) => check.push(piece)));
  const problem = check.end();
  if (problem !== null) work.problems.push(problem);
  work.recordings += 1;
  work.recordedBytes += check.coveredBytes;
  if (problem === null) noteUncovered(work, path, member.bytes - check.coveredBytes);
  if (content instanceof EncryptedContent && content.unread) work.notes.push(`${path} is encrypted, and no identity given opens it.`);
  else if (content === null) work.notes.push(`${path} is encrypted: its content was not read; --identity FILE opens it.`);
  if (work.sealed && recording.of === 'terminal' && content instanceof FrameContent) await checkCasts(work, recording, content.casts);
}

function isKept({ of, type }: RecordingPath, keeps: Keeps): boolean {
  return keeps[of === 'terminal' ? 'recordings' : 'responses'] === (type === 'rec' ? 'full' : 'encrypted');
}

function contentOf({ type }: RecordingPath, decrypt: Decrypt | null): RecordingContent | null {
  if (type === 'rec') return new FrameContent();
  return decrypt === null ? null : new EncryptedContent(decrypt);
}

function noteUncovered(work: Work, path: string, bytes: number): void {
  if (bytes <= 0) return;
  if (work.sealed) work.problems.push({ code: 'recording', where: path, what: `no entry of the chain covers its last ${bytes} bytes` });
  else work.notes.push(`The last ${bytes} bytes of ${path} are covered by no entry yet.`);
}

async function checkCasts(work: Work, { link, name }: RecordingPath, casts: FrameContent['casts']): Promise<void> {
  await checkCast(work, recordingPath(link, name, 'cast'), casts.cast);
  await checkCast(work, recordingPath(link, name, 'v3.cast'), casts['v3.cast']);
}

async function checkCast(work: Work, path: string, derived: CastDigest): Promise<void> {
  const member = work.files.get(path);
  if (member === undefined) {
    work.problems.push({ code: 'recording', where: path, what: 'it is missing' });
    return;
  }
  const digest = await readThrough(work.reader, member, () => {});
  keepDigest(work, member, digest);
  if (digest.sha256 !== derived.sha256) work.problems.push({ code: 'recording', where: path, what: 'it is not what the recording gives' });
}
