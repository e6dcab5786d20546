import type { Cage } from './cage.ts';
import { type CageFiles, writeCageFiles } from './cage-files.ts';
import { callerSettings } from './caller-settings.ts';
import { layBaits } from './escape-check.ts';
import { filesNotes } from './files-notes.ts';
import { sweepWorkFolders } from './layers.ts';
import { mountFaults } from './mount-check.ts';
import { cageCommand } from './namespace.ts';
import type { WrapPlan } from './plan.ts';
import type { Terminal } from './pty.ts';
import { type CageMaking, raiseCage, type StandingCage } from './raise-cage.ts';
import { removeAsRoot } from './remove-as-root.ts';
import { say } from './say.ts';

/**
 * Makes a cage, and has it prove that there is no way out of it but by the gateway (P8). Whoever is interrupted meanwhile ends it.
 *
 * @returns it, standing until `hold`; or the signal.
 * @throws WrapError when it could not be made safely; nothing of it is left.
 */
export async function standCage(plan: WrapPlan, terminal: Terminal, making: CageMaking): Promise<StandingCage | NodeJS.Signals> {
  const { tools, entrance, lifeline } = making;
  const settings = callerSettings({ entrance, tools, console: plan.shared === null ? terminal.path : null });
  // Before the mounts are planned: what listens then is hidden then (R19).
  const baits = await layBaits(plan.cage.sessionFolder, settings.uid);
  try {
    const files = writeCageFiles(plan, settings, baits.records);
    if (files.keptIn !== null) sweepWorkFolders(files.keptIn, files.layers, (paths) => entrance === 'sudo' && removeAsRoot(tools, paths));
    const command = cageCommand(entrance, tools, { script: files.script, folder: plan.cage.sessionFolder, outlives: lifeline !== null });
    const faults = ({ mounts }: Cage) => mountFaults(mounts, files.expectation);
    const stood = await raiseCage(plan, terminal, making, { ...files, command, baits, faults });
    if (typeof stood !== 'string') tellNotes(plan, stood.cage, files);
    return stood;
  } finally {
    baits.close();
  }
}

function tellNotes({ cage: { files: plan } }: WrapPlan, cage: Cage, files: CageFiles): void {
  const isKept = files.keptIn !== null && cage.hasKeptLayers;
  const layered = files.layers.map(({ path }) => path);
  for (const note of filesNotes({ ...files, layered, layersFolder: plan.layersFolder, isKept })) say(note);
}
