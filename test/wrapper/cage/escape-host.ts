import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { TestUser } from '#test/wrapper/users.ts';
import { runWrappedAs } from '#test/wrapper/wrapped.ts';
import { cageProgram } from '#wrapper/cage-program.ts';
import { openEscapeBaits } from '#wrapper/escape-baits.ts';
import { parseEscapeLine } from '#wrapper/escape-report.ts';
import { openTerminal } from '#wrapper/pty.ts';
import type { StageReport } from './escape-stage.ts';

/**
 * The host on the stage (escape-stage.ts): stand-ins that listen where services would, and the attempts, as a user's, without a
 * cage or in one. Prints a StageReport.
 */
const [mode = '', user = ''] = process.argv.slice(2);
const { uid, gid, ...rest }: TestUser = JSON.parse(user);
// Not below /tmp, which a wrapped command may write to.
const place = mkdtempSync('/var/tmp/duty-gate-stage-');
chmodSync(place, 0o755);
chownSync(place, uid, gid);
const env = { GITHUB_ENV: ownFile('env'), GITHUB_PATH: ownFile('path'), GITHUB_STEP_SUMMARY: ownFile('summary'), HOME: place };
await listenEverywhere();
await nameServer('127.0.0.53');
const report = mode === 'caged' ? await caged() : await free();
process.stdout.write(JSON.stringify(report));
rmSync(place, { recursive: true });
process.exit(0);

async function caged(): Promise<StageReport> {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const { report: wrapped, errors } = await runWrappedAs({ uid, gid, ...rest }, { argv: ['true'] }, { env: variables });
  return { results: wrapped?.escapes ?? [], errors, ms: 0 };
}

async function free(): Promise<StageReport> {
  const sessionFolder = join(place, 'session');
  mkdirSync(sessionFolder);
  const terminal = openTerminal(80, 24);
  const socketFolders = { tmp: '/tmp', run: `/run/user/${uid}`, home: place, session: sessionFolder };
  const view = { uid, env, programFiles: [ownFile('program')], sessionFolder, socketFolders };
  const outside = spawn('sleep', ['1000'], { uid, gid, stdio: 'ignore' });
  const baits = await openEscapeBaits(view);
  // They are made by root here, and by the user where a command is wrapped. `+`: a name would be asked of our own stand-in.
  spawnSync('chown', [
    '-R',
    `+${uid}:+${gid}`,
    ...baits.records.flatMap((record) => /=(\/.*\/duty-gate-bait-[^/]*)\//.exec(record)?.[1] ?? []),
    sessionFolder,
  ]);
  const records = [
    ...baits.records.filter((record) => !/^(?:outside-process|block-device-open)=/.test(record)),
    `outside-process=${outside.pid} ${startTime(outside.pid ?? 0)}`,
    `terminal-outside=${numbered(ownTerminal(terminal.path))}`,
    // The disk itself is often closed even to root, in a machine that is a container.
    'block-device-open=/dev/loop0',
  ];
  const report = await attempts(records);
  baits.close();
  terminal.close();
  outside.kill('SIGKILL');
  return report;
}

async function attempts(records: readonly string[]): Promise<StageReport> {
  const path = join(place, 'baits');
  writeFileSync(path, records.map((record) => `${record}\0`).join(''));
  const change = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];
  // Descriptor 4 is one that nobody announced.
  const descriptors = [openSync(path, 'r'), openSync(path, 'r')];
  const [file = '', ...args] = [...(uid === 0 ? [] : change), cageProgram(), 'probe', '3'];
  const startedAt = performance.now();
  const child = spawn(file, args, { cwd: '/', env: { PATH: '/usr/bin' }, stdio: ['ignore', 'ignore', 'pipe', ...descriptors] });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  const ms = performance.now() - startedAt;
  return { results: errors.split('\n').flatMap((line) => parseEscapeLine(line) ?? []), errors, ms };
}

async function listenEverywhere(): Promise<void> {
  const own = `user/${uid}`;
  const names = [
    ...['docker.sock', 'containerd/containerd.sock', 'podman/podman.sock', 'crio/crio.sock', 'buildkit/buildkitd.sock'],
    ...['dbus/system_bus_socket', 'systemd/private', 'systemd/resolve/io.systemd.Resolve', 'nscd/socket'],
    ...[`${own}/bus`, `${own}/systemd/private`, `${own}/gnupg/S.gpg-agent`, `${own}/ssh-agent.socket`],
  ];
  for (const path of names.map((name) => join('/run', name))) {
    mkdirSync(dirname(path), { recursive: true });
    await listen(path);
    chmodSync(path, 0o666);
  }
  for (const host of ['169.254.169.254', '168.63.129.16', 'fd00:ec2::254']) await listen({ host, port: 80 });
}

function listen(where: string | { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve) => void createServer((socket) => socket.end()).listen(where, resolve));
}

/** Answers every question with one name server. */
function nameServer(address: string): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const header = Buffer.from([question[0] ?? 0, question[1] ?? 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
    const answer = Buffer.from([0, 0, 2, 0, 1, 0, 0, 0, 60, 0, 1, 0]);
    socket.send(Buffer.concat([header, question.subarray(12), answer]), from.port, from.address);
  });
  return new Promise((resolve) => socket.bind(53, address, resolve));
}

function ownFile(name: string): string {
  const path = join(place, name);
  writeFileSync(path, '');
  chownSync(path, uid, gid);
  return path;
}

function ownTerminal(path: string): string {
  chownSync(path, uid, gid);
  return path;
}

function numbered(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev} ${ino} ${path}`;
}

function startTime(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
