import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  verifyBundle
} from "./shared-4ZZSA6HO.js";
import {
  LineSplitter,
  auditPieces
} from "./shared-VBDUAGZA.js";
import {
  AttestError,
  attestLevel,
  evidenceStatement,
  manifestSha256
} from "./shared-TICARS46.js";
import {
  openBundleFolder
} from "./shared-33G7XI2G.js";
import {
  FOLDERS_BASE,
  JOB_FOLDER_STATE,
  artifactName,
  gatewayLogTail,
  hardenProcess,
  logLine,
  markdownCell,
  markdownText,
  openJobFolder,
  readJobRecord,
  refusalOf,
  removeJobFolder,
  runnerToolkit,
  visible
} from "./shared-H2BYCXCB.js";
import "./shared-FQBLNEU6.js";
import {
  forgetEnvironment,
  jobFacts,
  within
} from "./shared-RUFRKYSR.js";
import "./shared-NZWGG76T.js";
import "./shared-NUVNP3KA.js";
import "./shared-IC5W4FSN.js";
import "./shared-VXLA3JHL.js";
import "./shared-45OH65BV.js";
import {
  LINE_BYTES_MAX,
  LineEnvelope,
  decodeUtf8,
  readEntry
} from "./shared-SRWRGWQG.js";
import "./shared-5BG7YZTF.js";
import {
  removeAsRoot
} from "./shared-6N2L75QO.js";
import {
  resumeSession
} from "./shared-BWAJR63M.js";
import {
  TOOL_FOLDERS,
  findTools
} from "./shared-XY3COEPW.js";
import "./shared-ZTYEZK3O.js";
import {
  SavedSessionError,
  readSavedSession
} from "./shared-6EOHPRKU.js";
import "./shared-XR5Q7YXY.js";
import "./shared-ICF2F4II.js";
import "./shared-2T7SPHVJ.js";
import "./shared-7VOT6GHQ.js";

// src/action/close-session.ts
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
var CLOSE_MS_MAX = 15e4;
var GONE_MS_MAX = 5e3;
var GONE_ASKED_EVERY_MS = 50;
async function closeSession(jobFolder) {
  try {
    const saved = readSavedSession(jobFolder);
    const closing = await within(CLOSE_MS_MAX, close(saved), () => new Error(`the gateway did not answer in ${CLOSE_MS_MAX} ms`));
    await untilGone(saved.socketPath);
    return closing;
  } catch (error) {
    if (error instanceof SavedSessionError && error.code === "missing") return { kind: "none" };
    return { kind: "lost", why: messageOf(error) };
  }
}
async function close(saved) {
  try {
    const session = await resumeSession(saved);
    const { checkpoint } = await session.close();
    return { kind: "closed", checkpoint };
  } catch (error) {
    return { kind: "lost", why: messageOf(error) };
  }
}
async function untilGone(socketPath) {
  const deadline = performance.now() + GONE_MS_MAX;
  while (performance.now() < deadline && await answers(socketPath)) await delay(GONE_ASKED_EVERY_MS);
}
function answers(socketPath) {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

// src/action/remove-as-root.ts
import { lstatSync, rmdirSync } from "node:fs";
function removeAsRoot2(folder) {
  try {
    return rmdirSync(folder);
  } catch {
    if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false) removeAsRoot(findTools(TOOL_FOLDERS), [folder]);
  }
}

// src/action/run-post.ts
import { writeFileSync } from "node:fs";
import { basename, join as join2 } from "node:path";

// src/action/annotations.ts
var ANNOTATIONS_MAX = 9;
var STATEMENT_CHARACTERS_MAX = 500;
var REASON_CHARACTERS_MAX = 500;
function annotateRefused({ warning }, { first, count }) {
  const shown = first.slice(0, count > ANNOTATIONS_MAX ? ANNOTATIONS_MAX - 1 : ANNOTATIONS_MAX);
  for (const { target, statement, reasons } of shown) {
    const why = reasons.map((reason2) => visible(reason2, REASON_CHARACTERS_MAX)).join("; ");
    warning(`${visible(target, 100)}: ${visible(statement, STATEMENT_CHARACTERS_MAX)}
${why}`, { title: "duty-gate: refused" });
  }
  if (count > shown.length)
    warning(`${count - shown.length} more operations were refused: see the summary and the report`, { title: "duty-gate: refused" });
}

// src/action/evidence.ts
import { lstatSync as lstatSync2, readdirSync } from "node:fs";
import { join } from "node:path";

// src/action/refused-operations.ts
var REFUSED_KEPT_MAX = 100;
var TEXT_CHARACTERS_MAX = 2e3;
var TEXTS_MAX = 10;
async function readRefused(reader) {
  const first = [];
  let count = 0;
  const lines = new LineSplitter(LINE_BYTES_MAX, (bytes) => {
    const refused = refusedIn(bytes);
    if (refused === null) return;
    count += 1;
    if (first.length < REFUSED_KEPT_MAX) first.push(refused);
  });
  for await (const piece of auditPieces(reader, await reader.members())) if (!lines.push(piece)) break;
  return { first, count };
}
function refusedIn(bytes) {
  const line = parseLine(bytes);
  if (line === null) return null;
  const read = readEntry(line.entry);
  if (!("known" in read) || !read.known || read.entry.kind !== "decision") return null;
  if (read.entry.outcome === "allow" || read.entry.outcome === "hold") return null;
  return operation(line.at, read.entry);
}
function operation(at, { target, statement, reasons }) {
  const cut = (text) => text.slice(0, TEXT_CHARACTERS_MAX);
  return { at, target: cut(target), statement: cut(statement), reasons: reasons.slice(0, TEXTS_MAX).map(cut) };
}
function parseLine(bytes) {
  try {
    const parsed = LineEnvelope.safeParse(JSON.parse(decodeUtf8(bytes) ?? ""));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

// src/action/evidence.ts
function findBundle(evidenceFolder) {
  const [only = null] = namesIn(evidenceFolder).map((name) => join(evidenceFolder, name)).filter((path) => lstatSync2(path).isDirectory());
  return only;
}
function namesIn(folder) {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
async function readEvidence(bundle) {
  const folder = openBundleFolder(bundle);
  try {
    const verification = await verifyBundle(folder);
    const refused = await readRefused(folder);
    const files = (await folder.members()).filter(({ kind }) => kind === "file").map(({ path }) => join(bundle, path));
    return { bundle, verification, refused, files };
  } finally {
    folder.close();
  }
}

// src/action/summary.ts
var SUMMARY_BYTES_MAX = 1024 * 1024;
var ROWS_BYTES_MAX = SUMMARY_BYTES_MAX / 4;
var STATEMENT_CHARACTERS_MAX2 = 300;
var REASON_CHARACTERS_MAX2 = 300;
var NAME_CHARACTERS_MAX = 200;
var PROBLEMS_SHOWN_MAX = 10;
function summaryPage(facts) {
  const { verification, refused } = facts;
  const sections = [
    `## duty-gate: ${headline(verification, refused)}`,
    facts.faults.map((fault) => `> [!WARNING]
> ${markdownText(fault, 1e3)}`).join("\n\n"),
    aboutSession(verification),
    countsTable(verification),
    leftOut(verification),
    problems(verification),
    refusedTable(refused),
    evidence(facts)
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}
`;
}
function headline({ verdict }, { count }) {
  const operations = count === 0 ? "nothing refused" : count === 1 ? "one operation refused" : `${count} operations refused`;
  switch (verdict) {
    case "sealed":
      return `${operations}, evidence sealed`;
    case "unsealed":
      return `${operations}, evidence **unsealed**: the session did not end well`;
    case "broken":
      return "evidence **broken**: it is not what was written";
  }
}
function aboutSession({ session, from, to }) {
  if (session === null) return "";
  const { policySource } = session;
  const duties = session.chain.map(({ duty }) => markdownCell(duty, NAME_CHARACTERS_MAX)).join(" \u2192 ");
  const source = policySource === null ? "" : ` of ${markdownCell(`${policySource.repository}@${policySource.commit.slice(0, 12)}:${policySource.path}`, NAME_CHARACTERS_MAX)}`;
  return [
    `Duty ${duties} for ${markdownCell(session.chain[0]?.principal ?? "", NAME_CHARACTERS_MAX)}, session ${markdownCell(session.session, 64)}`,
    `from ${markdownText(from ?? "never", 40)} to ${markdownText(to ?? "never", 40)}.`,
    `Policy${source}, SHA-256 ${markdownCell(session.policySha256, 64)}.`
  ].join("\n");
}
function countsTable({ counts }) {
  const { allowed, refused, masked, commands, connections } = counts;
  return [
    "| allowed | refused | values masked | commands | connections |",
    "| ---: | ---: | ---: | ---: | ---: |",
    `| ${[allowed, refused, masked, commands, connections].join(" | ")} |`
  ].join("\n");
}
function leftOut({ session }) {
  if (session === null) return "";
  const { recordings, responses, recipients } = session.keeps;
  const lines = [
    ...recordings === "none" ? ["Terminals were not recorded."] : [],
    ...responses === "none" ? ["Nothing is kept of what targets answered."] : [],
    ...recordings === "encrypted" || responses === "encrypted" ? [`Recordings are encrypted to ${recipients.length} recipients: \`duty-gate verify\` and \`replay\` read them with \`--identity\`.`] : []
  ];
  if (recordings === "none" || responses === "none")
    lines.push("Everybody can read the artifacts of a public repository: there, the policy has to name what is kept (`evidence`).");
  return lines.join(" ");
}
function problems({ problems: found }) {
  const lines = found.slice(0, PROBLEMS_SHOWN_MAX).map(({ where, what }) => `- ${markdownText(`${where}: ${what}`, 500)}`);
  const rest = found.length - lines.length;
  return lines.length === 0 ? "" : ["### Problems", "", ...lines, ...rest > 0 ? [`- and ${rest} more`] : []].join("\n");
}
function refusedTable({ first, count }) {
  if (first.length === 0) return "";
  const rows = rowsThatFit(first.map(refusedRow));
  const rest = count - rows.length;
  return [
    "### Refused",
    "",
    "| time | target | operation | why |",
    "| --- | --- | --- | --- |",
    ...rows,
    ...rest > 0 ? ["", `And ${rest} more: see the report.`] : []
  ].join("\n");
}
function rowsThatFit(rows) {
  let bytes = 0;
  const tooMany = rows.findIndex((row) => {
    bytes += Buffer.byteLength(row);
    return bytes > ROWS_BYTES_MAX;
  });
  return tooMany < 0 ? rows : rows.slice(0, tooMany);
}
function refusedRow({ at, target, statement, reasons }) {
  const cells = [
    markdownText(at.slice(11, 19), 8),
    markdownCell(target, NAME_CHARACTERS_MAX),
    markdownCell(statement, STATEMENT_CHARACTERS_MAX2),
    markdownText(reasons.join("; "), REASON_CHARACTERS_MAX2)
  ];
  return `| ${cells.join(" | ")} |`;
}
function evidence({ bundle, report, verification }) {
  const line = (label, { name, url, digest }) => `- ${label}: [${markdownText(name, NAME_CHARACTERS_MAX)}](${linkTarget(url)})${digest === null ? "" : `, SHA-256 ${markdownCell(digest, 64)}`}`;
  return [
    "### Evidence",
    "",
    ...report === null ? [] : [line("Report", report)],
    ...bundle === null ? ["- The bundle was not uploaded."] : [line("Bundle, for `duty-gate verify`", bundle)],
    `- ${verification.counts.entries} entries; the last has SHA-256 ${markdownCell(verification.last, 64)}`
  ].join("\n");
}
function linkTarget(url) {
  return encodeURI(url).replace(/[()<>]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

// src/action/summary-file.ts
import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
var { O_APPEND, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
function appendSummary(path, page) {
  if (path === void 0 || path === "") return "the runner names no file for it";
  const bytes = Buffer.from(page);
  if (bytes.length > SUMMARY_BYTES_MAX) return `it has ${bytes.length} bytes, and ${SUMMARY_BYTES_MAX} are shown`;
  let file;
  try {
    file = openSync(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK);
  } catch (cause) {
    return `its file cannot be opened (${cause instanceof Error && "code" in cause ? String(cause.code) : "unknown fault"})`;
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.nlink !== 1) return "its file is something else than a file of its own";
    writeAll(file, bytes);
    return null;
  } finally {
    closeSync(file);
  }
}
function writeAll(file, bytes) {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

// src/action/run-post.ts
async function runPost(world) {
  const named = world.toolkit.getState(JOB_FOLDER_STATE);
  const token = world.toolkit.getInput("github-token");
  forgetEnvironment(world.environment);
  delete world.environment["GITHUB_EVENT_PATH"];
  try {
    const folder = named === "" ? null : openJobFolder(world.folders, named);
    if (folder === null) {
      world.toolkit.info(logLine("no session was opened: there is nothing to close"));
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
async function endJob(world, folder, token) {
  const record = readJobRecord(folder);
  const closing = await world.closeSession(folder);
  const bundle = record === null ? null : findBundle(record.evidenceFolder);
  const faults = closingFaults(world.toolkit, closing, folder);
  if (record === null || bundle === null) {
    if (faults.length === 0) world.toolkit.info(logLine("no session was opened: there is nothing to close"));
    for (const fault of faults) world.toolkit.error(fault, { title: "duty-gate: session" });
    return faults.length === 0;
  }
  const evidence2 = await readEvidence(bundle);
  const facts = jobFacts(world.environment);
  faults.push(...verdictFaults(evidence2.verification, closing));
  if (closing.kind === "closed" && closing.checkpoint !== null) world.toolkit.info(logLine(`checkpoint ${closing.checkpoint}`));
  const uploaded = await upload(world, { record, facts, evidence: evidence2, faults });
  tell(world, { evidence: evidence2, faults, ...uploaded });
  if (record.attest) await attest(world, { record, facts, evidence: evidence2, faults }, { token, artifact: uploaded.bundle });
  return faults.length === 0;
}
function closingFaults(toolkit, closing, folder) {
  if (closing.kind !== "lost") return [];
  for (const line of gatewayLogTail(folder)) toolkit.info(logLine(`gateway: ${line}`));
  return [`The session was lost before its end: ${closing.why}`];
}
function verdictFaults({ verdict, problems: problems2 }, closing) {
  const [first] = problems2;
  if (verdict === "broken")
    return [`The evidence is broken: ${first === void 0 ? "it cannot be read" : `${first.where}: ${first.what}`}`];
  if (verdict === "unsealed" && closing.kind !== "lost") return ["The evidence is unsealed: its session did not end well"];
  return [];
}
async function upload(world, { record, facts, evidence: evidence2, faults }) {
  const { retentionDays, evidenceFolder } = record;
  const name = record.artifactName ?? artifactName(facts, evidence2.verification.session?.session ?? evidence2.bundle);
  const bundle = await attempt(
    UPLOAD_MS_MAX,
    () => world.uploadFiles({ name, files: evidence2.files, root: evidence2.bundle, retentionDays })
  );
  if (bundle instanceof Error) faults.push(`Cannot upload the evidence: ${reason(bundle)}. It stays in ${evidence2.bundle}`);
  const page = join2(evidenceFolder, `${name}.html`);
  const report = await attempt(UPLOAD_MS_MAX, async () => {
    await world.writeReport(evidence2.bundle, page, evidence2.verification);
    return world.uploadFile(page, retentionDays);
  });
  if (report instanceof Error) world.toolkit.warning(`Cannot upload the report: ${reason(report)}`, { title: "duty-gate: report" });
  return { bundle: linked(bundle, facts), report: linked(report, facts) };
}
async function attest({ toolkit, attestEvidence, uploadFile }, { record, facts, evidence: evidence2 }, { token, artifact }) {
  const { verification, bundle } = evidence2;
  const say = (fault) => toolkit[fault instanceof AttestError ? attestLevel(fault.code) : "warning"](reason(fault), { title: "duty-gate: attestation" });
  const attested = await attempt(ATTEST_MS_MAX, async () => {
    const statement = evidenceStatement({ verification, manifestSha256: await manifestSha256(bundle), artifact, job: facts });
    return statement === null ? null : attestEvidence({ ...statement, token, visibility: visibilityOf(verification) });
  });
  if (attested === null) return;
  if (attested instanceof Error) return say(attested);
  toolkit.info(logLine(`attested by Sigstore${attested.url === null ? "" : `: ${attested.url}`}`));
  if (attested.unstored !== null) say(attested.unstored);
  const path = join2(record.evidenceFolder, `${artifact?.name ?? basename(bundle)}.sigstore.json`);
  const uploaded = await attempt(UPLOAD_MS_MAX, async () => {
    writeFileSync(path, JSON.stringify(attested.bundle), { flag: "wx", mode: 384 });
    return uploadFile(path, record.retentionDays);
  });
  if (uploaded instanceof Error) say(new Error(`Cannot upload the attestation: ${reason(uploaded)}. It stays in ${path}`));
}
function visibilityOf({ session }) {
  const visibility = session?.claims["repository_visibility"];
  return visibility === "public" || visibility === "private" || visibility === "internal" ? visibility : null;
}
function linked(stored, { serverUrl, repository, runId }) {
  if (stored instanceof Error) return null;
  const { name, id, digest } = stored;
  return { name, digest, id, url: `${serverUrl.replace(/\/+$/, "")}/${repository}/actions/runs/${runId}/artifacts/${id}` };
}
function tell({ toolkit, environment }, ending) {
  const { evidence: evidence2, faults, bundle, report } = ending;
  const { verification, refused } = evidence2;
  const { allowed, masked } = verification.counts;
  toolkit.info(
    logLine(
      `session ${verification.session?.session ?? "none"}: ${verification.verdict}, ${allowed} allowed, ${refused.count} refused, ${masked} masked`
    )
  );
  if (bundle !== null) {
    toolkit.setOutput("artifact-id", String(bundle.id));
    toolkit.setOutput("artifact-url", bundle.url);
    toolkit.info(logLine(`evidence: ${bundle.url}${bundle.digest === null ? "" : ` SHA-256 ${bundle.digest}`}`));
  }
  annotateRefused(toolkit, refused);
  const page = summaryPage({ verification, refused, bundle, report, faults });
  const unwritten = appendSummary(environment["GITHUB_STEP_SUMMARY"], page);
  if (unwritten !== null) toolkit.info(logLine(`the summary was not written: ${unwritten}`));
  for (const fault of faults) toolkit.error(visible(fault, FAULT_CHARACTERS_MAX), { title: "duty-gate: evidence" });
}
var UPLOAD_MS_MAX = 15 * 6e4;
var ATTEST_MS_MAX = 5 * 6e4;
var FAULT_CHARACTERS_MAX = 2e3;
var REASON_CHARACTERS_MAX3 = 500;
async function attempt(msMax, act) {
  try {
    return await within(msMax, act(), () => new Error(`it took longer than ${msMax} ms`));
  } catch (error) {
    return error instanceof Error ? error : new Error("an unknown fault");
  }
}
function reason(error) {
  return visible(error.message.replace(/\s+/g, " "), REASON_CHARACTERS_MAX3);
}
function remove({ toolkit, removeAsRoot: removeAsRoot3 }, folder) {
  try {
    removeJobFolder(folder, removeAsRoot3);
  } catch (error) {
    const why = error instanceof Error ? reason(error) : "an unknown fault";
    toolkit.warning(`Cannot remove ${folder}: ${why}, expected to. It holds nothing that opens anything`, { title: "duty-gate" });
  }
}

// src/action/post.ts
hardenProcess();
var well = await runPost({
  toolkit: runnerToolkit,
  environment: process.env,
  folders: { base: FOLDERS_BASE, uid: process.getuid?.() ?? 0 },
  closeSession,
  removeAsRoot: removeAsRoot2,
  writeReport: async (bundle, out, verification) => (await import("./shared-3OVQNSAI.js")).writeReport(bundle, out, verification),
  // Loaded only when there is something to upload: the client brings megabytes of Azure's libraries with it.
  uploadFiles: async (files) => (await import("./action-upload.js")).uploadFiles(files),
  attestEvidence: async (request) => (await import("./action-attest.js")).attestEvidence(request),
  uploadFile: async (path, retentionDays) => (await import("./action-upload.js")).uploadFile(path, retentionDays)
});
process.exit(well ? 0 : 1);
