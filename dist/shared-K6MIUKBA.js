import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  PRIVATE_FOLDERS,
  isWithin,
  namesIn,
  runWrapped,
  say
} from "./shared-KXCOBPCP.js";
import {
  TOOL_FOLDERS,
  WrapError,
  messageOf
} from "./shared-XY3COEPW.js";
import {
  AGENT_LAUNCHERS_MAX,
  PATH_CHARACTERS_MAX,
  agentPathTest
} from "./shared-6EOHPRKU.js";

// wrapper/exit-code.ts
import { constants } from "node:os";
var EXIT_SESSION_LOST = 123;
var EXIT_NOT_STARTED = 125;
function exitCodeOf(result) {
  switch (result.kind) {
    case "exited":
      return result.exitCode;
    case "signalled":
      return 128 + constants.signals[result.signal];
    case "lost":
      return EXIT_SESSION_LOST;
  }
}

// wrapper/environment.ts
var SCRUBBED = /* @__PURE__ */ new Set(["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_RUNTIME_TOKEN"]);
var TOKENS = /* @__PURE__ */ new Set(["GITHUB_TOKEN", "GH_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_ENTERPRISE_TOKEN"]);
var SCRUBBED_PREFIX = "DUTY_GATE_";
var CA_PATH_INSIDE = "/run/duty-gate/ca.pem";
var OWN_BIN_INSIDE = "/run/duty-gate/bin";
function commandEnvironment(entries, given, terminal) {
  const kept = /* @__PURE__ */ new Map();
  for (const entry of entries.map(givenBack)) {
    const name = nameOf(entry);
    if (name !== null && !kept.has(name) && !isScrubbed(name, given.passed)) kept.set(name, entry);
  }
  const put = (name, value) => void kept.set(name, Buffer.from(`${name}=${value}`, "latin1"));
  put("PGSSLROOTCERT", CA_PATH_INSIDE);
  const path = textOf(kept, "PATH");
  if (path !== "" && !path.split(":").includes(OWN_BIN_INSIDE)) put("PATH", `${path}:${OWN_BIN_INSIDE}`);
  if (given.identityUrl !== null) {
    put("ACTIONS_ID_TOKEN_REQUEST_URL", given.identityUrl);
    put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "none-is-needed-here");
  }
  if (!kept.has("PGCLIENTENCODING") && !isUtf8(kept)) put("PGCLIENTENCODING", "UTF8");
  if (!terminal.output) put("TERM", "dumb");
  else if (!kept.has("TERM")) put("TERM", "xterm-256color");
  if (!terminal.interactive) for (const name of ["PAGER", "PSQL_PAGER", "GIT_PAGER"]) put(name, "cat");
  return [...kept.values()];
}
function textOf(entries, name) {
  return Buffer.from(entries.get(name) ?? []).toString("latin1").replace(/^[^=]*=/s, "");
}
function isUtf8(entries) {
  const values = ["LC_ALL", "LC_CTYPE", "LANG"].map((name) => textOf(entries, name));
  return /utf-?8/i.test(values.find((value) => value !== "") ?? "");
}
var HANDED_OVER_PREFIX = Buffer.from("DUTY_GATE_ENV_");
function givenBack(entry) {
  return HANDED_OVER_PREFIX.equals(entry.subarray(0, HANDED_OVER_PREFIX.length)) ? entry.subarray(HANDED_OVER_PREFIX.length) : entry;
}
function splitEnvironment(bytes) {
  const entries = [];
  for (let start = 0; start < bytes.length; ) {
    const end2 = bytes.indexOf(0, start);
    const stop = end2 < 0 ? bytes.length : end2;
    if (stop > start) entries.push(bytes.subarray(start, stop));
    start = stop + 1;
  }
  return entries;
}
function nameOf(entry) {
  const equals = entry.indexOf(61);
  return equals > 0 ? Buffer.from(entry.buffer, entry.byteOffset, equals).toString("latin1") : null;
}
function isScrubbed(name, passed) {
  return SCRUBBED.has(name) || TOKENS.has(name) && !passed.has(name) || name.startsWith(SCRUBBED_PREFIX);
}
function valueIn(environment, name) {
  const prefix = Buffer.from(`${name}=`);
  const entry = environment.find((each) => prefix.equals(each.subarray(0, prefix.length)));
  return entry === void 0 ? null : Buffer.from(entry.subarray(prefix.length)).toString("utf8");
}

// wrapper/real-if-there.ts
import { realpathSync } from "node:fs";
function realIfThere(path) {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

// wrapper/run-link.ts
import { readFileSync } from "node:fs";
import { isatty } from "node:tty";

// wrapper/find-agents.ts
import { accessSync, constants as constants2, realpathSync as realpathSync2, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
var FOLDERS_MAX = 64;
var NAMES_MAX = 1e4;
var NEEDED = ["bash", "env"];
function findAgents(rules, environment) {
  if (rules.length === 0) return [];
  const folders = pathFolders(environment);
  const place = { real: new Set(folders.map(realIfThere)), needed: neededPrograms() };
  const budget = { left: NAMES_MAX };
  const found = /* @__PURE__ */ new Map();
  for (const [rule, { match, duty }] of rules.entries()) {
    const tests = match.map(agentPathTest);
    const isNamed = (path) => tests.some((test) => test(path));
    for (const name of match.flatMap((glob) => candidates(glob, folders, budget))) {
      const path = programAt(name);
      if (path === null || found.has(path) || found.size === AGENT_LAUNCHERS_MAX) continue;
      if ((isNamed(name) || isNamed(path)) && mayBeCovered(path, place, isNamed)) found.set(path, { rule, duty, path, name });
    }
  }
  return [...found.values()];
}
function pathFolders(environment) {
  const folders = (valueIn(environment, "PATH") ?? "").split(":");
  return [...new Set(folders.filter((folder) => folder.startsWith("/")))].slice(0, FOLDERS_MAX);
}
function neededPrograms() {
  return new Set([process.execPath, ...TOOL_FOLDERS.flatMap((folder) => NEEDED.map((name) => join(folder, name)))].map(realIfThere));
}
var IS_GLOB = /[*?[\]{}()!+@]/;
function candidates(glob, folders, budget) {
  const last = basename(glob);
  if (!IS_GLOB.test(glob)) return [glob];
  if (!IS_GLOB.test(last)) return folders.map((folder) => join(folder, last));
  return folders.flatMap((folder) => {
    const names = namesIn(folder).slice(0, budget.left);
    budget.left -= names.length;
    return names.map((name) => join(folder, name));
  });
}
function programAt(name) {
  try {
    accessSync(name, constants2.X_OK);
    const path = realpathSync2(name);
    return statSync(path).isFile() && path.length <= PATH_CHARACTERS_MAX ? path : null;
  } catch {
    return null;
  }
}
function mayBeCovered(path, { real, needed }, isNamed) {
  if (needed.has(path) || PRIVATE_FOLDERS.some((folder) => isWithin(path, folder))) return false;
  return isNamed(path) || !real.has(dirname(path));
}

// wrapper/run-link.ts
var DEFAULT_SIZE = { columns: 120, rows: 40 };
var GRACE_MS = 1e4;
async function runLink(session, plan) {
  const link = await session.startLink({ argv: [...plan.argv] });
  return runStarted(session, link, () => wrapPlan(session, link, plan));
}
async function runStarted(session, link, plan) {
  let result;
  try {
    result = await runWrapped(plan());
  } catch (error) {
    if (!(error instanceof WrapError)) throw error;
    say(error.message);
    const counts2 = await end(link, { exitCode: EXIT_NOT_STARTED, signal: null });
    return { kind: "ended", exitCode: EXIT_NOT_STARTED, counts: counts2, started: false };
  }
  if (result.kind === "lost") {
    say(`the session was lost while the command ran: ${result.why}. Evidence so far: ${session.answer.evidence}`);
    return { kind: "lost" };
  }
  const counts = await end(link, endRequest(result));
  return counts === null ? { kind: "lost" } : { kind: "ended", exitCode: exitCodeOf(result), counts, started: true };
}
async function end(link, how) {
  try {
    return await link.end(how);
  } catch (error) {
    say(`the command's end was not recorded: ${messageOf(error)}`);
    return null;
  }
}
function endRequest(result) {
  return result.kind === "signalled" ? { exitCode: null, signal: result.signal } : { exitCode: exitCodeOf(result), signal: null };
}
function wrapPlan(session, link, { argv, folder, files, binds, aliases, hide, workspace, filter, isShared }) {
  const { answer } = session;
  const terminal = { ...terminalPlan(), filter };
  const environment = commandEnvironment(
    splitEnvironment(readFileSync("/proc/self/environ")),
    { passed: new Set(answer.passEnv), identityUrl: answer.identityUrl },
    { output: isatty(1), interactive: terminal.interactive }
  );
  return {
    argv,
    cwd: process.cwd(),
    environment,
    cage: {
      sessionFolder: folder.path,
      resolvers: answer.resolvers,
      ca: answer.ca,
      hide: [...answer.hide, ...hide, folder.parent],
      files,
      binds,
      aliases,
      workspace,
      launchers: findAgents(answer.agents, environment),
      toolFolders: TOOL_FOLDERS
    },
    shared: isShared ? sharedCage(link) : null,
    within: null,
    hooks: hooksOf(session, link),
    terminal,
    graceMs: GRACE_MS
  };
}
function hooksOf(session, link) {
  return {
    enterCage: (place) => link.enterCage({ ...place, launchers: [...place.launchers] }),
    escapesTried: (results) => link.confined({ escapes: results.map(({ name, verdict }) => ({ name, verdict })) }),
    record: link.recording,
    gatewayLost: session.lost
  };
}
function sharedCage(link) {
  return {
    async claim(plan) {
      const claimed = await link.claim({ plan });
      if (claimed.kind === "make") return null;
      const { init, entrance, network } = claimed;
      return { init, entrance, network };
    },
    hold: () => link.hold()
  };
}
function terminalPlan() {
  const interactive = isatty(0) && isatty(1);
  const size = isatty(1) ? { columns: process.stdout.columns, rows: process.stdout.rows } : DEFAULT_SIZE;
  const { columns, rows } = size.columns > 0 && size.rows > 0 ? size : DEFAULT_SIZE;
  return { interactive, columns, rows, stdinFd: 0, stdoutFd: 1, remote: null };
}

export {
  CA_PATH_INSIDE,
  commandEnvironment,
  splitEnvironment,
  valueIn,
  EXIT_SESSION_LOST,
  EXIT_NOT_STARTED,
  realIfThere,
  GRACE_MS,
  runLink,
  runStarted,
  hooksOf
};
