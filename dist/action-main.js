import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  FOLDERS_BASE,
  JOB_FOLDER_STATE,
  artifactNameFault,
  gatewayLogPath,
  gatewayLogTail,
  hardenProcess,
  logLine,
  makeJobFolder,
  refusalOf,
  removeJobFolder,
  runnerToolkit,
  tellRefusal,
  visible,
  writeJobRecord
} from "./shared-H2BYCXCB.js";
import {
  startGateway
} from "./shared-FQBLNEU6.js";
import {
  ActionError,
  forgetEnvironment,
  jobFacts,
  within
} from "./shared-RUFRKYSR.js";
import {
  exec,
  getIDToken
} from "./shared-NZWGG76T.js";
import "./shared-NUVNP3KA.js";
import {
  require_dist
} from "./shared-LYNJCI3M.js";
import "./shared-5BG7YZTF.js";
import {
  launcherScript
} from "./shared-QNMJZBHG.js";
import {
  openSession
} from "./shared-BWAJR63M.js";
import {
  TOOL_FOLDERS,
  findTools
} from "./shared-XY3COEPW.js";
import {
  writeSavedSession
} from "./shared-6EOHPRKU.js";
import "./shared-XR5Q7YXY.js";
import "./shared-ICF2F4II.js";
import {
  ZodBigInt,
  ZodBoolean,
  ZodDate,
  ZodNumber,
  ZodString,
  _coercedBigint,
  _coercedBoolean,
  _coercedDate,
  _coercedNumber,
  _coercedString,
  _enum,
  boolean,
  object,
  string
} from "./shared-2T7SPHVJ.js";
import {
  __export,
  __toESM
} from "./shared-7VOT6GHQ.js";

// node_modules/zod/v4/classic/coerce.js
var coerce_exports = {};
__export(coerce_exports, {
  bigint: () => bigint,
  boolean: () => boolean2,
  date: () => date,
  number: () => number,
  string: () => string2
});
function string2(params) {
  return _coercedString(ZodString, params);
}
function number(params) {
  return _coercedNumber(ZodNumber, params);
}
function boolean2(params) {
  return _coercedBoolean(ZodBoolean, params);
}
function bigint(params) {
  return _coercedBigint(ZodBigInt, params);
}
function date(params) {
  return _coercedDate(ZodDate, params);
}

// src/action/event.ts
var Payload = object({
  pull_request: object({
    head: object({ repo: object({ full_name: string(), fork: boolean().optional() }).nullable() }),
    base: object({ repo: object({ full_name: string() }) })
  })
});
async function shownEvent() {
  try {
    const { context } = await import("./shared-P3TYOPHU.js");
    return describeEvent(context.eventName, context.payload);
  } catch {
    return null;
  }
}
function describeEvent(name, payload) {
  const shown = { name: typeof name === "string" ? name : "", fork: null };
  const parsed = Payload.safeParse(payload);
  if (!parsed.success) return shown;
  const { head, base } = parsed.data.pull_request;
  if (head.repo === null) return { ...shown, fork: "a repository that is gone" };
  return head.repo.full_name === base.repo.full_name ? shown : { ...shown, fork: head.repo.full_name };
}

// src/action/host.ts
import { existsSync } from "node:fs";
var NODE_MAJOR_MIN = 24;
var PROBE_MS_MAX = 1e4;
var CONTAINER_OPTIONS = "--cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined";
async function checkHost(host) {
  const { platform, arch, nodeMajor, glibc } = host;
  if (platform !== "linux") refuse(`it is ${platform}`, "Linux. Use runs-on: ubuntu-latest");
  if (arch !== "x64" && arch !== "arm64") refuse(`its processor is ${arch}`, "x64 or arm64");
  if (glibc === null)
    refuse("its C library is not glibc (Alpine has musl)", "a runner, or a job container, with glibc, such as Debian or Ubuntu");
  if (nodeMajor < NODE_MAJOR_MIN) refuse(`it runs actions with Node ${nodeMajor}`, `Node ${NODE_MAJOR_MIN} or newer`);
  const tools = toolsOf(host);
  if (!await canEnterCage(host, tools)) refuseEntrance(host, tools);
}
function toolsOf({ toolFolders }) {
  try {
    return findTools(toolFolders);
  } catch (cause) {
    throw new ActionError("runner", `Cannot run on this runner: ${cause instanceof Error ? cause.message : "tools are missing"}`, {
      cause
    });
  }
}
async function canEnterCage({ uid, succeeds: succeeds2 }, { sudo, unshare, ip, true: succeed }) {
  if (uid !== 0 && sudo !== null && await succeeds2(sudo, ["-n", "--", succeed])) return true;
  return succeeds2(unshare, ["--user", "--map-root-user", "--net", "--mount", "--", ip, "link", "set", "lo", "up"]);
}
function refuseEntrance({ inContainer, uid }, { sudo }) {
  if (inContainer) {
    refuse(
      "the job runs in a container that lets no process have namespaces of its own",
      `a container started for that. Give the job:
  container:
    image: \u2026
    options: ${CONTAINER_OPTIONS}`
    );
  }
  const why = uid === 0 ? "" : sudo === null ? "sudo is not installed, and " : "sudo asks for a password, and ";
  refuse(
    `${why}user namespaces are forbidden`,
    "one of the two: passwordless sudo for the runner's user, or unprivileged user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0, user.max_user_namespaces above 0)"
  );
}
function refuse(state, expected) {
  throw new ActionError("runner", `Cannot run on this runner: ${state}, expected ${expected}`);
}
function thisHost() {
  return {
    platform: process.platform,
    arch: process.arch,
    nodeMajor: Number.parseInt(process.versions.node, 10),
    glibc: glibcVersion(),
    // Engines mark their containers; the runner mounts its Node there in one of a job.
    inContainer: existsSync("/.dockerenv") || existsSync("/run/.containerenv") || process.execPath.startsWith("/__e/"),
    uid: process.getuid?.() ?? 0,
    toolFolders: TOOL_FOLDERS,
    succeeds
  };
}
function glibcVersion() {
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = process.report.getReport();
  return typeof header?.glibcVersionRuntime === "string" ? header.glibcVersionRuntime : null;
}
async function succeeds(program, args) {
  const options = { cwd: "/", env: {}, silent: true, ignoreReturnCode: true };
  try {
    return await within(PROBE_MS_MAX, exec(`"${program}"`, [...args], options), () => new Error("late")) === 0;
  } catch {
    return false;
  }
}

// src/action/identity-token.ts
var MINT_MS_MAX = 3e4;
var REASON_CHARACTERS_MAX = 300;
async function requireIdentity(environment, shownEvent2) {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = environment;
  if (url !== void 0 && url !== "" && token !== void 0 && token !== "") return;
  const fork = (await shownEvent2())?.fork ?? null;
  const state = fork === null ? "GitHub offers this job none" : `this is a pull request from a fork (${visible(fork, REASON_CHARACTERS_MAX)}), and GitHub offers such a job none`;
  const mend = fork === null ? "permissions: id-token: write in the workflow or the job. If it has that already, this is a pull request from a fork, which never gets it" : "an event of this repository itself. permissions: id-token: write has no effect here: run these jobs without duty-gate, or on a branch of this repository";
  throw new ActionError("identity", `Cannot get an identity token: ${state}, expected ${mend}`);
}
async function mintToken(audience, ask = getIDToken) {
  try {
    return await within(MINT_MS_MAX, ask(audience), () => new Error(`no answer in ${MINT_MS_MAX} ms`));
  } catch (cause) {
    const reason = visible(cause instanceof Error ? cause.message.replace(/\s+/g, " ") : "unknown", REASON_CHARACTERS_MAX);
    throw new ActionError(
      "identity",
      `Cannot get an identity token: ${reason}, expected GitHub to give one (permissions: id-token: write)`,
      {
        cause
      }
    );
  }
}

// src/action/launcher.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
function writeLauncher(parts) {
  const folder = join(parts.jobFolder, "bin");
  mkdirSync(folder, { mode: 448 });
  writeFileSync(join(folder, "duty-gate"), launcherScript(parts), { mode: 448, flag: "wx" });
  return folder;
}
function programPath(here) {
  return fileURLToPath(new URL(here.endsWith(".ts") ? "../cli/main.ts" : "./duty-gate.js", here));
}

// src/action/run-main.ts
import { mkdtempSync, realpathSync } from "node:fs";
import { join as join2 } from "node:path";

// src/action/secrets-input.ts
var import_yaml = __toESM(require_dist(), 1);
var SECRETS_BYTES_MAX = 1024 * 1024;
var NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/;
function parseSecretsInput(text) {
  if (text.trim() === "") return { ok: true, secrets: {} };
  if (Buffer.byteLength(text) > SECRETS_BYTES_MAX) return fault(null, `it is longer than ${SECRETS_BYTES_MAX} bytes`);
  const lines = new import_yaml.LineCounter();
  const document = (0, import_yaml.parseDocument)(text, { schema: "failsafe", lineCounter: lines, logLevel: "error" });
  const lineOf = (offset) => lines.linePos(offset).line;
  const [error] = [...document.errors, ...document.warnings];
  if (error !== void 0) return fault(lineOf(error.pos[0]), `it is no YAML (${error.code})`);
  if (document.directives?.docStart === true) return fault(1, "it has directives or a --- of its own");
  if (document.comment || document.commentBefore) return fault(null, COMMENT);
  const { contents } = document;
  if (!(0, import_yaml.isMap)(contents) || contents.flow === true) return fault(1, "it is no map of names, one a line");
  const secrets = /* @__PURE__ */ Object.create(null);
  for (const { key, value } of contents.items) {
    const line = lineOf(key.range[0]);
    const state = nameFault(key, secrets) ?? valueFault(value, text);
    if (state !== null || !(0, import_yaml.isScalar)(key) || !(0, import_yaml.isScalar)(value)) return fault(line, state ?? "it is no text");
    secrets[String(key.value)] = String(value.value);
  }
  return contents.comment || contents.commentBefore ? fault(null, COMMENT) : { ok: true, secrets: { ...secrets } };
}
var COMMENT = "it has a comment, which may be the rest of a value";
function nameFault(key, secrets) {
  if (!(0, import_yaml.isScalar)(key) || typeof key.value !== "string" || !NAME.test(key.value)) return `its name is none: letters, digits, - and _`;
  if (isDecorated(key)) return "its name has an anchor, a tag or a comment";
  return key.value in secrets ? "its name stands there twice" : null;
}
function valueFault(value, text) {
  if (!(0, import_yaml.isScalar)(value) || typeof value.value !== "string") return "its value is no text";
  if (isDecorated(value)) return value.comment || value.commentBefore ? COMMENT : "its value has an anchor or a tag";
  if (value.value === "") return "its value is empty: no such secret, or not for this job";
  const [start, end] = value.range;
  const folds = value.type === "PLAIN" || value.type === "QUOTE_SINGLE" || value.type === "QUOTE_DOUBLE";
  return folds && text.slice(start, end).includes("\n") ? "its value has several lines, which YAML folds into one" : null;
}
function isDecorated(node) {
  return Boolean(node.anchor || node.tag || node.comment || node.commentBefore);
}
function fault(line, state) {
  return { ok: false, line, state };
}

// src/action/inputs.ts
var INPUT_NAMES = [
  "policy",
  "policy-ref",
  "duty",
  "secrets",
  "gateway",
  "egress-policy",
  "confinement",
  "artifact-name",
  "retention-days",
  "attest",
  "github-token"
];
function readInputs(getInput) {
  return Object.fromEntries(INPUT_NAMES.map((name) => [name, getInput(name)]));
}
var DEFAULT_POLICY = ".github/duty-gate.yml";
var RETENTION_DAYS_MAX = 400;
var ONLY_ONE = {
  gateway: { value: "embedded", why: "a gateway elsewhere is not available in this version" },
  "egress-policy": { value: "block", why: "inputs may only tighten a policy" },
  confinement: { value: "required", why: "inputs may only tighten a policy" }
};
var ONLY_ONE_NAMES = ["gateway", "egress-policy", "confinement"];
var Path = string().min(1).max(1024).refine(isPathInRepository);
var Ref = string().regex(/^(?!-)[^\p{C}\p{Z}~^:?*[\\]{1,1024}$/u);
var Duty = string().regex(/^[^\p{C}]{1,256}$/u);
var Days = coerce_exports.number().int().min(1).max(RETENTION_DAYS_MAX);
var Switch = _enum(["true", "false"]).transform((text) => text === "true");
var Token = string().regex(/^[!-~]{1,65536}$/);
function parseInputs(raw) {
  const faults = ONLY_ONE_NAMES.map((name) => onlyOneFault(name, raw));
  const check = (name, schema, absent, expected) => {
    if (raw[name] === "") return absent;
    const parsed = schema.safeParse(raw[name]);
    if (parsed.success) return parsed.data;
    faults.push(inputFault(name, quoted(name, raw), expected));
    return absent;
  };
  const path = check("policy", Path, DEFAULT_POLICY, "a path in the repository, without leading / and without ..");
  const { repository, ref } = splitPolicyRef(check("policy-ref", Ref, null, "a branch, a tag, or owner/name@ref"));
  const duty = check("duty", Duty, null, "the name of a duty");
  const retentionDays = check("retention-days", Days, null, `a whole number from 1 to ${RETENTION_DAYS_MAX}`);
  const attest = check("attest", Switch, false, '"true" or "false"');
  const token = check("github-token", Token, "", "a token");
  if (raw["github-token"] === "")
    faults.push(inputFault("github-token", "empty", "the default, or another token that may read the policy"));
  const nameFault2 = raw["artifact-name"] === "" ? null : artifactNameFault(raw["artifact-name"]);
  if (nameFault2 !== null) faults.push(inputFault("artifact-name", quoted("artifact-name", raw), nameFault2));
  const secrets = parseSecretsInput(raw.secrets);
  if (!secrets.ok) faults.push(secretsFault(secrets));
  const found = faults.filter((fault2) => fault2 !== null);
  if (found.length > 0 || !secrets.ok) throw new ActionError("inputs", found.join("\n"));
  return {
    policy: { repository, path, ref },
    duty,
    secrets: secrets.secrets,
    artifactName: raw["artifact-name"] || null,
    retentionDays,
    attest,
    token
  };
}
function onlyOneFault(name, raw) {
  const { value, why } = ONLY_ONE[name];
  return raw[name] === "" || raw[name] === value ? null : inputFault(name, quoted(name, raw), `"${value}": ${why}`);
}
function splitPolicyRef(text) {
  const [, repository, ref] = /^([A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100})@(.+)$/s.exec(text ?? "") ?? [];
  return repository === void 0 ? { repository: null, ref: text } : { repository, ref: ref ?? null };
}
function isPathInRepository(path) {
  return /^[^\p{C}\\]+$/u.test(path) && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
var SECRET_INPUTS = /* @__PURE__ */ new Set(["secrets", "github-token"]);
var QUOTED_CHARACTERS_MAX = 200;
function quoted(name, raw) {
  return SECRET_INPUTS.has(name) ? "malformed" : `"${visible(raw[name], QUOTED_CHARACTERS_MAX)}"`;
}
function inputFault(name, state, expected) {
  return `Cannot use the ${name === "gateway" ? name : `input ${name}`}: it is ${state}, expected ${expected}`;
}
var AS_IT_IS = `With toJSON a value stays what it is, whatever it holds: NAME: \${{ toJSON(secrets.NAME) }}`;
function secretsFault({ line, state }) {
  const where = line === null ? "" : `in line ${line}, `;
  return `Cannot use the input secrets: ${where}${state}, expected lines NAME: value. ${AS_IT_IS}`;
}

// src/action/run-main.ts
async function runMain(world) {
  const raw = readInputs(world.toolkit.getInput);
  forgetEnvironment(world.environment);
  let policy = null;
  try {
    const inputs = parseInputs(raw);
    policy = inputs.policy;
    hideSecrets(world.toolkit, raw, inputs);
    const facts = jobFacts(world.environment);
    await requireIdentity(world.environment, world.shownEvent);
    await openInFolder(world, inputs, facts);
    return true;
  } catch (error) {
    tellRefusal(world.toolkit, refusalOf(error), policy);
    return false;
  }
}
function hideSecrets({ setSecret }, raw, { secrets }) {
  for (const value of [raw["github-token"], ...Object.values(secrets)]) {
    setSecret(value);
    for (const line of value.split(/\r\n|\r|\n/)) if (line.trim() !== "" && line !== value) setSecret(line);
  }
}
var OPENING_MS_MAX = 6e4;
async function openInFolder(world, inputs, facts) {
  const folder = makeJobFolder(world.folders, facts);
  const started = { gateway: null };
  try {
    world.toolkit.saveState(JOB_FOLDER_STATE, folder);
    const cancelled2 = world.cancelled.then((why) => {
      throw new ActionError("cancelled", `Cannot open the session: ${why}, expected to be let finish`);
    });
    await Promise.race([open(world, inputs, facts, { folder, started }), cancelled2]);
  } catch (error) {
    const gateway = await started.gateway?.catch(() => null);
    await gateway?.stop();
    for (const line of gatewayLogTail(folder)) world.toolkit.info(logLine(`gateway: ${line}`));
    removeJobFolder(folder);
    throw error;
  }
}
async function open(world, inputs, facts, { folder, started }) {
  await world.checkHost();
  const { artifactName, retentionDays, attest } = inputs;
  const evidenceFolder = mkdtempSync(join2(realTemp(facts), "duty-gate-evidence-"));
  writeJobRecord(folder, { evidenceFolder, artifactName, retentionDays, attest });
  const environment = facts.trackingId === null ? {} : { RUNNER_TRACKING_ID: facts.trackingId };
  started.gateway = world.startGateway(bootstrap(inputs, facts, { folder, evidenceFolder, identity: identityRequest(world.environment) }), {
    environment,
    logPath: gatewayLogPath(folder)
  });
  const gateway = await started.gateway;
  const opening = world.openSession({ socketPath: gateway.socketPath, duty: inputs.duty, mint: (audience) => world.mint(audience) });
  const session = await within(OPENING_MS_MAX, opening, tooLate);
  writeSavedSession(folder, session.saved);
  world.toolkit.addPath(writeLauncher({ node: world.node, program: world.program, jobFolder: folder }));
  gateway.release();
  tellOpened(world.toolkit, session);
}
function identityRequest(environment) {
  return { url: environment["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "", token: environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "" };
}
function tooLate() {
  return new ActionError("gateway", `Cannot open the session: the gateway did not answer in ${OPENING_MS_MAX} ms, expected its answer`);
}
function realTemp({ temp }) {
  try {
    return realpathSync(temp);
  } catch (cause) {
    throw new ActionError("runner", `Cannot run on this runner: RUNNER_TEMP is not there, expected a folder for the evidence`, { cause });
  }
}
function bootstrap({ policy, secrets, token }, { repository, apiUrl }, {
  folder,
  evidenceFolder,
  identity
}) {
  return {
    issuer: "github",
    policy: { repository: policy.repository ?? repository, path: policy.path, ref: policy.ref },
    api: { url: apiUrl, token },
    identity,
    secrets: { ...secrets },
    evidenceFolder,
    socketFolder: folder
  };
}
function tellOpened({ setOutput, info }, { answer }) {
  setOutput("session-id", answer.session);
  setOutput("evidence-path", answer.evidence);
  const targets = answer.targets.map(({ target }) => target).join(", ") || "none";
  info(logLine(`session ${answer.session} is open: duty ${answer.duty}, targets ${targets}`));
  info(logLine('steps with "shell: duty-gate shell {0}" run under it; others, and steps with "uses:", do not'));
  if (answer.keeps.recordings === "none") info(logLine('terminals are not recorded: see "evidence" in the policy'));
  if (answer.checkpoint !== null) info(logLine(`checkpoint ${answer.checkpoint}`));
}

// src/action/main.ts
var { cancelled } = hardenProcess();
var opened = await runMain({
  toolkit: runnerToolkit,
  environment: process.env,
  folders: { base: FOLDERS_BASE, uid: process.getuid?.() ?? 0 },
  node: process.execPath,
  program: programPath(import.meta.url),
  checkHost: () => checkHost(thisHost()),
  shownEvent,
  mint: (audience) => mintToken(audience),
  startGateway,
  openSession,
  cancelled
});
process.exit(opened ? 0 : 1);
