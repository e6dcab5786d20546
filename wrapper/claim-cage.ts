import { createHash } from 'node:crypto';
import { lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { socketsOutOfSight } from './cage-mounts.ts';
import { callerSettings, ownId } from './caller-settings.ts';
import type { AliasPlan, CagePlace, SharedCage, WrapPlan } from './plan.ts';
import { realFiles } from './real-files.ts';
import { startFile } from './start-file.ts';
import { messageOf, WrapError } from './wrap-error.ts';

/**
 * Asks for a place in the job's cage.
 *
 * @returns where it stands; null: it is ours to make.
 * @throws WrapError `gateway` when there is none to be had.
 */
export async function claimCage(shared: SharedCage, plan: WrapPlan): Promise<CagePlace | null> {
  try {
    return await shared.claim(planDigest(plan));
  } catch (error) {
    if (error instanceof WrapError) throw error;
    throw new WrapError('gateway', messageOf(error), { cause: error });
  }
}

/**
 * All that a cage is made for, whatever the command: SHA-256, base64url. Commands whose plans differ do not share one. Launchers are for those agents
 * that were found at its start.
 */
export function planDigest({ cage }: Pick<WrapPlan, 'cage'>): string {
  const { resolvers, ca, hide, files, binds, aliases, workspace } = cage;
  const [uid, gid] = [ownId(process.getuid), ownId(process.getgid)];
  const text = JSON.stringify({
    uid,
    gid,
    resolvers,
    ca,
    hide,
    files: realFiles(files),
    binds,
    aliases: aliases.map(asItIs),
    workspace,
  });
  return createHash('sha256').update(text).digest('base64url');
}

/** An alias that stands is gone with the file that it stood for (rename(2) over a mount point): another file means another cage. */
function asItIs({ point, folder }: AliasPlan): readonly string[] {
  const { ino, birthtimeNs } = lstatSync(point, { bigint: true });
  return [point, folder, `${ino} ${birthtimeNs}`];
}

/** Hands the command over to a cage that stands; what listens on the machine by now is out of its sight as well (R19). @returns the file's path */
export function writeStartFile(plan: WrapPlan, { entrance }: CagePlace): string {
  const hides = socketsOutOfSight(plan, entrance);
  const start = startFile({ ...callerSettings({ entrance, hides }), ...plan, interactive: plan.terminal.interactive });
  const path = join(plan.cage.sessionFolder, 'start');
  writeFileSync(path, start, { mode: 0o600, flag: 'wx' });
  return path;
}
