import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TestUser } from '#test/wrapper/users.ts';
import type { EscapeResult } from '#wrapper/escape-report.ts';

/** `free`: the attempts run as that user, and nothing holds them. `caged`: they run as part of wrapping a command. */
export type StageMode = 'free' | 'caged';

export type StageReport = {
  readonly results: readonly EscapeResult[];
  /** What a wrapped command's wrapper said. */
  readonly errors: string;
  /** Of the attempts alone, when free. */
  readonly ms: number;
};

const HOST = join(import.meta.dirname, 'escape-host.ts');

/** Namespaces in which stand-ins can be where services and programs would be, out of the machine's way. */
const NAMESPACES = ['--mount', '--propagation', 'private', '--net', '--pid', '--fork', '--kill-child', '--mount-proc', '--ipc', '--uts'];
const SET_UP = `
mode=$1 uid=$2 gid=$3; shift 3
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
ip link set lo up
ip link add outer type veth peer name inner
ip link set outer up; ip link set inner up
for address in 192.0.2.7/24 169.254.169.254/32 168.63.129.16/32; do ip address add $address dev outer; done
for address in 2001:db8::7/64 fd00:ec2::254/128; do ip address add $address dev outer nodad; done
echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range

for folder in /run /var/spool /mnt /sys/kernel; do mount -t tmpfs -o mode=755 stand-in $folder; done
touch /sys/kernel/uevent_helper
# Whoever has mounted something over /proc cannot make a cage of a user namespace.
if [[ $mode = free ]]; then
  mkdir /mnt/kernel; cp /proc/sys/kernel/{core_pattern,pid_max,overflowuid,overflowgid,cap_last_cap} /mnt/kernel
  touch /mnt/kernel/modprobe
  mount --bind /mnt/kernel /proc/sys/kernel
  mount -t tmpfs -o mode=755 stand-in /proc/sys/fs/binfmt_misc
  touch /proc/sys/fs/binfmt_misc/register
fi
[[ -e /dev/mem ]] || { mkdir /mnt/dev; cp -a /dev/. /mnt/dev; mount --rbind /mnt/dev /dev; mknod /dev/mem c 1 7; mount -t devpts -o newinstance,ptmxmode=0666 stand-in /dev/pts; }
echo nameserver 127.0.0.53 >/mnt/resolv.conf; mount --bind /mnt/resolv.conf /etc/resolv.conf
mkdir -p /run/user/$uid /var/spool/cron/crontabs /var/spool/cron/atjobs
chown $uid:$gid /run/user/$uid
mkdir /mnt/upper /mnt/work; mount -t overlay -o lowerdir=/usr/bin,upperdir=/mnt/upper,workdir=/mnt/work stand-in /usr/bin
for program in pkexec at; do [[ -e /usr/bin/$program ]] || { cp /usr/bin/echo /usr/bin/$program; chmod 4755 /usr/bin/$program; }; done
[[ -e /usr/bin/crontab ]] || { cp /usr/bin/echo /usr/bin/crontab; chmod 2755 /usr/bin/crontab; }
[[ -e /usr/bin/dumpcap ]] || { cp /usr/bin/echo /usr/bin/dumpcap; setcap cap_net_raw+p /usr/bin/dumpcap; }
exec "$@"
`;

/** Runs host.ts there as root, and the attempts as that user. Takes root, or sudo without a password. */
export function runOnStage(user: TestUser, mode: StageMode): Promise<StageReport> {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n', '--'];
  const host = [process.execPath, HOST, mode, JSON.stringify(user)];
  const inside = ['bash', '-ec', SET_UP, 'bash', mode, String(user.uid), String(user.gid), ...host];
  const [file = '', ...args] = [...asRoot, 'unshare', ...NAMESPACES, '--', ...inside];
  const child = spawn(file, args, { cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`Cannot set the stage: it ended with ${code}, expected 0`));
    });
  });
}
