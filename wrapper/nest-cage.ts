import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cageProgram } from './cage-program.ts';
import { callerSettings } from './caller-settings.ts';
import { layBaits } from './escape-check.ts';
import { boundSockets } from './host-sockets.ts';
import { fstab } from './mount-line.ts';
import { parseMountTable } from './mount-table.ts';
import { nestCommand } from './namespace.ts';
import { agentChanges, nestedMountFaults, nestedMounts } from './nest-mounts.ts';
import { NEST_SCRIPT } from './nest-script.ts';
import type { CagePlace, OuterCage, WrapPlan } from './plan.ts';
import type { Terminal } from './pty.ts';
import { type CageMaking, raiseCage, type StandingCage } from './raise-cage.ts';
import { nulTerminated, toolRecords } from './records.ts';
import { socketsBoundIn } from './sockets-inside.ts';
import { startFile } from './start-file.ts';

const LABEL_BYTES = 8;
const FILES = ['nest', 'setup', 'baits', 'mounts'] as const;

/**
 * Makes a cage within another one, by the same entrance: it sees what that one sees and may write no more, and has its own network,
 * processes and places for sockets. Otherwise as standCage.
 *
 * @throws WrapError
 */
export async function nestCage(
  plan: WrapPlan,
  terminal: Terminal,
  making: Omit<CageMaking, 'entrance' | 'lifeline'>,
  outer: OuterCage,
): Promise<StandingCage | NodeJS.Signals> {
  const { entrance } = outer;
  const { tools } = making;
  const caller = callerSettings({ entrance });
  const folder = plan.cage.sessionFolder;
  const at = (name: string): string => join(folder, name);
  const label = `duty-gate-${randomBytes(LABEL_BYTES).toString('hex')}`;
  const lines = nestedMounts({ label, uid: caller.uid, owner: entrance === 'sudo' ? caller : { uid: 0, gid: 0 } });
  const baits = await layBaits(folder, caller.uid);
  try {
    // R19: a path crosses network namespaces, this one's included; files stay shared, whoever listens does not.
    const hides = [...boundSockets(), ...socketsBoundIn(outer, tools)];
    const start = startFile({ ...caller, ...plan, hides, interactive: plan.terminal.interactive });
    const before = mountsOf(outer);
    const changes = agentChanges(outer, before);
    const records = [
      ...toolRecords(tools),
      ...changes.uncovered.map((path) => `uncover=${path}`),
      ...[...changes.closed, ...changes.scripts].map((path) => `close=${path}`),
      `entrance=${entrance}`,
      `label=${label}`,
    ];
    const write = (name: string, data: string | Uint8Array): void => writeFileSync(at(name), data, { mode: 0o600, flag: 'wx' });
    write('nest', NEST_SCRIPT);
    write('setup', nulTerminated(records));
    write('start', start);
    write('baits', nulTerminated(baits.records));
    write('mounts', fstab(lines));
    return await raiseCage(
      plan,
      terminal,
      { ...making, entrance, lifeline: null },
      {
        command: nestCommand(entrance, tools, cageProgram(), { outer, folder }),
        ...{ start: at('start'), baits },
        faults: ({ mounts }) => nestedMountFaults(mounts, { before, after: mountsOf(outer), lines, changes }),
        unlink: () => {
          for (const name of FILES) rmSync(at(name), { force: true });
        },
      },
    );
  } finally {
    baits.close();
  }
}

function mountsOf({ init }: CagePlace): ReturnType<typeof parseMountTable> {
  return parseMountTable(readFileSync(`/proc/${init}/mountinfo`, 'utf8'));
}
