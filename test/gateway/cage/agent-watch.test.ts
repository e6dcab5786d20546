import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEntry } from '#core/audit/entry.ts';
import type { CageSight, SeenAgent, SeenProcess } from '#core/chain/agent-sight.ts';
import { dutyNames } from '#core/policy/effective-duty.ts';
import type { AgentRule, Duty } from '#core/policy/policy.ts';
import { AgentWatch } from '#gateway/cage/agent-watch.ts';
import { LinkChain } from '#session/link-chain.ts';
import { Narrowing } from '#session/narrowing.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';

const dutyOf = (name: string): Duty => dutyNamed(name);
const [READER, AUDITOR] = [dutyOf('reader'), dutyOf('auditor')];
const AGENTS: readonly AgentRule[] = [
  { id: 'agents[0]', match: ['**/agent'], duty: READER, sticky: 'cage', workspace: 'write' as const },
  { id: 'agents[1]', match: ['**/tool'], duty: AUDITOR, sticky: 'job', workspace: 'write' as const },
];
const SOCKET = { remoteAddress: '10.0.0.7', remotePort: 40_000, localAddress: '198.18.1.1', localPort: 5432 };

function processes(...executables: readonly (string | null)[]): CageSight {
  const made = executables.map(
    (executable, index): SeenProcess => ({ pid: index + 10, parent: 1, name: 'x', executable, arguments: [], folder: null }),
  );
  return { kind: 'seen', processes: made, holders: [10] };
}

function makeWatch(sights: (CageSight | null)[], sticky = new Map<string, SeenAgent>()) {
  const right = Narrowing.ofSession(dutyOf('writer'));
  const job = { link: 'job', principal: 'someone', duty: 'writer', executable: '', started: '', keyThumbprint: null };
  const chain = LinkChain.ofSession([job]);
  const entries: AuditEntry[] = [];
  let looks = 0;
  const watch = new AgentWatch({
    ...{ link: '3', chain, roots: [1], network: '1', agents: AGENTS, launchers: new Set<string>(), right, sticky },
    audit: { append: (entry) => void entries.push(entry) },
    clock: { nowMs: () => 0, monotonicMicros: () => 0 },
    look() {
      looks += 1;
      return sights.shift() ?? null;
    },
  });
  const told = () =>
    entries.map((entry) => (entry.kind === 'agent' ? [entry.agent, entry.duty, entry.proof, entry.duties.join(' & ')] : []));
  return { watch, right, chain, entries, told, looks: () => looks };
}

describe('AgentWatch', () => {
  it('R26 holds later cages of the job to what was seen in an earlier one, where the policy has it stick', () => {
    const sticky = new Map<string, SeenAgent>();
    const first = makeWatch([processes('/bin/agent', '/bin/tool')], sticky);
    assert.equal(first.watch.admits(SOCKET), true);
    const later = makeWatch([processes('/bin/bash'), processes('/bin/tool')], sticky);
    assert.deepEqual(dutyNames(later.right.current()), ['writer', 'auditor']);
    assert.deepEqual(later.told(), [['3-1', 'auditor', 'executable', 'writer & auditor']]);
    for (let times = 0; times < 2; times += 1) assert.equal(later.watch.admits(SOCKET), true);
    assert.equal(later.entries.length, 1);
  });

  it('lets what is no agent pass as it is', () => {
    const { watch, right, entries } = makeWatch([processes('/bin/bash')]);
    assert.equal(watch.admits(SOCKET), true);
    assert.deepEqual([dutyNames(right.current()), entries.length], [['writer'], 0]);
  });

  it('R26 narrows the cage for good from the first agent that is seen, and tells once', () => {
    const { watch, right, entries, told } = makeWatch([
      processes('/bin/bash', '/bin/agent'),
      processes('/bin/agent'),
      processes('/bin/bash'),
    ]);
    for (let times = 0; times < 3; times += 1) assert.equal(watch.admits(SOCKET), true);
    assert.deepEqual(dutyNames(right.current()), ['writer', 'reader']);
    assert.deepEqual(told(), [['3-1', 'reader', 'executable', 'writer & reader']]);
    const [entry] = entries;
    assert.ok(entry?.kind === 'agent');
    assert.deepEqual([entry.executable, entry.pid, entry.match, entry.principal], ['/bin/agent', 11, '**/agent', 'someone']);
  });

  it('R25 narrows by every agent that is there', () => {
    const { watch, chain, told } = makeWatch([processes('/bin/agent', '/bin/tool')]);
    watch.admits(SOCKET);
    assert.deepEqual(told(), [
      ['3-1', 'reader', 'executable', 'writer & reader'],
      ['3-2', 'auditor', 'executable', 'writer & reader & auditor'],
    ]);
    assert.deepEqual(
      chain.links().map(({ link }) => link),
      ['job', '3-1', '3-2'],
    );
  });

  it('R21 narrows by every rule where nothing can be proved, and looks no further', () => {
    const { watch, right, told, looks } = makeWatch([processes(null)]);
    assert.equal(watch.admits(SOCKET), true);
    assert.equal(watch.admits(SOCKET), true);
    assert.equal(looks(), 1);
    assert.deepEqual(dutyNames(right.current()), ['writer', 'reader', 'auditor']);
    assert.deepEqual(told(), [
      ['3-1', 'reader', 'unproved', 'writer & reader'],
      ['3-2', 'auditor', 'unproved', 'writer & reader & auditor'],
    ]);
  });

  it('does not serve a connection that nobody has open any more', () => {
    const { watch, right } = makeWatch([null]);
    assert.equal(watch.admits(SOCKET), false);
    assert.equal(watch.admits({ ...SOCKET, remotePort: undefined }), false);
    assert.deepEqual(dutyNames(right.current()), ['writer']);
  });
});
