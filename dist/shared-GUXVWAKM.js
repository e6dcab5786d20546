import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  startGateway
} from "./shared-FQBLNEU6.js";
import {
  mintLocally
} from "./shared-HCQLN6BE.js";
import {
  INNER_CONTROLS,
  INNER_CONTROL_PORT
} from "./shared-BWSIEJ3D.js";
import "./shared-45OH65BV.js";
import "./shared-5BG7YZTF.js";
import {
  CA_PATH_INSIDE,
  EXIT_NOT_STARTED,
  EXIT_SESSION_LOST,
  runLink,
  splitEnvironment,
  valueIn
} from "./shared-K6MIUKBA.js";
import {
  DescriptorWriter,
  makeSessionFolder,
  onSignals,
  say
} from "./shared-KXCOBPCP.js";
import "./shared-QNMJZBHG.js";
import "./shared-6N2L75QO.js";
import {
  openSession,
  resumeSession
} from "./shared-BWAJR63M.js";
import {
  WrapError,
  messageOf
} from "./shared-XY3COEPW.js";
import {
  NESTED_PATH,
  NESTED_PAYLOAD_BYTES_MAX,
  NESTED_UPGRADE,
  NestedDecoder,
  encodeNested,
  encodeNestedBytes,
  numberOf
} from "./shared-5L6LTUXS.js";
import "./shared-ZTYEZK3O.js";
import {
  readSavedSession
} from "./shared-6EOHPRKU.js";
import "./shared-XR5Q7YXY.js";
import "./shared-ICF2F4II.js";
import "./shared-2T7SPHVJ.js";
import "./shared-7VOT6GHQ.js";

// wrapper/main.ts
import { existsSync as existsSync3 } from "node:fs";

// wrapper/options.ts
import { resolve } from "node:path";
var RUN_USAGE = `duty-gate run [OPTIONS] -- CMD [ARG\u2026]

  --policy FILE    the policy; its duty is held against everything CMD starts. In a job whose action has opened a
                   session it may be left out: CMD then runs under that session
  --secrets FILE   with --policy: YAML map of names to values; readable by its owner only
  --duty NAME      which duty, where the policy binds several. Inside a command that duty-gate runs: the duty that CMD is
                   held to, besides those that hold already; it gets a cage within the cage. Like ssh, it may read ahead
                   of CMD on its standard input: </dev/null where the rest is somebody else's
  --evidence DIR   with --policy: where bundles go, a folder for each session (default: duty-gate-evidence)
  --help           this text

CMD runs in a cage whose only way out is the gate. Exit codes: CMD's own; 123 the session was lost while it ran;
125 it could not be started safely and nothing ran; 126 and 127 as shells do; 128+n for a signal.
`;
var SHELL_USAGE = `duty-gate shell [--duty NAME] FILE

Runs FILE by bash under the session that the job's action has opened, as GitHub's own \`shell: bash\` would:
bash --noprofile --norc -eo pipefail FILE. In a workflow:

  - shell: duty-gate shell {0}
    run: psql \u2026

Exit codes are those of duty-gate run.
`;
var JOB_SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail"];
var NO_SESSION = "no session is open here: this is no step of a job after duty-gate's action";
var DEFAULT_EVIDENCE_FOLDER = "duty-gate-evidence";
var OPTION_NAMES = ["policy", "secrets", "duty", "evidence", "agent"];
function parseRunOptions(args, place) {
  const words = splitWords(args);
  if (words.kind !== "words") return words;
  const { values, rest: argv } = words;
  if (argv.length === 0 || argv[0] === "") return error("no command is given", "one after --");
  const policy = values.get("policy");
  const duty = values.get("duty") ?? null;
  const agent = values.get("agent") ?? null;
  if (agent !== null && !(place.isInside && policy === void 0 && /^\d{1,2}$/.test(agent)))
    return error("there is no option --agent", "one of those that --help lists");
  if (policy === void 0) {
    const without2 = ["secrets", "evidence"].find((name) => values.has(name));
    if (without2 !== void 0) return error(`--${without2} is given without --policy`, "both, or neither in a job");
    if (place.isInside) {
      if (duty === null) return error("no duty is named, and inside a command each further one is held to one more", "--duty NAME");
      return { kind: "nested", options: { duty, agent: agent === null ? null : Number(agent), argv } };
    }
    if (place.jobFolder === null) return error("no policy is named and no session is open", "--policy FILE");
    return { kind: "in-job", options: { jobFolder: place.jobFolder, duty, argv } };
  }
  const at = (path) => resolve(place.cwd, path);
  const secrets = values.get("secrets");
  const secretsPath = secrets === void 0 ? null : at(secrets);
  const evidenceFolder = at(values.get("evidence") ?? DEFAULT_EVIDENCE_FOLDER);
  return { kind: "alone", options: { policyPath: at(policy), secretsPath, duty, evidenceFolder, argv } };
}
function parseShellOptions(args, jobFolder2) {
  const words = splitWords(args);
  if (words.kind !== "words") return words;
  const { values, rest } = words;
  const other = OPTION_NAMES.find((name) => name !== "duty" && values.has(name));
  if (other !== void 0) return error(`--${other} is no option of shell`, "one of those that --help lists");
  const [file = "", ...more] = rest;
  if (file === "" || more.length > 0)
    return error(`${rest.length} words stand where the script's path should`, "one: shell: duty-gate shell {0}");
  if (jobFolder2 === null) return error(NO_SESSION, "a step with `uses: \u2026/duty-gate` before this one");
  return { kind: "in-job", options: { jobFolder: jobFolder2, duty: values.get("duty") ?? null, argv: [...JOB_SHELL, file] } };
}
function splitWords(args) {
  const values = /* @__PURE__ */ new Map();
  let next = 0;
  for (; next < args.length; next++) {
    const word = args[next] ?? "";
    if (word === "--help" || word === "-h") return { kind: "help" };
    if (!word.startsWith("-") || word === "-") break;
    if (word === "--") {
      next += 1;
      break;
    }
    const option = splitOption(word);
    if (option === null) return error(`there is no option ${word}`, "one of those that --help lists");
    const value = option.value ?? args[++next];
    if (value === void 0 || value === "") return error(`--${option.name} has no value`, "one after it");
    if (values.has(option.name)) return error(`--${option.name} is given twice`, "once");
    values.set(option.name, value);
  }
  return { kind: "words", values, rest: args.slice(next) };
}
function splitOption(word) {
  const [, key, value] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
  const name = OPTION_NAMES.find((known) => known === key);
  return name === void 0 ? null : { name, value: value ?? null };
}
function error(state, expected) {
  return { kind: "error", message: `Cannot run: ${state}, expected ${expected}` };
}

// wrapper/evidence-parent.ts
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
function makeEvidenceParent(path) {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeEvidenceParent(dirname(path));
  try {
    mkdirSync(path, { mode: 448 });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown fault";
    throw new WrapError("set-up", `Cannot make the evidence folder ${path}: ${code}, expected a folder that can be written`, { cause });
  }
}

// wrapper/files-plan.ts
import { existsSync, lstatSync, mkdirSync as mkdirSync2, realpathSync, statSync as statSync2 } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
var SHARED_FOLDERS = ["/tmp", "/var/tmp"];
function filesAlone(cwd, home) {
  return { writable: folders([cwd, home, ...SHARED_FOLDERS]), layered: [], layersFolder: null, protected: [] };
}
function filesInJob(environment, jobFolder2, gitFolders2, persisted) {
  const { HOME: home, RUNNER_TEMP: temp, RUNNER_TOOL_CACHE: toolCache } = environment;
  const layersFolder = join(jobFolder2, "layers");
  mkdirSync2(layersFolder, { recursive: true, mode: 448 });
  const workspace = jobWorkspace(environment);
  const writable = folders([workspace ?? void 0, ...persisted.filter(isPersistable)]);
  const runByOthers = workspace === null ? [] : [join(workspace, ".github"), ...gitFolders2.map((own) => join(own, "hooks"))];
  return {
    writable,
    layered: folders([home, temp, toolCache, ...SHARED_FOLDERS]).filter((path) => !writable.includes(path)),
    layersFolder,
    protected: [...runByOthers.map(madeFolder), ...new Set(writable.flatMap(ownProgram))]
  };
}
function madeFolder(path) {
  if (lstatSync(path, { throwIfNoEntry: false }) === void 0) mkdirSync2(path);
  return path;
}
function isPersistable(path) {
  return isFolder(path) && realpathSync(path) === path;
}
function jobWorkspace({ GITHUB_WORKSPACE: workspace }) {
  return folders([workspace])[0] ?? null;
}
function ownProgram(workspace) {
  const own = realpathSync(fileURLToPath(new URL("..", import.meta.url)));
  if (own === workspace) return ["dist", "package.json", "action.yml"].map((name) => join(own, name)).filter(existsSync);
  return own.startsWith(`${workspace}/`) ? [own] : [];
}
function folders(paths) {
  const real = paths.flatMap((path) => path?.startsWith("/") && isFolder(path) ? [realpathSync(path)] : []);
  return [...new Set(real)].filter((path) => path !== "/");
}
function isFolder(path) {
  return statSync2(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

// wrapper/run-alone.ts
async function runAlone(options) {
  const { policyPath, secretsPath, evidenceFolder } = options;
  const folder = makeSessionFolder("/tmp", process.getuid?.() ?? 0);
  try {
    makeEvidenceParent(evidenceFolder);
    const gateway = await startGateway({ issuer: "local", policyPath, secretsPath, evidenceFolder, socketFolder: folder.path });
    try {
      const session = await openSession({ socketPath: gateway.socketPath, duty: options.duty, mint: mintLocally });
      const files = filesAlone(process.cwd(), process.env["HOME"]);
      say(`what it writes below ${files.writable.join(", ")} stays; the rest is read-only`);
      const ran = await runLink(session, {
        argv: options.argv,
        folder,
        files,
        binds: [],
        aliases: [],
        hide: [],
        workspace: process.cwd(),
        filter: null,
        isShared: false
      });
      const closed = await closeSession(session);
      if (ran.kind === "lost" || closed === null) return EXIT_SESSION_LOST;
      if (ran.started) say(`${closed.allowed} allowed, ${closed.refused} refused, ${closed.masked} masked. Evidence: ${closed.evidence}`);
      return ran.exitCode;
    } finally {
      await gateway.stop();
    }
  } finally {
    folder.remove();
  }
}
async function closeSession(session) {
  try {
    return await session.close();
  } catch (error2) {
    say(`the evidence was not sealed: ${messageOf(error2)}`);
    return null;
  }
}

// wrapper/run-in-job.ts
import { fstatSync as fstatSync4 } from "node:fs";

// wrapper/job-files.ts
import { readFileSync } from "node:fs";
import { join as join7 } from "node:path";

// wrapper/file-commands.ts
import { createHash, randomBytes as randomBytes2 } from "node:crypto";
import { closeSync as closeSync2, constants as constants2, fstatSync as fstatSync2, lstatSync as lstatSync3, mkdirSync as mkdirSync3, realpathSync as realpathSync2, renameSync as renameSync2 } from "node:fs";
import { basename, dirname as dirname2, join as join3 } from "node:path";

// wrapper/file-command-text.ts
var DEFINITIONS_MAX = 1e3;
function parseDefinitions(text) {
  const lines = text.split("\n");
  const definitions = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line === "") continue;
    if (definitions.length === DEFINITIONS_MAX) return malformed(at, `there are more than ${DEFINITIONS_MAX} definitions`);
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
      const [name, delimiter] = [line.slice(0, heredoc), line.slice(heredoc + 2)];
      if (name === "" || delimiter === "") return malformed(at, "it has no name or no delimiter");
      const end = lines.indexOf(delimiter, at + 1);
      if (end < 0) return malformed(at, "its delimiter does not come again");
      definitions.push({ name, value: lines.slice(at + 1, end).join("\n") });
      at = end;
    } else if (equals > 0) {
      definitions.push({ name: line.slice(0, equals), value: line.slice(equals + 1) });
    } else {
      return malformed(at, equals === 0 ? "it has no name" : "it is neither NAME=value nor NAME<<DELIMITER");
    }
  }
  return { kind: "definitions", definitions };
}
function renderDefinitions(definitions, delimiter) {
  return definitions.map(({ name, value }) => value.includes("\n") ? `${name}<<${delimiter}
${value}
${delimiter}
` : `${name}=${value}
`).join("");
}
function malformed(at, why) {
  return { kind: "malformed", why: `line ${at + 1}: ${why}` };
}

// wrapper/file-command-judge.ts
var SUMMARY_BYTES_MAX = 1024 * 1024;
var VALUE_BYTES_MAX = 64 * 1024;
var ENVIRONMENT_BYTES_MAX = 512 * 1024;
var PATH_BYTES_MAX = 32 * 1024;
var PATH_ENTRY_BYTES_MAX = 4095;
var PATH_ENTRIES_MAX = 100;
var SHOWN_NAME_CHARS_MAX = 100;
var CUT = "\n\n(cut here: a step has 1 MiB for its summary)\n";
function judgeDefinitions(bytes, { fault, delimiter, environment }) {
  const text = decode(bytes);
  if (text === null) return refusedWhole("it is no UTF-8");
  const parsed = parseDefinitions(text);
  if (parsed.kind === "malformed") return refusedWhole(parsed.why);
  const last = [...new Map(parsed.definitions.map((definition) => [definition.name, definition])).values()];
  const refused = [];
  const passed = [];
  let room = environment === null ? Number.POSITIVE_INFINITY : ENVIRONMENT_BYTES_MAX - sizeOf(environment);
  for (const definition of last) {
    const { name, value } = definition;
    const size = Buffer.byteLength(name) + Buffer.byteLength(value) + 2;
    const why = fault(name) ?? valueFault(value, environment === null ? null : Math.min(room, VALUE_BYTES_MAX) - size);
    if (why !== null) {
      refused.push({ name: shown(name), why });
    } else {
      passed.push(definition);
      room -= size;
    }
  }
  return { text: Buffer.from(renderDefinitions(passed, delimiter)), passed: passed.map(({ name }) => name), refused };
}
function valueFault(value, room) {
  if (value.includes("\0")) return "its value has a NUL";
  return room !== null && room < 0 ? "with it the environment of later steps would be too large" : null;
}
function judgePaths(bytes, environment) {
  const text = decode(bytes);
  if (text === null) return refusedWhole("it is no UTF-8");
  const lines = text.split("\n").filter((line) => line !== "");
  if (lines.length > PATH_ENTRIES_MAX) return refusedWhole(`it has ${lines.length} lines, expected ${PATH_ENTRIES_MAX} at most`);
  const path = environment.find((entry) => Buffer.from("PATH=").equals(entry.subarray(0, 5)));
  let room = PATH_BYTES_MAX - (path?.length ?? 0);
  const passed = [];
  const refused = [];
  for (const line of new Set(lines)) {
    const size = Buffer.byteLength(line) + 1;
    const why = pathFault(line) ?? (size > room ? "with it the PATH of later steps would be too long" : null);
    if (why !== null) {
      refused.push({ name: shown(line), why });
    } else {
      passed.push(line);
      room -= size;
    }
  }
  return { text: Buffer.from(passed.map((line) => `${line}
`).join("")), passed: passed.map(shown), refused };
}
function pathFault(line) {
  if (!line.startsWith("/")) return "it is no absolute path";
  if (Buffer.byteLength(line) > PATH_ENTRY_BYTES_MAX) return "it is too long for a path";
  if (/[\p{Cc}\u2028\u2029:]/u.test(line)) return "it has a control character or a colon";
  return line.split("/").some((part) => part === "." || part === "..") ? "it has . or .. in it" : null;
}
function summaryPart(bytes, isWhole, written) {
  const room = SUMMARY_BYTES_MAX - written;
  if (isWhole && bytes.length <= room) return { text: bytes, passed: bytes.length === 0 ? [] : ["summary"], refused: [] };
  const why = `it is longer than ${SUMMARY_BYTES_MAX} bytes and is cut`;
  const end = boundaryAtMost(bytes, room - CUT.length);
  const text = end <= 0 ? Buffer.alloc(0) : Buffer.concat([bytes.subarray(0, end), Buffer.from(CUT)]);
  return { text, passed: end <= 0 ? [] : ["summary"], refused: [{ name: null, why }] };
}
function boundaryAtMost(bytes, length) {
  let end = Math.min(length, bytes.length);
  for (let back = 0; back < 3 && end > 0 && ((bytes[end] ?? 0) & 192) === 128; back++) end -= 1;
  return end;
}
function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
function sizeOf(environment) {
  return environment.reduce((sum, entry) => sum + entry.length + 1, 0);
}
function shown(name) {
  return name.slice(0, SHOWN_NAME_CHARS_MAX).replace(/[^A-Za-z0-9_./-]/g, "?");
}
function refusedWhole(why) {
  return { text: Buffer.alloc(0), passed: [], refused: [{ name: null, why }] };
}

// wrapper/file-command-rules.ts
var ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;
var OUTPUT_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.:/@-]{0,254}$/;
var SHELLS = [
  "PATH",
  "HOME",
  "SHELL",
  "ENV",
  "BASH_ENV",
  "IFS",
  "PS4",
  "PROMPT_COMMAND",
  "SHELLOPTS",
  "BASHOPTS",
  "CDPATH",
  "GLOBIGNORE",
  "ZDOTDIR"
];
var C_LIBRARY = [
  "GCONV_PATH",
  "GETCONF_DIR",
  "GLIBC_TUNABLES",
  "HOSTALIASES",
  "LOCALDOMAIN",
  "LOCPATH",
  "NLSPATH",
  "RESOLV_HOST_CONF",
  "RES_OPTIONS"
];
var NODE = ["NODE_OPTIONS", "NODE_PATH", "NODE_EXTRA_CA_CERTS", "NODE_REPL_EXTERNAL_MODULE", "NODE_TLS_REJECT_UNAUTHORIZED"];
var PYTHON = [
  "PYTHONPATH",
  "PYTHONHOME",
  "PYTHONSTARTUP",
  "PYTHONUSERBASE",
  "PYTHONBREAKPOINT",
  "PYTHONEXECUTABLE",
  "PYTHONPLATLIBDIR",
  "PYTHONPYCACHEPREFIX",
  "PYTHONWARNINGS"
];
var PERL = ["PERL5OPT", "PERL5LIB", "PERL5DB", "PERLLIB"];
var OTHERS = ["RUBYOPT", "RUBYLIB", "RUBYSHELL", "LUA_INIT", "LUA_PATH", "LUA_CPATH", "PHPRC", "PHP_INI_SCAN_DIR"];
var JAVA = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"];
var DOTNET = ["DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS", "DOTNET_SHARED_STORE"];
var GIT = [
  "GIT_DIR",
  "GIT_EXEC_PATH",
  "GIT_ASKPASS",
  "GIT_EDITOR",
  "GIT_SEQUENCE_EDITOR",
  "GIT_PAGER",
  "GIT_EXTERNAL_DIFF",
  "GIT_PROXY_COMMAND"
];
var GIT_PLACES = [
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_TEMPLATE_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES"
];
var TRUST = [
  "CURL_CA_BUNDLE",
  "REQUESTS_CA_BUNDLE",
  "OPENSSL_CONF",
  "OPENSSL_MODULES",
  "OPENSSL_ENGINES",
  "SSH_ASKPASS",
  "SSH_AUTH_SOCK"
];
var PAGERS = ["EDITOR", "VISUAL", "PAGER", "MANPAGER", "LESSOPEN", "LESSCLOSE", "BROWSER"];
var REFUSED = /* @__PURE__ */ new Set([
  ...[SHELLS, C_LIBRARY, NODE, PYTHON, PERL, OTHERS, JAVA, DOTNET, GIT, GIT_PLACES, TRUST, PAGERS].flat()
]);
var REFUSED_PREFIXES = [
  "LD_",
  "DYLD_",
  "BASH_FUNC_",
  "GIT_SSH",
  "GIT_CONFIG",
  "SSL_CERT_",
  "CORECLR_",
  "COR_PROFILER",
  "COR_ENABLE"
];
var OWN_PREFIXES = ["INPUT_", "STATE_", "ACTIONS_", "DUTY_GATE_"];
var REFUSED_ANY_CASE = [/_PROXY$/i, /^NPM_CONFIG_/i];
var RUNNERS = /* @__PURE__ */ new Set([
  "CI",
  ..."ACTION ACTIONS ACTION_PATH ACTION_REF ACTION_REPOSITORY ACTOR ACTOR_ID API_URL BASE_REF ENV EVENT_NAME EVENT_PATH GRAPHQL_URL HEAD_REF JOB OUTPUT PATH REF REF_NAME REF_PROTECTED REF_TYPE REPOSITORY REPOSITORY_ID REPOSITORY_OWNER REPOSITORY_OWNER_ID RETENTION_DAYS RUN_ATTEMPT RUN_ID RUN_NUMBER SERVER_URL SHA STATE STEP_SUMMARY TRIGGERING_ACTOR WORKFLOW WORKFLOW_REF WORKFLOW_SHA WORKSPACE".split(" ").map((name) => `GITHUB_${name}`),
  ..."ARCH DEBUG ENVIRONMENT NAME OS PERFLOG TEMP TOOL_CACHE TRACKING_ID WORKSPACE".split(" ").map((name) => `RUNNER_${name}`)
]);
function environmentNameFault(name, passed) {
  if (!ENVIRONMENT_NAME.test(name)) return "it is no name of a variable";
  if (RUNNERS.has(name) || OWN_PREFIXES.some((prefix) => name.startsWith(prefix))) return "it is the runner's own";
  if (passed.has(name)) return null;
  const acts = REFUSED.has(name) || REFUSED_PREFIXES.some((prefix) => name.startsWith(prefix)) || REFUSED_ANY_CASE.some((pattern) => pattern.test(name));
  return acts ? "it would act on the programs of later steps" : null;
}
function outputNameFault(name) {
  return OUTPUT_NAME.test(name) ? null : "it is no name of a variable";
}

// wrapper/regular-file.ts
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync as lstatSync2,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  writeSync
} from "node:fs";
import { join as join2 } from "node:path";
function openRegular(path, flags) {
  let fd;
  try {
    fd = openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return null;
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  return null;
}
function readUpTo(fd, length) {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(fd, bytes, filled, length - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
function writeAll(fd, bytes) {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}
function putRegular(path, bytes, { aside, mayStay }) {
  for (let attempt2 = 1; ; attempt2++) {
    const found = lstatSync2(path, { throwIfNoEntry: false });
    if (found !== void 0 && mayStay(found)) return;
    if (found !== void 0) setAside(path, asideName(aside));
    try {
      return writeFileSync(path, bytes, { flag: "wx", mode: 420 });
    } catch (error2) {
      if (attempt2 === PUT_ATTEMPTS_MAX) throw error2;
    }
  }
}
var PUT_ATTEMPTS_MAX = 100;
var NAME_BYTES = 16;
function asideName(folder) {
  return join2(folder, randomBytes(NAME_BYTES).toString("hex"));
}
function setAside(path, aside) {
  renameSync(path, aside);
  discard(aside);
}
function discard(path) {
  try {
    unlinkSync(path);
  } catch {
  }
}

// wrapper/file-commands.ts
var FILE_COMMANDS = ["GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"];
var RUNNERS_FOLDER = "_runner_file_commands";
var COPIES_FOLDER = "file-commands";
var TAKEN_FOLDER = "file-commands-taken";
var FILE_BYTES_MAX = {
  GITHUB_ENV: 1024 * 1024,
  GITHUB_PATH: 64 * 1024,
  GITHUB_OUTPUT: 1024 * 1024,
  GITHUB_STATE: 1024 * 1024,
  GITHUB_STEP_SUMMARY: SUMMARY_BYTES_MAX
};
var REFUSALS_TOLD_MAX = 20;
var DELIMITER_BYTES = 16;
var FOLDER_NAME_DIGITS = 16;
function prepareFileCommands(environment, folder, passed, ownBin) {
  const copies = join3(folder, COPIES_FOLDER);
  const takenFolder = join3(folder, TAKEN_FOLDER);
  for (const each of [copies, takenFolder]) mkdirSync3(each, { recursive: true, mode: 448 });
  const handled = [];
  const binds = /* @__PURE__ */ new Map();
  const refused = [];
  for (const file of FILE_COMMANDS) {
    const path = valueIn(environment, file);
    if (path === null || !path.startsWith("/")) continue;
    const place = makeCopy(path, copies, takenFolder);
    const realFd = place === null ? null : openReal(place.real);
    if (place === null || realFd === null) {
      refused.push({ file, name: null, why: "the file that it names cannot be opened, expected a regular one" });
      continue;
    }
    handled.push({ file, copy: place.copy, taken: asideName(takenFolder), realFd });
    binds.set(place.bind.target, place.bind);
  }
  return { binds: [...binds.values()], finish: () => finish(handled, refused, { environment, passed, ownBin }) };
}
function makeCopy(path, copies, aside) {
  try {
    const realFolder = realpathSync2(dirname2(path));
    const real = join3(realFolder, basename(path));
    const folder = join3(copies, createHash("sha256").update(realFolder).digest("hex").slice(0, FOLDER_NAME_DIGITS));
    mkdirSync3(folder, { recursive: true, mode: 448 });
    const copy = join3(folder, basename(path));
    putRegular(copy, Buffer.alloc(0), { aside, mayStay: (found) => found.isFile() && found.nlink === 1 });
    const isRunners = basename(realFolder) === RUNNERS_FOLDER;
    return { real, copy, bind: isRunners ? { source: folder, target: realFolder } : { source: copy, target: real } };
  } catch {
    return null;
  }
}
function openReal(path) {
  return openRegular(path, constants2.O_WRONLY | constants2.O_APPEND);
}
function finish(handled, before, around) {
  const passed = [];
  const refused = [...before];
  for (const each of handled) {
    const judged = passOn(each, around);
    const { file } = each;
    passed.push(...judged.passed.map((name) => ({ file, name })));
    refused.push(...judged.refused.slice(0, REFUSALS_TOLD_MAX).map((refusal) => ({ file, ...refusal })));
    const untold = judged.refused.length - REFUSALS_TOLD_MAX;
    if (untold > 0) refused.push({ file, name: null, why: `${untold} more of its definitions are refused` });
  }
  return { passed, refused };
}
function passOn({ file, copy, taken, realFd }, around) {
  try {
    const written = fstatSync2(realFd).size;
    const judged = judgeCopy(file, take(copy, taken), written, around);
    const own = file === "GITHUB_PATH" && around.ownBin !== null ? `${around.ownBin}
` : "";
    const gap = written > 0 && file !== "GITHUB_STEP_SUMMARY" ? "\n" : "";
    if (judged.text.length + own.length > 0) writeAll(realFd, Buffer.concat([Buffer.from(gap), judged.text, Buffer.from(own)]));
    return judged;
  } catch {
    return refusedWhole("it could not be passed on");
  } finally {
    closeSync2(realFd);
    discard(taken);
  }
}
function take(copy, taken) {
  if (lstatSync3(copy, { throwIfNoEntry: false }) !== void 0) renameSync2(copy, taken);
  return taken;
}
function judgeCopy(file, copy, written, around) {
  try {
    return judge(file, readCopy(file, copy), written, around);
  } catch {
    return refusedWhole("it could not be read");
  }
}
function judge(file, content, written, { environment, passed }) {
  if (content.kind === "refused") return refusedWhole(content.why);
  const { bytes } = content;
  const delimiter = `duty_gate_${randomBytes2(DELIMITER_BYTES).toString("hex")}`;
  switch (file) {
    case "GITHUB_ENV":
      return judgeDefinitions(bytes, { fault: (name) => environmentNameFault(name, passed), delimiter, environment });
    case "GITHUB_OUTPUT":
    case "GITHUB_STATE":
      return judgeDefinitions(bytes, { fault: outputNameFault, delimiter, environment: null });
    case "GITHUB_PATH":
      return judgePaths(bytes, environment);
    case "GITHUB_STEP_SUMMARY":
      return summaryPart(bytes, content.isWhole, written);
  }
}
function readCopy(file, copy) {
  if (lstatSync3(copy, { throwIfNoEntry: false }) === void 0) return { kind: "bytes", bytes: Buffer.alloc(0), isWhole: true };
  const fd = openRegular(copy, constants2.O_RDONLY);
  if (fd === null) return { kind: "refused", why: "it cannot be opened as a regular file any more" };
  try {
    const { size, nlink } = fstatSync2(fd);
    if (nlink !== 1) return { kind: "refused", why: "it has other names besides" };
    const bytesMax = FILE_BYTES_MAX[file];
    if (size > bytesMax && file !== "GITHUB_STEP_SUMMARY")
      return { kind: "refused", why: `it has ${size} bytes, expected ${bytesMax} at most` };
    return { kind: "bytes", bytes: readUpTo(fd, Math.min(size, bytesMax)), isWhole: size <= bytesMax };
  } finally {
    closeSync2(fd);
  }
}

// wrapper/git-configs.ts
import { createHash as createHash2 } from "node:crypto";
import { closeSync as closeSync3, constants as constants3, fstatSync as fstatSync3, ftruncateSync, mkdirSync as mkdirSync4, readlinkSync, writeFileSync as writeFileSync2 } from "node:fs";
import { dirname as dirname3, join as join5 } from "node:path";

// src/core/git-config/parse.ts
var GIT_CONFIG_CHARACTERS_MAX = 256 * 1024;
var ENTRIES_MAX = 5e3;
function parseGitConfig(text) {
  if (text.length > GIT_CONFIG_CHARACTERS_MAX || /[\0\r]/.test(text)) return null;
  const entries = [];
  const blank = /[ \t\n]+|[#;][^\n]*/y;
  const header = /\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\[^\n])*)")?\]/y;
  const name = /([A-Za-z][A-Za-z0-9-]*)[ \t]*/y;
  let at = 0;
  let place = null;
  while (at < text.length) {
    const skipped = matchAt(blank, text, at);
    if (skipped !== null) {
      at += skipped[0].length;
      continue;
    }
    const opened = matchAt(header, text, at);
    if (opened !== null) {
      place = placeOf(opened[1] ?? "", opened[2]);
      if (place === null) return null;
      at += opened[0].length;
      continue;
    }
    const named = matchAt(name, text, at);
    if (named === null || place === null || entries.length === ENTRIES_MAX) return null;
    const read2 = valueAt(text, at + named[0].length);
    if (read2 === null) return null;
    entries.push({ ...place, name: (named[1] ?? "").toLowerCase(), value: read2.value, from: at, to: read2.to });
    at = read2.to;
  }
  return entries;
}
function placeOf(words, quoted2) {
  const dot = words.indexOf(".");
  if (quoted2 !== void 0) return dot === -1 ? { section: words.toLowerCase(), subsection: quoted2.replace(/\\(.)/g, "$1") } : null;
  if (dot === -1) return { section: words.toLowerCase(), subsection: null };
  return { section: words.slice(0, dot).toLowerCase(), subsection: words.slice(dot + 1).toLowerCase() };
}
var ESCAPED = { n: "\n", t: "	", b: "\b", '"': '"', "\\": "\\" };
function valueAt(text, start) {
  if (start === text.length || text[start] === "\n") return { value: null, to: start };
  if (text[start] !== "=") return null;
  let [value, kept, isQuoted, joined] = ["", 0, false, -1];
  for (let at = start + 1; ; at++) {
    const character = text[at];
    if (character === void 0 || character === "\n" || !isQuoted && /[#;]/.test(character)) {
      return isQuoted || joined > kept ? null : { value: value.slice(0, kept), to: lineEnd(text, at) };
    }
    const isBlank2 = !isQuoted && /[ \t]/.test(character);
    if (!isBlank2 && value.includes("	", kept)) return null;
    if (character === '"') {
      isQuoted = !isQuoted;
    } else if (character === "\\") {
      at += 1;
      const next = text[at] ?? "";
      if (next === "\n") {
        joined = value.length;
        continue;
      }
      const meant = ESCAPED[next];
      if (meant === void 0) return null;
      value += meant;
    } else if (!isBlank2) {
      value += character;
    } else {
      if (value !== "" || kept > 0) value += character;
      continue;
    }
    kept = value.length;
  }
}
function lineEnd(text, from) {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}
function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
function gitConfigText(entries) {
  let [text, last] = ["", ""];
  for (const { section, subsection, name, value } of entries) {
    const header = `[${subsection === null ? section : `${section} "${subsection.replace(/[\\"]/g, "\\$&")}"`}]
`;
    text += `${header === last ? "" : header}	${name}${value === null ? "" : ` = ${quoted(value)}`}
`;
    last = header;
  }
  return text;
}
function quoted(value) {
  return `"${value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("	", "\\t").replaceAll("\b", "\\b")}"`;
}

// src/core/git-config/copy.ts
function withoutCredentials(text) {
  const entries = parseGitConfig(text) ?? [];
  return gitConfigText(
    entries.flatMap((entry) => {
      const value = shownValue(entry);
      return value === void 0 ? [] : [{ ...entry, value }];
    })
  );
}
function holdsCredentials(text) {
  return parseGitConfig(text)?.some((entry) => shownValue(entry) !== entry.value) ?? true;
}
function shownValue({ section, name, value, subsection }) {
  if (value === null) return value;
  if (section === "http" && name === "extraheader") return void 0;
  if (section === "credential" && value.includes("password")) return void 0;
  if (/(?:pass|passwd|password|token|secret)$/.test(name)) return void 0;
  if (section.startsWith("include") && /(?:^|\/)git-credentials-[^/]*\.config$/.test(value)) return void 0;
  if (section === "url" && subsection !== null && withoutUser(subsection) !== subsection) return void 0;
  return withoutUser(value);
}
function withoutUser(url) {
  return url.replace(/^((?:https?|ftps?):\/\/)[^/@\s]*@/i, "$1");
}

// src/core/git-config/merge.ts
var isAddress = (value) => /^(?:(?:https?|ssh|git|file):\/\/[^-]|[^-:\s/][^:\s/]*:(?!\/\/)[^:]|[./~][^:]*$|[A-Za-z0-9_][^:]*$)/.test(value);
var isRemote = (value) => /^[A-Za-z0-9_.][A-Za-z0-9_./-]*$/.test(value);
var isRefspec = (value) => /^[+^]?refs\//.test(value);
var isAny = () => true;
var MAY_STAY = {
  remote: { url: isAddress, pushurl: isAddress, fetch: isRefspec },
  branch: {
    ...{ remote: isRemote, pushremote: isRemote, merge: isRefspec, description: isAny },
    rebase: (value) => /^(?:true|false|merges|interactive)$/.test(value)
  },
  submodule: { url: isAddress, active: isAny, branch: isAny },
  user: { name: isAny, email: isAny }
};
function mergeGitConfig(real, given, left) {
  if (left === given) return { text: null, passed: [], refused: [] };
  const [now, before, after] = [real, given, left].map(parseGitConfig);
  if (now == null || before == null || after == null) {
    return { text: null, passed: [], refused: [{ name: "*", why: "it cannot be read as a git configuration" }] };
  }
  const judged = changedKeys(before, after).map((each) => ({ ...each, why: faultOf(each) }));
  const refused = judged.flatMap(({ name, why }) => why === null ? [] : [{ name, why }]);
  const passed = judged.filter(({ why }) => why === null);
  if (passed.length === 0) return { text: null, passed: [], refused };
  const names = new Set(passed.map(({ name }) => name));
  const kept = without(
    real,
    now.filter((entry) => names.has(nameOf(entry)))
  );
  const added = gitConfigText(passed.flatMap(({ key, values }) => values.map((value) => ({ ...key, value }))));
  const gap = kept === "" || kept.endsWith("\n") ? "" : "\n";
  return { text: `${kept}${gap}${added}`, passed: [...names], refused };
}
function changedKeys(before, after) {
  const [then, now] = [byName(before), byName(after)];
  const gone = [...then.values()].filter(({ name }) => !now.has(name)).map((each) => ({ ...each, values: [] }));
  const others = [...now.values()].filter(({ name, values }) => JSON.stringify(values) !== JSON.stringify(then.get(name)?.values));
  return [...gone, ...others];
}
function byName(entries) {
  const found = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    const { section, subsection, name: last, value } = entry;
    const name = nameOf(entry);
    const known = found.get(name);
    if (known === void 0) found.set(name, { name, key: { section, subsection, name: last }, values: [value] });
    else known.values.push(value);
  }
  return found;
}
function faultOf({ key: { section, subsection, name }, values }) {
  const names = Object.hasOwn(MAY_STAY, section) ? MAY_STAY[section] : void 0;
  const isGood = names !== void 0 && Object.hasOwn(names, name) ? names[name] : void 0;
  if (isGood === void 0 || section !== "user" && !/^[^-]/.test(subsection ?? ""))
    return "it is not among what may stay for later steps";
  return values.every((value) => value !== null && isGood(value)) ? null : "its value could have git run a program";
}
function nameOf({ section, subsection, name }) {
  return subsection === null ? `${section}.${name}` : `${section}.${subsection}.${name}`;
}
function without(text, entries) {
  let [kept, at] = ["", 0];
  for (const { from, to } of entries) {
    const start = text.lastIndexOf("\n", from - 1) + 1;
    const isAlone = /^[ \t]*$/.test(text.slice(start, from));
    kept += text.slice(at, isAlone ? start : from);
    at = isAlone && text[to] === "\n" ? to + 1 : to;
  }
  return kept + text.slice(at);
}

// wrapper/git-folders.ts
import { existsSync as existsSync2, lstatSync as lstatSync4, readdirSync } from "node:fs";
import { join as join4 } from "node:path";
var DEPTH_MAX = 2;
var MODULES_DEPTH_MAX = 6;
var FOLDERS_MAX = 300;
function gitFolders(workspace) {
  const budget = { left: FOLDERS_MAX };
  return repositoriesIn(workspace, DEPTH_MAX, budget).flatMap((folder) => [folder, ...submodulesIn(join4(folder, "modules"), budget)]);
}
function repositoriesIn(folder, depth, budget) {
  const own = join4(folder, ".git");
  const here = hasConfig(own) ? [own] : [];
  if (depth === 0) return here;
  const inside = foldersIn(folder, budget).filter((name) => !name.startsWith(".") && name !== "node_modules");
  return [...here, ...inside.flatMap((name) => repositoriesIn(join4(folder, name), depth - 1, budget))];
}
function submodulesIn(folder, budget, depth = MODULES_DEPTH_MAX) {
  if (depth === 0) return [];
  return foldersIn(folder, budget).flatMap((name) => {
    const own = join4(folder, name);
    return hasConfig(own) ? [own, ...submodulesIn(join4(own, "modules"), budget, depth - 1)] : submodulesIn(own, budget, depth - 1);
  });
}
function foldersIn(folder, budget) {
  if (budget.left <= 0) return [];
  const found = entriesOf(folder).filter((entry) => entry.isDirectory());
  const taken = found.slice(0, budget.left);
  budget.left -= taken.length;
  return taken.map(({ name }) => name).sort();
}
function entriesOf(folder) {
  try {
    return lstatSync4(folder).isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
  } catch {
    return [];
  }
}
function hasConfig(folder) {
  const isFolder2 = lstatSync4(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder2 && existsSync2(join4(folder, "HEAD")) && (lstatSync4(join4(folder, "config"), { throwIfNoEntry: false })?.isFile() ?? false);
}

// wrapper/git-configs.ts
var COPIES_FOLDER2 = "git-configs";
var GIVEN_FOLDER = "git-configs-given";
var NAME_DIGITS = 16;
var CONFIGS_MAX = 32;
function prepareGitConfigs(workspace, folder, keepsCredentials) {
  const prepared = (workspace === null ? [] : gitFolders(workspace)).map((own) => ({ own, path: join5(own, "config") })).map((each) => ({ ...each, text: read(each.path) })).filter(({ own, text }) => dirname3(own) === workspace || !keepsCredentials && (text === null || holdsCredentials(text))).slice(0, CONFIGS_MAX).map(({ path, text }) => prepare(path, text, { folder, keepsCredentials }));
  return {
    aliases: prepared.map(({ path, copy }) => ({ point: path, folder: dirname3(copy) })),
    folders: prepared.map(({ path }) => dirname3(path)),
    finish: () => prepared.map(finishOne)
  };
}
function prepare(path, real, { folder, keepsCredentials }) {
  const name = createHash2("sha256").update(path).digest("hex").slice(0, NAME_DIGITS);
  const [copies, kept] = [join5(folder, COPIES_FOLDER2, name), join5(folder, GIVEN_FOLDER, name)];
  for (const each of [copies, kept]) mkdirSync4(each, { recursive: true, mode: 448 });
  const handled = { path, copy: join5(copies, "config"), given: join5(kept, "given"), real: join5(kept, "real") };
  if (real === null || real !== read(handled.real) || read(handled.copy) === null) {
    const given = keepsCredentials ? real ?? "" : withoutCredentials(real ?? "");
    putRegular(handled.copy, Buffer.from(given, "latin1"), { aside: kept, mayStay: () => false });
    keep(handled.given, given);
    keep(handled.real, real ?? "");
  }
  return handled;
}
function finishOne(handled) {
  const { path } = handled;
  try {
    return { path, refused: passOn2(handled) };
  } catch {
    return { path, refused: [{ name: "*", why: "it could not be passed on" }] };
  }
}
function passOn2({ path, copy, given, real }) {
  const fd = openConfig(path, constants3.O_RDWR);
  const left = read(copy);
  if (fd === null || left === null) return [{ name: "*", why: "it cannot be opened as a regular file" }];
  try {
    const now = textOf(fd);
    const { text, refused } = mergeGitConfig(now, read(given) ?? "", left);
    if (text !== null) {
      writeAll(fd, Buffer.from(text, "latin1"));
      ftruncateSync(fd, text.length);
    }
    keep(given, left);
    keep(real, text ?? now);
    return refused;
  } finally {
    closeSync3(fd);
  }
}
function read(path) {
  const fd = openConfig(path, constants3.O_RDONLY);
  if (fd === null) return null;
  try {
    return textOf(fd);
  } finally {
    closeSync3(fd);
  }
}
function openConfig(path, flags) {
  const fd = openRegular(path, flags);
  if (fd === null) return null;
  const { size, nlink } = fstatSync3(fd);
  if (nlink === 1 && size <= GIT_CONFIG_CHARACTERS_MAX && readlinkSync(`/proc/self/fd/${fd}`) === path) return fd;
  closeSync3(fd);
  return null;
}
function textOf(fd) {
  return readUpTo(fd, GIT_CONFIG_CHARACTERS_MAX).toString("latin1");
}
function keep(path, text) {
  writeFileSync2(path, Buffer.from(text, "latin1"), { mode: 384 });
}

// wrapper/git-credential-files.ts
import { readdirSync as readdirSync2, realpathSync as realpathSync3 } from "node:fs";
import { join as join6 } from "node:path";
var NAME = /^git-credentials-.*\.config$/;
function credentialFiles(folder) {
  if (folder === void 0 || !folder.startsWith("/")) return [];
  try {
    const real = realpathSync3(folder);
    const found = readdirSync2(real, { withFileTypes: true }).filter((entry) => entry.isFile() && NAME.test(entry.name));
    return found.map(({ name }) => join6(real, name)).sort();
  } catch {
    return [];
  }
}

// wrapper/job-files.ts
var TOLD_MAX = 20;
var TOKENS = ["GITHUB_TOKEN", "GH_TOKEN"];
function prepareJobFiles(jobFolder2, { passEnv, persist }) {
  const entries = splitEnvironment(readFileSync("/proc/self/environ"));
  const commands = prepareFileCommands(entries, jobFolder2, new Set(passEnv), join7(jobFolder2, "bin"));
  const keepsToken = TOKENS.some((name) => passEnv.includes(name));
  const workspace = jobWorkspace(process.env);
  const git = prepareGitConfigs(workspace, jobFolder2, keepsToken);
  const files = filesInJob(process.env, jobFolder2, git.folders, persist);
  const hide = keepsToken ? [] : credentialFiles(process.env["RUNNER_TEMP"]);
  return {
    notes: persist.filter((path) => !isPersistable(path)).map((path) => `what is written to ${path} does not stay: it is no folder, or leads elsewhere`),
    plan: { files, binds: commands.binds, aliases: git.aliases, hide, workspace },
    finish: () => [
      ...commands.finish().refused.map(({ file, name, why }) => `not passed on from ${file}${name === null ? "" : `: ${told(name)}`}: ${why}`),
      ...git.finish().flatMap(({ path, refused }) => {
        const untold = refused.length - TOLD_MAX;
        const lines = refused.slice(0, TOLD_MAX).map(({ name, why }) => `not kept in ${path}: ${told(name)}: ${why}`);
        return untold > 0 ? [...lines, `not kept in ${path}: ${untold} more`] : lines;
      })
    ]
  };
}
function told(name) {
  return JSON.stringify(name);
}

// wrapper/log-guard-commands.ts
var WITHHELD = [
  "add-mask",
  "stop-commands",
  "set-env",
  "add-path",
  "add-matcher",
  "remove-matcher",
  "save-state",
  "internal-set-repo-path"
];
var NAME_BYTES_MAX = 72;
var CANDIDATE_BYTES_MAX = 3 + NAME_BYTES_MAX;
var NEW = Buffer.from("::");
var OLD = Buffer.from("##[");
var PASSED = { kind: "passed" };
var UNDECIDED = { kind: "undecided" };
function judgeCommand(bytes, at) {
  const opener = bytes[at] === NEW[0] ? NEW : OLD;
  const present = Math.min(bytes.length - at, opener.length);
  if (bytes.compare(opener, 0, present, at, at + present) !== 0) return PASSED;
  return present < opener.length ? UNDECIDED : judgeName(bytes.toString("latin1", at + present, at + present + NAME_BYTES_MAX));
}
function judgeName(latin1) {
  const text = fold(latin1);
  const word = /^[a-z0-9_-]*/.exec(text)?.[0] ?? "";
  const rest = text.slice(word.length);
  const isWhole = WITHHELD.some((name) => name === word);
  if (rest === "" || rest === "\xC5" || rest === "\xE2" || rest === "\xE2\x84") {
    return WITHHELD.some((name) => name.startsWith(word)) ? UNDECIDED : PASSED;
  }
  return isWhole && rest[0] !== "\n" && rest[0] !== "\r" ? { kind: "withheld", name: word } : PASSED;
}
function fold(latin1) {
  return latin1.replaceAll("\xC5\xBF", "s").replaceAll("\xE2\x84\xAA", "k").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

// wrapper/log-guard-head.ts
var HEAD_BYTES = 3;
var UTF8_MARK = Buffer.from([239, 187, 191]);
var REPLACEMENT = Buffer.from("\uFFFD");
function cleanHead(bytes, isEnd) {
  let at = 0;
  while (bytes.length - at >= HEAD_BYTES && bytes.compare(UTF8_MARK, 0, HEAD_BYTES, at, at + HEAD_BYTES) === 0) at += HEAD_BYTES;
  const rest = at === 0 ? bytes : bytes.subarray(at);
  if (rest.length < HEAD_BYTES && !isEnd) return { kind: "short", bytes: rest };
  const first = [...rest.subarray(0, HEAD_BYTES)];
  if (!first.some(isMarkByte)) return { kind: "whole", bytes: rest };
  const clean = first.map((byte) => isMarkByte(byte) ? REPLACEMENT : Buffer.of(byte));
  return { kind: "whole", bytes: Buffer.concat([...clean, rest.subarray(HEAD_BYTES)]) };
}
function isMarkByte(byte) {
  return byte === 254 || byte === 255;
}

// wrapper/log-guard-place.ts
var WHITE_SPACE = [
  9,
  11,
  12,
  32,
  133,
  160,
  5760,
  8192,
  8193,
  8194,
  8195,
  8196,
  8197,
  8198,
  8199,
  8200,
  8201,
  8202,
  8232,
  8233,
  8239,
  8287,
  12288
];
function whiteSpaceTree() {
  const root = /* @__PURE__ */ new Map();
  for (const point of WHITE_SPACE) {
    const bytes = [...Buffer.from(String.fromCodePoint(point))];
    const last = bytes.pop();
    let branch = root;
    for (const byte of bytes) {
      const next = branch.get(byte) ?? /* @__PURE__ */ new Map();
      branch.set(byte, next);
      branch = next;
    }
    if (last !== void 0) branch.set(last, root);
  }
  return root;
}
var LINE_START = whiteSpaceTree();
function nextPlace(place, byte) {
  if (isLineEnd(byte)) return LINE_START;
  return place === null ? null : place.get(byte) ?? null;
}
function isLineEnd(byte) {
  return byte === 10 || byte === 13;
}
function isWhiteSpace(point) {
  return WHITE_SPACE.includes(point);
}

// wrapper/log-guard-likeness.ts
var OURS = Buffer.from("duty-gate:");
var CHECKPOINT = Buffer.from("dgc1.");
var BELL = 7;
var ESCAPE = 27;
var CSI = 155;
var Likeness = class {
  #matched = 0;
  #checkpoint = 0;
  #unseen = "none";
  #point = 0;
  #pointBytesLeft = 0;
  /** Nothing has begun: a byte for which `beginsLikeness` is false changes nothing. */
  get isIdle() {
    return this.#matched === 0 && this.#checkpoint === 0;
  }
  /** True when this byte completes one: a mark behind it breaks the likeness. */
  isCompletedBy(byte) {
    const isCheckpoint = this.#completesCheckpoint(byte);
    return this.#completesOurs(byte) || isCheckpoint;
  }
  #completesCheckpoint(byte) {
    this.#checkpoint = byte === CHECKPOINT[this.#checkpoint] ? this.#checkpoint + 1 : byte === CHECKPOINT[0] ? 1 : 0;
    if (this.#checkpoint < CHECKPOINT.length) return false;
    this.#checkpoint = 0;
    return true;
  }
  #completesOurs(byte) {
    if (isLineEnd(byte)) return this.#restart();
    if (this.#matched === 0) return this.#letter(byte);
    if (this.#unseen !== "none") return this.#swallow(byte);
    if (this.#pointBytesLeft > 0) return this.#continue(byte);
    if (byte >= 128) return this.#lead(byte);
    if (byte === ESCAPE) this.#unseen = "escape";
    else if (this.#matched === OURS.length && isWhiteSpace(byte)) return this.#complete();
    else if (!isControl(byte)) return this.#letter(byte);
    return false;
  }
  /** Only the first letter is `d`: none of what was matched can be the beginning of another match. */
  #letter(byte) {
    const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
    if (lower === OURS[this.#matched]) this.#matched += 1;
    else this.#matched = lower === OURS[0] ? 1 : 0;
    return false;
  }
  /** ECMA-48: ESC, intermediates, a final byte; ESC [, parameters, a final byte; ESC ], P, X, ^ or _ up to BEL or ESC. */
  #swallow(byte) {
    if (byte === ESCAPE) this.#unseen = "escape";
    else if (this.#unseen === "string") this.#unseen = byte === BELL ? "none" : "string";
    else if (this.#unseen === "escape" && byte === 91) this.#unseen = "sequence";
    else if (this.#unseen === "escape" && isStringOpener(byte)) this.#unseen = "string";
    else if (byte >= (this.#unseen === "sequence" ? 64 : 48)) this.#unseen = "none";
    return false;
  }
  #lead(byte) {
    if (byte < 194 || byte > 244) return this.#restart();
    const more = byte < 224 ? 1 : byte < 240 ? 2 : 3;
    this.#pointBytesLeft = more;
    this.#point = byte & 63 >> more;
    return false;
  }
  #continue(byte) {
    if ((byte & 192) !== 128) {
      this.#restart();
      return this.#letter(byte);
    }
    this.#point = this.#point << 6 | byte & 63;
    this.#pointBytesLeft -= 1;
    if (this.#pointBytesLeft > 0) return false;
    if (this.#point === CSI) this.#unseen = "sequence";
    else if (this.#matched === OURS.length && isWhiteSpace(this.#point)) return this.#complete();
    else if (!isWidthless(this.#point)) return this.#restart();
    return false;
  }
  #complete() {
    this.#restart();
    return true;
  }
  #restart() {
    this.#matched = 0;
    this.#pointBytesLeft = 0;
    this.#unseen = "none";
    return false;
  }
};
function beginsLikeness(byte, next) {
  if (byte !== 100 && byte !== 68) return false;
  return next === 117 || next === 85 || byte === 100 && next === 103 || next >= 128 || isControl(next);
}
function isControl(byte) {
  return byte < 32 && byte !== 9 || byte === 127;
}
function isStringOpener(byte) {
  return byte === 93 || byte === 80 || byte === 88 || byte === 94 || byte === 95;
}
var WIDTHLESS = /^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]$/u;
function isWidthless(point) {
  return point <= 1114111 && WIDTHLESS.test(String.fromCodePoint(point));
}

// wrapper/log-guard.ts
var MARK = Buffer.from("(printed inside) ");
var NOTHING = Buffer.alloc(0);
var COLON = 58;
var HASH = 35;
var LogGuard = class {
  /** How many of each command were not passed on. */
  withheld;
  #withheld = /* @__PURE__ */ new Map();
  #likeness = new Likeness();
  /** The first bytes while they are too few: of the input, and of the output, which may be fewer. Null: behind us. */
  #head = NOTHING;
  #opening = NOTHING;
  /** What may still become a command to withhold. */
  #held = NOTHING;
  #place = LINE_START;
  /** Within a line whose rest is not passed on. */
  #isDropping = false;
  constructor() {
    this.withheld = this.#withheld;
  }
  /** What to pass on now: the very bytes, where nothing in them matters. */
  push(bytes) {
    const input = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#head === null) return this.#open(this.#filter(input, false));
    const { kind, bytes: clean } = cleanHead(join8(this.#head, input), false);
    this.#head = kind === "short" ? Buffer.from(clean) : null;
    return kind === "short" ? NOTHING : this.#open(this.#filter(clean, false));
  }
  /** What was held at the end of the output. */
  end() {
    const last = this.#filter(this.#head === null ? NOTHING : cleanHead(this.#head, true).bytes, true);
    const opening = this.#opening ?? NOTHING;
    this.#head = null;
    this.#opening = null;
    return join8(opening, last);
  }
  /** INVARIANT (R36): the first bytes that go out are HEAD_BYTES or more, at once: the runner's reader keeps to UTF-8. */
  #open(output) {
    if (this.#opening === null) return output;
    const opening = join8(this.#opening, output);
    const isEnough = opening.length >= HEAD_BYTES;
    this.#opening = isEnough ? null : Buffer.from(opening);
    return isEnough ? opening : NOTHING;
  }
  #filter(bytes, isEnd) {
    const input = join8(this.#held, bytes);
    this.#held = NOTHING;
    const passed = new Passed(input);
    let at = 0;
    while (at < input.length) {
      if (this.#isDropping) {
        at = lineEnd2(input, at);
        passed.skipTo(at);
        this.#isDropping = at === input.length;
      } else if (this.#place === null && this.#likeness.isIdle && !isNotable(input, at)) {
        at = nextNotable(input, at + 1);
      } else if (this.#place === LINE_START && this.#likeness.isIdle && isBlank(input[at])) {
        at = blanksEnd(input, at + 1);
      } else {
        const judged = this.#judge(input, at);
        if (judged === "undecided" && !isEnd) {
          this.#held = Buffer.from(input.subarray(at));
          return passed.upTo(at);
        }
        if (judged instanceof Buffer) passed.insert(at, judged);
        else if (this.#step(input[at] ?? 0)) passed.insert(at + 1, MARK);
        at += this.#isDropping ? 0 : 1;
      }
    }
    return passed.upTo(at);
  }
  /** What stands in the log instead of a command that begins here, if one does. */
  #judge(input, at) {
    const byte = input[at];
    const isOpener = byte === HASH || byte === COLON && this.#place === LINE_START;
    if (!isOpener) return "passed";
    const judged = judgeCommand(input, at);
    if (judged.kind !== "withheld") return judged.kind;
    const { name } = judged;
    this.#withheld.set(name, (this.#withheld.get(name) ?? 0) + 1);
    this.#isDropping = true;
    const gap = this.#place === LINE_START ? "" : " ";
    return Buffer.from(`${gap}[duty-gate: a workflow command "${name}" from inside was not passed on]`);
  }
  /** True when what was printed looks like ours with this byte. */
  #step(byte) {
    this.#place = nextPlace(this.#place, byte);
    return this.#likeness.isCompletedBy(byte);
  }
};
var Passed = class {
  #input;
  #parts = [];
  #from = 0;
  constructor(input) {
    this.#input = input;
  }
  insert(at, bytes) {
    this.#parts.push(this.#input.subarray(this.#from, at), bytes);
    this.#from = at;
  }
  skipTo(at) {
    if (at > this.#from) this.#parts.push(NOTHING);
    this.#from = at;
  }
  upTo(end) {
    const input = this.#input;
    if (this.#parts.length > 0) return Buffer.concat([...this.#parts, input.subarray(this.#from, end)]);
    return end === input.length ? input : input.subarray(0, end);
  }
};
function join8(first, second) {
  return first.length === 0 ? second : Buffer.concat([first, second]);
}
function lineEnd2(input, from) {
  for (let at = from; at < input.length; at += 1) if (isLineEnd(input[at] ?? 0)) return at;
  return input.length;
}
function isBlank(byte) {
  return byte === 32 || byte === 9;
}
function blanksEnd(input, from) {
  let at = from;
  while (isBlank(input[at])) at += 1;
  return at;
}
var NOTABLE_FIRST = new Uint8Array(256);
var NOTABLE = new Uint8Array(256 * 256);
for (let byte = 0; byte < 256; byte += 1) {
  for (let next = 0; next < 256; next += 1) {
    const beginsBlankOrCommand = isLineEnd(byte) && (next === COLON || next === HASH || LINE_START.has(next));
    if (!beginsBlankOrCommand && !(byte === HASH && next === HASH) && !beginsLikeness(byte, next)) continue;
    NOTABLE_FIRST[byte] = 1;
    NOTABLE[byte << 8 | next] = 1;
  }
}
function isNotable(input, at) {
  const byte = input[at] ?? 0;
  if (NOTABLE_FIRST[byte] === 0) return false;
  const next = input[at + 1];
  return next === void 0 || NOTABLE[byte << 8 | next] === 1;
}
function nextNotable(input, from) {
  let at = from;
  const end = input.length;
  while (at < end && (NOTABLE_FIRST[input[at] ?? 0] === 0 || !isNotable(input, at))) at += 1;
  return at;
}

// wrapper/run-in-job.ts
async function runInJob({ jobFolder: jobFolder2, duty, argv }) {
  const session = await resumeSession(readSavedSession(jobFolder2));
  const { answer } = session;
  requireDuty(duty, answer.duty);
  session.onCheckpoint(sayCheckpoint);
  const folder = makeSessionFolder("/tmp", process.getuid?.() ?? 0);
  try {
    const files = prepareJobFiles(jobFolder2, answer);
    for (const note of files.notes) say(note);
    try {
      const guard = isLog() ? new LogGuard() : null;
      const ran = await runLink(session, { argv, folder, ...files.plan, filter: guard, isShared: true });
      if (guard !== null) sayWithheld(guard);
      if (ran.kind === "lost") return EXIT_SESSION_LOST;
      if (ran.counts !== null) sayCounts(ran.counts);
      return ran.exitCode;
    } finally {
      for (const line of files.finish()) say(line);
    }
  } finally {
    folder.remove();
  }
}
function requireDuty(asked, duty) {
  if (asked === null || asked === duty) return;
  const hint = `Inside a step, duty-gate run --duty ${asked} -- CMD holds CMD to both`;
  throw new WrapError(
    "usage",
    `Cannot run with duty "${asked}": this job's session has duty "${duty}", expected the same or none. ${hint}`
  );
}
function sayCounts({ allowed, refused, masked, checkpoint }) {
  say(`${allowed} allowed, ${refused} refused, ${masked} masked in this job so far`);
  if (checkpoint !== null) sayCheckpoint(checkpoint);
}
function isLog() {
  try {
    return !fstatSync4(1).isFile();
  } catch {
    return true;
  }
}
function sayWithheld({ withheld }) {
  for (const [name, count] of withheld) say(`not passed on to the log: ${name}, ${count} times`);
}
function sayCheckpoint(text) {
  say(`checkpoint ${text}`);
}

// wrapper/run-inside.ts
import { readFileSync as readFileSync2 } from "node:fs";
import { isatty } from "node:tty";

// wrapper/ask-nested.ts
import { request as startRequest } from "node:http";
var CONNECT_MS_MAX = 1e4;
var EXIT_BROKEN_PIPE = 128 + 13;
async function askNested(request, place = { host: INNER_CONTROLS[0], port: INNER_CONTROL_PORT }) {
  const socket = await connect(place);
  if (socket === null) {
    say("Cannot run: no gateway answers, expected to be inside a command that duty-gate runs");
    return EXIT_NOT_STARTED;
  }
  socket.write(encodeNested("request", JSON.stringify(request)));
  const person = new Person(socket, request.terminal !== null);
  try {
    return await person.exitCode;
  } finally {
    person.leave();
  }
}
function connect({ host, port }) {
  return new Promise((resolve2) => {
    const request = startRequest({
      ...{ host, port, path: NESTED_PATH, agent: false, timeout: CONNECT_MS_MAX },
      headers: { connection: "Upgrade", upgrade: NESTED_UPGRADE }
    });
    request.once("upgrade", (_answer, socket) => {
      socket.setTimeout(0);
      resolve2(socket);
    });
    request.once("response", () => resolve2(null));
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve2(null));
    request.once("close", () => resolve2(null));
    request.end();
  });
}
var Person = class {
  exitCode;
  #socket;
  #output;
  #decoder = new NestedDecoder(["credit", "output", "message", "exit"]);
  #exit = Promise.withResolvers();
  #stops = [];
  #credit = 0;
  #input = null;
  constructor(socket, isTerminal) {
    this.#socket = socket;
    this.exitCode = this.#exit.promise;
    this.#output = new DescriptorWriter(1, () => {
      this.#exit.resolve(EXIT_BROKEN_PIPE);
      socket.destroy();
    });
    this.#stops.push(onSignals((name) => this.#send(encodeNested("signal", name))));
    if (isTerminal) this.#lendTerminal();
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("error", () => void 0);
    socket.once("close", () => this.#lost());
  }
  leave() {
    for (const stop of this.#stops) stop();
    this.#input?.pause();
    this.#socket.destroy();
  }
  #lendTerminal() {
    const onResize = () => this.#send(encodeNested("resize", `${process.stdout.columns}x${process.stdout.rows}`));
    process.stdin.setRawMode(true);
    process.stdout.on("resize", onResize);
    this.#stops.push(() => {
      process.stdin.setRawMode(false);
      process.stdout.off("resize", onResize);
    });
  }
  #take(chunk) {
    try {
      for (const frame of this.#decoder.push(chunk)) this.#frame(frame);
    } catch {
      this.#socket.destroy();
    }
  }
  #frame(frame) {
    switch (frame.kind) {
      case "credit":
        this.#credit += numberOf(frame);
        this.#read();
        break;
      case "output":
        this.#print(frame.payload);
        break;
      case "message":
        say(Buffer.from(frame.payload).toString("utf8"));
        break;
      default: {
        const code = numberOf(frame) & 255;
        void this.#output.drained().then(() => this.#exit.resolve(code));
      }
    }
  }
  #print(bytes) {
    if (this.#output.write(bytes)) return;
    this.#socket.pause();
    void this.#output.drained().then(() => this.#socket.resume());
  }
  /** No more than somebody has room for: what is not read stays for whoever comes after us. */
  #read() {
    if (this.#input === null) {
      this.#input = process.stdin;
      this.#input.on("readable", () => this.#read());
      this.#input.once("end", () => this.#send(encodeNested("stdin-end")));
      this.#input.once("error", () => this.#send(encodeNested("stdin-end")));
    }
    while (this.#credit > 0) {
      const length = Math.min(this.#credit, NESTED_PAYLOAD_BYTES_MAX, this.#input.readableLength);
      const bytes = length > 0 ? this.#input.read(length) : null;
      if (bytes === null) {
        this.#input.read(0);
        return;
      }
      this.#credit -= bytes.length;
      for (const frame of encodeNestedBytes("stdin", bytes)) this.#send(frame);
    }
  }
  #send(frame) {
    if (this.#socket.writable) this.#socket.write(frame);
  }
  #lost() {
    void this.#output.drained().then(() => this.#exit.resolve(EXIT_SESSION_LOST));
  }
};

// wrapper/run-inside.ts
function runInside({ duty, agent, argv }) {
  const isTerminal = isatty(0) && isatty(1) && process.stdout.columns > 0 && process.stdout.rows > 0;
  return askNested({
    ...{ duty, agent, argv: [...argv], cwd: process.cwd() },
    // As the kernel gave it: Node's own view of it has lost what is no UTF-8.
    environment: readFileSync2("/proc/self/environ").toString("base64"),
    terminal: isTerminal ? { columns: process.stdout.columns, rows: process.stdout.rows } : null
  });
}

// wrapper/main.ts
var JOB_FOLDER = "DUTY_GATE_JOB";
async function runCommand(args) {
  const parsed = parseRunOptions(args, { cwd: process.cwd(), jobFolder: jobFolder(), isInside: existsSync3(CA_PATH_INSIDE) });
  switch (parsed.kind) {
    case "help":
      process.stdout.write(RUN_USAGE);
      return 0;
    case "error":
      return refuse(parsed.message);
    case "alone":
      return attempt(() => runAlone(parsed.options));
    case "in-job":
      return attempt(() => runInJob(parsed.options));
    case "nested":
      return attempt(() => runInside(parsed.options));
  }
}
async function shellCommand(args) {
  const parsed = parseShellOptions(args, jobFolder());
  switch (parsed.kind) {
    case "help":
      process.stdout.write(SHELL_USAGE);
      return 0;
    case "error":
      return refuse(parsed.message);
    case "in-job":
      return attempt(() => runInJob(parsed.options));
  }
}
function jobFolder() {
  const folder = process.env[JOB_FOLDER] ?? "";
  return folder === "" ? null : folder;
}
async function attempt(run) {
  try {
    return await run();
  } catch (error2) {
    return refuse(messageOf(error2));
  }
}
function refuse(why) {
  say(why);
  return EXIT_NOT_STARTED;
}

// src/cli/run.ts
function runInCage(args) {
  return runCommand(args);
}
function shellInCage(args) {
  return shellCommand(args);
}
export {
  runInCage,
  shellInCage
};
