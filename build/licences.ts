import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const RULE = '='.repeat(80);

/** The licence texts of the packages whose code is in `dist/`. A package without one stops the build. */
export async function licences(root: string, packages: readonly string[]): Promise<string> {
  const texts = await Promise.all(packages.map((folder) => licence(join(root, folder))));
  const head =
    'duty-gate is under the Apache License 2.0, see LICENSE. Its programs contain the packages below, under their own licences.\n';
  return `${[head, ...[...new Set(texts)].sort()].join(`\n${RULE}\n`)}`;
}

async function licence(folder: string): Promise<string> {
  const { name, version, license }: Record<string, unknown> = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  if (files.length === 0) throw new Error(`Cannot collect licences: none in ${name}@${version}, expected a LICENSE file`);
  const bodies = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const text = bodies.map((body) => body.replaceAll('\r\n', '\n').trim()).join('\n\n');
  return `${name}@${version} (${license})\n\n${text}\n`;
}
