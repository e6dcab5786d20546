import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReportAssets } from './page.ts';

/** What a page is made of: beside the bundled program in `report/`, or where the sources and the player's package have it. */
export function readAssets(): ReportAssets {
  const here = import.meta.url;
  const isSource = here.endsWith('.ts');
  const own = fileURLToPath(new URL(isSource ? './assets/' : './report/', here));
  const player = isSource ? dirname(createRequire(here).resolve('asciinema-player/dist/bundle/asciinema-player.css')) : own;
  const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');
  return {
    styles: [read(player, 'asciinema-player.css'), read(own, 'report.css')],
    playerScript: read(player, 'asciinema-player.min.js'),
    scripts: OWN_SCRIPTS.map((name) => read(own, name)),
  };
}

/** In the order in which they build on each other. */
const OWN_SCRIPTS = ['elements.js', 'operations.js', 'report.js'] as const;
