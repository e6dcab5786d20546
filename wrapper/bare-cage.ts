import type { CagePlan } from './plan.ts';
import { TOOL_FOLDERS } from './tools.ts';

/** A cage that plans nothing about files: none is written, hidden or in another one's place. */
export function bareCage(
  of: Pick<CagePlan, 'sessionFolder' | 'resolvers' | 'ca'> & Partial<Pick<CagePlan, 'launchers' | 'workspace'>>,
): CagePlan {
  const files = { writable: [], layered: [], layersFolder: null, protected: [] };
  return { launchers: [], workspace: null, ...of, hide: [], binds: [], aliases: [], files, toolFolders: TOOL_FOLDERS };
}
