import { existsSync } from 'node:fs';
import { exec } from '@actions/exec';
import { findTools, TOOL_FOLDERS, type Tools } from '#wrapper/tools.ts';
import { ActionError } from './action-error.ts';
import { within } from './time-limit.ts';

/** What is looked at before anything is started; a step would find out as well, but later and one by one. */
export type Host = {
  readonly platform: string;
  readonly arch: string;
  readonly nodeMajor: number;
  /** Null: another C library than glibc, or none that Node knows. */
  readonly glibc: string | null;
  readonly inContainer: boolean;
  readonly uid: number;
  readonly toolFolders: readonly string[];
  succeeds(program: string, args: readonly string[]): Promise<boolean>;
};

const NODE_MAJOR_MIN = 24;
const PROBE_MS_MAX = 10_000;

/** R16: what the default profile of a container engine refuses, and a cage needs. */
export const CONTAINER_OPTIONS = '--cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined';

/** @throws ActionError `runner`, in words that say how to mend it */
export async function checkHost(host: Host): Promise<void> {
  const { platform, arch, nodeMajor, glibc } = host;
  if (platform !== 'linux') refuse(`it is ${platform}`, 'Linux. Use runs-on: ubuntu-latest');
  if (arch !== 'x64' && arch !== 'arm64') refuse(`its processor is ${arch}`, 'x64 or arm64');
  if (glibc === null)
    refuse('its C library is not glibc (Alpine has musl)', 'a runner, or a job container, with glibc, such as Debian or Ubuntu');
  if (nodeMajor < NODE_MAJOR_MIN) refuse(`it runs actions with Node ${nodeMajor}`, `Node ${NODE_MAJOR_MIN} or newer`);
  const tools = toolsOf(host);
  if (!(await canEnterCage(host, tools))) refuseEntrance(host, tools);
}

function toolsOf({ toolFolders }: Host): Tools {
  try {
    return findTools(toolFolders);
  } catch (cause) {
    throw new ActionError('runner', `Cannot run on this runner: ${cause instanceof Error ? cause.message : 'tools are missing'}`, {
      cause,
    });
  }
}

/** The same two ways as the wrapper's (wrapper/entrance.ts). */
async function canEnterCage({ uid, succeeds }: Host, { sudo, unshare, ip, true: succeed }: Tools): Promise<boolean> {
  if (uid !== 0 && sudo !== null && (await succeeds(sudo, ['-n', '--', succeed]))) return true;
  return succeeds(unshare, ['--user', '--map-root-user', '--net', '--mount', '--', ip, 'link', 'set', 'lo', 'up']);
}

function refuseEntrance({ inContainer, uid }: Host, { sudo }: Tools): never {
  if (inContainer) {
    refuse(
      'the job runs in a container that lets no process have namespaces of its own',
      `a container started for that. Give the job:\n  container:\n    image: …\n    options: ${CONTAINER_OPTIONS}`,
    );
  }
  const why = uid === 0 ? '' : sudo === null ? 'sudo is not installed, and ' : 'sudo asks for a password, and ';
  refuse(
    `${why}user namespaces are forbidden`,
    "one of the two: passwordless sudo for the runner's user, or unprivileged user namespaces " +
      '(sysctl kernel.apparmor_restrict_unprivileged_userns=0, user.max_user_namespaces above 0)',
  );
}

function refuse(state: string, expected: string): never {
  throw new ActionError('runner', `Cannot run on this runner: ${state}, expected ${expected}`);
}

export function thisHost(): Host {
  return {
    platform: process.platform,
    arch: process.arch,
    nodeMajor: Number.parseInt(process.versions.node, 10),
    glibc: glibcVersion(),
    // Engines mark their containers; the runner mounts its Node there in one of a job.
    inContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv') || process.execPath.startsWith('/__e/'),
    uid: process.getuid?.() ?? 0,
    toolFolders: TOOL_FOLDERS,
    succeeds,
  };
}

function glibcVersion(): string | null {
  // Without this the report asks for the names of the machine's addresses.
  Object.assign(process.report, { excludeNetwork: true });
  const { header }: { header?: { glibcVersionRuntime?: unknown } } = process.report.getReport() as object;
  return typeof header?.glibcVersionRuntime === 'string' ? header.glibcVersionRuntime : null;
}

/** Nothing of our environment reaches a probe, and what it says is not shown: it is one answer, yes or no. */
async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  const options = { cwd: '/', env: {}, silent: true, ignoreReturnCode: true };
  try {
    return (await within(PROBE_MS_MAX, exec(`"${program}"`, [...args], options), () => new Error('late'))) === 0;
  } catch {
    return false;
  }
}
