import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Verification } from '#core/verify/verification.ts';
import { annotateRefused } from './annotations.ts';
import { artifactName } from './artifact-name.ts';
import type { Attested, AttestRequest } from './attest.ts';
import { AttestError, attestLevel } from './attest-error.ts';
import { evidenceStatement, manifestSha256 } from './attest-evidence.ts';
import type { Closing } from './close-session.ts';
import { type Evidence, findBundle, readEvidence } from './evidence.ts';
import { gatewayLogTail } from './gateway-log.ts';
import { type Environment, type JobFacts, jobFacts } from './job-facts.ts';
import { type FolderPlace, JOB_FOLDER_STATE, openJobFolder, removeJobFolder } from './job-folder.ts';
import { type JobRecord, readJobRecord } from './job-record.ts';
import { forgetEnvironment } from './own-environment.ts';
import { refusalOf } from './refusals.ts';
import { summaryPage, type UploadedArtifact } from './summary.ts';
import { appendSummary } from './summary-file.ts';
import { within } from './time-limit.ts';
import type { Toolkit } from './toolkit.ts';
import { logLine, visible } from './untrusted-text.ts';
import type { FilesToUpload, Stored } from './upload.ts';

/** What the action's last step needs of the world. */
export type PostWorld = {
  readonly toolkit: Toolkit;
  /** The process's own: changed in place. */
  readonly environment: Environment;
  readonly folders: FolderPlace;
  closeSession(jobFolder: string): Promise<Closing>;
  /** Removes a folder in the job's that is the superuser's. */
  removeAsRoot(folder: string): void;
  /** Writes the page that people read. */
  writeReport(bundle: string, out: string, verification: Verification): Promise<void>;
  uploadFiles(files: FilesToUpload): Promise<Stored>;
  uploadFile(path: string, retentionDays: number | null): Promise<Stored>;
  attestEvidence(request: AttestRequest): Promise<Attested>;
};

/**
 * Closes the job's session, uploads its evidence, and says what happened; whatever fails, the rest is done all the same.
 * Nothing that a step could write steers it: it goes by the folder that main made.
 *
 * @returns whether all went well, having said what did not.
 */
export async function runPost(world: PostWorld): Promise<boolean> {
  const named = world.toolkit.getState(JOB_FOLDER_STATE);
  const token = world.toolkit.getInput('github-token');
  forgetEnvironment(world.environment);
  // Any step can put a pipe in its place, and the toolkit's libraries read it as soon as they are loaded, and wait.
  delete world.environment['GITHUB_EVENT_PATH'];
  try {
    const folder = named === '' ? null : openJobFolder(world.folders, named);
    if (folder === null) {
      world.toolkit.info(logLine('no session was opened: there is nothing to close'));
      return true;
    }
    try {
      return await endJob(world, folder, token);
    } finally {
      remove(world, folder);
    }
  } catch (error) {
    const { title, message } = refusalOf(error);
    world.toolkit.error(message, { title });
    return false;
  }
}

async function endJob(world: PostWorld, folder: string, token: string): Promise<boolean> {
  const record = readJobRecord(folder);
  const closing = await world.closeSession(folder);
  const bundle = record === null ? null : findBundle(record.evidenceFolder);
  const faults = closingFaults(world.toolkit, closing, folder);
  if (record === null || bundle === null) {
    if (faults.length === 0) world.toolkit.info(logLine('no session was opened: there is nothing to close'));
    for (const fault of faults) world.toolkit.error(fault, { title: 'duty-gate: session' });
    return faults.length === 0;
  }
  const evidence = await readEvidence(bundle);
  const facts = jobFacts(world.environment);
  faults.push(...verdictFaults(evidence.verification, closing));
  if (closing.kind === 'closed' && closing.checkpoint !== null) world.toolkit.info(logLine(`checkpoint ${closing.checkpoint}`));
  const uploaded = await upload(world, { record, facts, evidence, faults });
  tell(world, { evidence, faults, ...uploaded });
  // Last: a job that was cancelled has five minutes for all of it.
  if (record.attest) await attest(world, { record, facts, evidence, faults }, { token, artifact: uploaded.bundle });
  return faults.length === 0;
}

function closingFaults(toolkit: Toolkit, closing: Closing, folder: string): string[] {
  if (closing.kind !== 'lost') return [];
  for (const line of gatewayLogTail(folder)) toolkit.info(logLine(`gateway: ${line}`));
  return [`The session was lost before its end: ${closing.why}`];
}

function verdictFaults({ verdict, problems }: Verification, closing: Closing): readonly string[] {
  const [first] = problems;
  if (verdict === 'broken')
    return [`The evidence is broken: ${first === undefined ? 'it cannot be read' : `${first.where}: ${first.what}`}`];
  if (verdict === 'unsealed' && closing.kind !== 'lost') return ['The evidence is unsealed: its session did not end well'];
  return [];
}

type Ending = { readonly record: JobRecord; readonly facts: JobFacts; readonly evidence: Evidence; readonly faults: string[] };
type Uploaded = { readonly bundle: UploadedArtifact | null; readonly report: UploadedArtifact | null };

/** The bundle first: it is what counts, and everything else can be made of it. */
async function upload(world: PostWorld, { record, facts, evidence, faults }: Ending): Promise<Uploaded> {
  const { retentionDays, evidenceFolder } = record;
  const name = record.artifactName ?? artifactName(facts, evidence.verification.session?.session ?? evidence.bundle);
  const bundle = await attempt(UPLOAD_MS_MAX, () =>
    world.uploadFiles({ name, files: evidence.files, root: evidence.bundle, retentionDays }),
  );
  if (bundle instanceof Error) faults.push(`Cannot upload the evidence: ${reason(bundle)}. It stays in ${evidence.bundle}`);
  const page = join(evidenceFolder, `${name}.html`);
  const report = await attempt(UPLOAD_MS_MAX, async () => {
    await world.writeReport(evidence.bundle, page, evidence.verification);
    return world.uploadFile(page, retentionDays);
  });
  // Anybody can make it anew of the bundle.
  if (report instanceof Error) world.toolkit.warning(`Cannot upload the report: ${reason(report)}`, { title: 'duty-gate: report' });
  return { bundle: linked(bundle, facts), report: linked(report, facts) };
}

/** Evidence is worth what it is worth without it, so a job does not fail for it. */
async function attest(
  { toolkit, attestEvidence, uploadFile }: PostWorld,
  { record, facts, evidence }: Ending,
  { token, artifact }: { readonly token: string; readonly artifact: UploadedArtifact | null },
): Promise<void> {
  const { verification, bundle } = evidence;
  const say = (fault: Error): void =>
    toolkit[fault instanceof AttestError ? attestLevel(fault.code) : 'warning'](reason(fault), { title: 'duty-gate: attestation' });
  const attested = await attempt(ATTEST_MS_MAX, async () => {
    const statement = evidenceStatement({ verification, manifestSha256: await manifestSha256(bundle), artifact, job: facts });
    return statement === null ? null : attestEvidence({ ...statement, token, visibility: visibilityOf(verification) });
  });
  if (attested === null) return;
  if (attested instanceof Error) return say(attested);
  toolkit.info(logLine(`attested by Sigstore${attested.url === null ? '' : `: ${attested.url}`}`));
  if (attested.unstored !== null) say(attested.unstored);
  const path = join(record.evidenceFolder, `${artifact?.name ?? basename(bundle)}.sigstore.json`);
  const uploaded = await attempt(UPLOAD_MS_MAX, async () => {
    writeFileSync(path, JSON.stringify(attested.bundle), { flag: 'wx', mode: 0o600 });
    return uploadFile(path, record.retentionDays);
  });
  if (uploaded instanceof Error) say(new Error(`Cannot upload the attestation: ${reason(uploaded)}. It stays in ${path}`));
}

/** As GitHub signed it. */
function visibilityOf({ session }: Verification): AttestRequest['visibility'] {
  const visibility = session?.claims['repository_visibility'];
  return visibility === 'public' || visibility === 'private' || visibility === 'internal' ? visibility : null;
}

function linked(stored: Stored | Error, { serverUrl, repository, runId }: JobFacts): UploadedArtifact | null {
  if (stored instanceof Error) return null;
  const { name, id, digest } = stored;
  return { name, digest, id, url: `${serverUrl.replace(/\/+$/, '')}/${repository}/actions/runs/${runId}/artifacts/${id}` };
}

function tell({ toolkit, environment }: PostWorld, ending: Pick<Ending, 'evidence' | 'faults'> & Uploaded): void {
  const { evidence, faults, bundle, report } = ending;
  const { verification, refused } = evidence;
  const { allowed, masked } = verification.counts;
  toolkit.info(
    logLine(
      `session ${verification.session?.session ?? 'none'}: ${verification.verdict}, ${allowed} allowed, ${refused.count} refused, ${masked} masked`,
    ),
  );
  if (bundle !== null) {
    toolkit.setOutput('artifact-id', String(bundle.id));
    toolkit.setOutput('artifact-url', bundle.url);
    toolkit.info(logLine(`evidence: ${bundle.url}${bundle.digest === null ? '' : ` SHA-256 ${bundle.digest}`}`));
  }
  annotateRefused(toolkit, refused);
  const page = summaryPage({ verification, refused, bundle, report, faults });
  const unwritten = appendSummary(environment['GITHUB_STEP_SUMMARY'], page);
  if (unwritten !== null) toolkit.info(logLine(`the summary was not written: ${unwritten}`));
  for (const fault of faults) toolkit.error(visible(fault, FAULT_CHARACTERS_MAX), { title: 'duty-gate: evidence' });
}

/** GitHub gives a cancelled job five minutes; a job that is not may have gigabytes of recordings. */
const UPLOAD_MS_MAX = 15 * 60_000;
/** More than signing and storing may take together. */
const ATTEST_MS_MAX = 5 * 60_000;
const FAULT_CHARACTERS_MAX = 2000;
const REASON_CHARACTERS_MAX = 500;

async function attempt<T>(msMax: number, act: () => Promise<T>): Promise<T | Error> {
  try {
    return await within(msMax, act(), () => new Error(`it took longer than ${msMax} ms`));
  } catch (error) {
    return error instanceof Error ? error : new Error('an unknown fault');
  }
}

function reason(error: Error): string {
  return visible(error.message.replace(/\s+/g, ' '), REASON_CHARACTERS_MAX);
}

function remove({ toolkit, removeAsRoot }: PostWorld, folder: string): void {
  try {
    removeJobFolder(folder, removeAsRoot);
  } catch (error) {
    const why = error instanceof Error ? reason(error) : 'an unknown fault';
    toolkit.warning(`Cannot remove ${folder}: ${why}, expected to. It holds nothing that opens anything`, { title: 'duty-gate' });
  }
}
