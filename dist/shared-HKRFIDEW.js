import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  readJsonOptions
} from "./shared-M46E2RSV.js";
import {
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE
} from "./shared-KF3IWNFN.js";
import {
  bareCage
} from "./shared-2XVUJFQC.js";
import {
  ESCAPES,
  cageProgram,
  chooseEntrance,
  layBaits,
  makeSessionFolder,
  openTerminal,
  runWrapped,
  surveyHost
} from "./shared-KXCOBPCP.js";
import "./shared-QNMJZBHG.js";
import "./shared-6N2L75QO.js";
import {
  TOOL_FOLDERS,
  findTools,
  messageOf
} from "./shared-XY3COEPW.js";
import "./shared-ZTYEZK3O.js";
import "./shared-7VOT6GHQ.js";

// wrapper/doctor.ts
import { closeSync, openSync } from "node:fs";
import { Writable } from "node:stream";

// wrapper/host-checks.ts
import { existsSync, readFileSync } from "node:fs";
import { release } from "node:os";
async function checkHost(uid) {
  return [
    kernel(),
    outcome(
      "tools",
      () => `found in ${TOOL_FOLDERS.join(":")}`,
      () => void findTools(TOOL_FOLDERS)
    ),
    outcome(
      "cage program",
      () => "as built",
      () => void cageProgram()
    ),
    await entrance(uid),
    limit("user namespaces", "/proc/sys/user/max_user_namespaces", (value) => value > 0, "sysctl user.max_user_namespaces=15000"),
    limit(
      "user namespaces of ordinary users",
      "/proc/sys/kernel/unprivileged_userns_clone",
      (value) => value === 1,
      "sysctl kernel.unprivileged_userns_clone=1"
    ),
    limit(
      "AppArmor on user namespaces",
      "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
      (value) => value === 0,
      "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or passwordless sudo"
    ),
    has("system call filter", "/proc/sys/kernel/seccomp/actions_avail", /\berrno\b/, "missing", "a kernel with CONFIG_SECCOMP_FILTER"),
    has("overlays", "/proc/filesystems", /\boverlay$/m, "note", "modprobe overlay; without it a job cannot write aside to /tmp and HOME"),
    outcome(
      "terminal",
      () => "one can be opened",
      () => openTerminal(80, 24).close()
    ),
    { name: "IPv6", state: "good", found: existsSync("/proc/net/if_inet6") ? "there, and closed inside like IPv4" : "none", mend: null },
    {
      name: "control groups",
      state: "good",
      found: existsSync("/sys/fs/cgroup/cgroup.controllers") ? "version 2" : "version 1, or none",
      mend: null
    }
  ];
}
function kernel() {
  const found = `${process.platform} ${release()} ${process.arch}`;
  const mend = process.platform === "linux" ? null : "a Linux machine";
  return { name: "kernel", state: mend === null ? "good" : "missing", found, mend };
}
async function entrance(uid) {
  try {
    const tools = findTools(TOOL_FOLDERS);
    const taken = await chooseEntrance(tools, uid);
    const other = taken === "sudo" && await isOpen(() => chooseEntrance({ ...tools, sudo: null }, uid)) ? "; user namespaces would do, too" : "";
    return { name: "entrance", state: "good", found: `${taken === "sudo" ? "passwordless sudo" : "user namespaces"}${other}`, mend: null };
  } catch (error) {
    return { name: "entrance", state: "missing", found: "none", mend: messageOf(error) };
  }
}
async function isOpen(way) {
  return way().then(
    () => true,
    () => false
  );
}
function outcome(name, found, look) {
  try {
    look();
    return { name, state: "good", found: found(), mend: null };
  } catch (error) {
    return { name, state: "missing", found: "not as it must be", mend: messageOf(error) };
  }
}
function limit(name, path, isEnough, mend) {
  const text = read(path);
  const isGood = text === null || isEnough(Number(text));
  return { name, state: isGood ? "good" : "note", found: text === null ? "no limit" : `${path} is ${text}`, mend: isGood ? null : mend };
}
function has(name, path, pattern, otherwise, mend) {
  const isThere = pattern.test(read(path) ?? "");
  return { name, state: isThere ? "good" : otherwise, found: isThere ? "there" : `not in ${path}`, mend: isThere ? null : mend };
}
function read(path) {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}

// wrapper/doctor.ts
var OUTSIDE = {
  open: "would succeed",
  held: "the host refuses",
  absent: "nothing to reach",
  late: "nothing to reach"
};
async function examineHost(uid) {
  const checks = await checkHost(uid);
  const folder = makeSessionFolder("/tmp", uid);
  try {
    const outside = await tryOutside(folder.path, uid);
    const { inside, fault } = await tryInside(folder.path);
    const escapes = ESCAPES.map((each) => {
      const found = inside.find(({ name }) => name === each.name);
      const free = outside.find(({ name }) => name === each.name);
      return {
        ...each,
        outside: free === void 0 ? "not tried" : OUTSIDE[free.verdict],
        inside: found?.verdict ?? null,
        detail: found?.detail ?? ""
      };
    });
    return { checks, escapes, fault };
  } finally {
    folder.remove();
  }
}
async function tryOutside(sessionFolder, uid) {
  try {
    const baits = await layBaits(sessionFolder, uid);
    return await surveyHost(cageProgram(), baits.records, "all").finally(baits.close);
  } catch {
    return [];
  }
}
async function tryInside(sessionFolder) {
  let inside = [];
  const nothing = openSync("/dev/null", "r+");
  const take = async (results) => {
    inside = results;
  };
  try {
    await runWrapped(plan(sessionFolder, nothing, take));
    return { inside, fault: null };
  } catch (error) {
    return { inside, fault: messageOf(error) };
  } finally {
    closeSync(nothing);
  }
}
function plan(sessionFolder, nothing, escapesTried) {
  const record = new Writable({ write: (_chunk, _encoding, done) => done() });
  return {
    argv: ["true"],
    cwd: "/",
    environment: [Buffer.from("PATH=/usr/bin:/bin")],
    cage: bareCage({ sessionFolder, resolvers: [], ca: "" }),
    shared: null,
    within: null,
    hooks: { enterCage: async () => void 0, escapesTried, record, gatewayLost: new Promise(() => void 0) },
    terminal: { interactive: false, columns: 80, rows: 24, stdinFd: nothing, stdoutFd: nothing, filter: null, remote: null },
    graceMs: 1e3
  };
}

// src/cli/doctor.ts
var HELP = `duty-gate doctor [--json]

Examines this machine: what a cage needs and how to mend what is missing, and every escape, without a cage and in one.
It changes nothing.

  --json           print one JSON object instead of the page
  --help           this text

Exit code: 0 all good, 1 an escape is not held, 2 usage, 125 no command could be started in a cage.
`;
var EXIT_NO_CAGE = 125;
async function doctorCommand(args, io, examine = () => examineHost(process.getuid?.() ?? 0), isTerminal = process.stdout.isTTY) {
  const options = readJsonOptions(args);
  if (typeof options === "string") {
    io.stderr.write(`duty-gate: ${options}

${HELP}`);
    return EXIT_USAGE;
  }
  if (options.help) {
    io.stdout.write(HELP);
    return EXIT_OK;
  }
  const diagnosis = await examine();
  io.stdout.write(options.json ? `${JSON.stringify({ v: 1, ...diagnosis })}
` : page(diagnosis, isTerminal));
  return exitCode(diagnosis);
}
function exitCode({ escapes, fault }) {
  if (escapes.some(({ inside }) => inside === "open" || inside === "late")) return EXIT_FAILED;
  return fault === null ? EXIT_OK : EXIT_NO_CAGE;
}
var MARKS = { good: "ok", note: "note", missing: "MISSING" };
var COLOURS = { good: 32, note: 33, missing: 31 };
function page({ checks, escapes, fault }, isTerminal) {
  const colour = (text, code) => isTerminal ? `\x1B[${code}m${text}\x1B[0m` : text;
  const checkLines = checks.flatMap((check) => lines(check, (text) => colour(text, COLOURS[check.state])));
  const width = Math.max(...escapes.map(({ name }) => name.length));
  const rows = escapes.map(
    (each) => row(each, width, (text) => colour(text, each.inside === "held" ? 32 : each.inside === "absent" ? 33 : 31))
  );
  const count = (wanted) => escapes.filter(({ inside }) => inside === wanted).length;
  const last = `${escapes.length} escapes: ${count("held")} held, ${count("absent")} absent, ${count("open")} open, ${count("late")} unproved, ${count(null)} not tried in a cage`;
  const why = fault === null ? [] : [colour(fault, COLOURS.missing)];
  return `${[...checkLines, "", `${"escape".padEnd(width)}  ${"without a cage".padEnd(16)}  in a cage`, ...rows, "", last, ...why].join("\n")}
`;
}
function lines({ name, state, found, mend }, mark) {
  return [`${mark(MARKS[state].padEnd(7))}  ${name}: ${found}`, ...mend === null ? [] : [`         to mend: ${mend}`]];
}
function row({ name, outside, inside, detail }, width, mark) {
  return `${name.padEnd(width)}  ${outside.padEnd(16)}  ${mark((inside ?? "not tried").padEnd(9))}  ${detail}`.trimEnd();
}
export {
  doctorCommand
};
