import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { openJob } from './job-session.ts';

/** The first ones may still fill caches. */
const BEFORE = 3;
const RUNS = Number(process.env['LEAK_RUNS'] ?? 40);
/** A bundle keeps so many folders open, and no more. */
const FOLDERS_OPEN_MAX = 18;

/** What a run could leave behind on the machine, or in a gateway that lives on. */
function holdings(gatewayPid: number): Readonly<Record<string, number>> {
  const pids = readdirSync('/proc').filter((name) => /^[1-9]\d*$/.test(name));
  const linked = (path: string): string => {
    try {
      return readlinkSync(path);
    } catch {
      return '';
    }
  };
  const isCage = (pid: string): boolean => {
    try {
      return /duty-gate-cage\0|\0hold\0$/.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
    } catch {
      return false;
    }
  };
  return {
    cages: pids.filter((pid) => linked(`/proc/${pid}/ns/net`) !== linked('/proc/self/ns/net') && isCage(pid)).length,
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length,
    folders: readdirSync(`/tmp/duty-gate-${process.getuid?.()}`).length,
    descriptors: readdirSync(`/proc/${gatewayPid}/fd`).length,
  };
}

test(`a job's gateway and machine hold after ${RUNS} wrapped steps what they held after ${BEFORE}`, async (t) => {
  const { gateway, run } = await openJob(t);
  const pid = gateway.child.pid ?? 0;
  let before: Readonly<Record<string, number>> = {};
  for (let n = 1; n <= RUNS; n++) {
    const { status, stderr } = run(['run', '--', 'sh', '-c', 'mount; exec true'], { HOME: '/root', RUNNER_TEMP: '/var/tmp' });
    assert.equal(status, 0, stderr);
    if (n === BEFORE) before = holdings(pid);
  }
  const after = holdings(pid);
  for (const [what, count] of Object.entries(before)) {
    // Other tests make cages and folders of their own meanwhile.
    const more = what === 'descriptors' ? FOLDERS_OPEN_MAX : RUNS - BEFORE - 1;
    assert.ok((after[what] ?? 0) - count <= more, `${what}: ${count} before, ${after[what]} after`);
  }
});
