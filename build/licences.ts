import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const RULE = '='.repeat(80);

/** Packages that name their licence in package.json and carry no text of it: each was looked at, version by version. */
const BY_NAME: ReadonlyMap<string, (holder: string) => string> = new Map([
  ['@nodable/entities@3.1.0', mitText],
  ['isarray@1.0.0', mitText],
  ['proxy-agent-negotiate@1.1.0', mitText],
  ['err-code@2.0.3', mitText],
  ['imurmurhash@0.1.4', mitText],
  ['@npmcli/agent@3.0.0', iscText],
]);

/** The licence texts of the packages whose code is in `dist/`. A package without one stops the build. */
export async function licences(root: string, packages: readonly string[]): Promise<string> {
  const texts = await Promise.all(packages.map((folder) => licence(join(root, folder))));
  const head =
    'duty-gate is under the Apache License 2.0, see LICENSE. Its programs contain the packages below, under their own licences.\n';
  return `${[head, ...[...new Set(texts)].sort()].join(`\n${RULE}\n`)}`;
}

async function licence(folder: string): Promise<string> {
  const { name, version, license, author }: Record<string, unknown> = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const title = `${name}@${version} (${license})`;
  const byName = BY_NAME.get(`${name}@${version}`);
  if (files.length === 0 && byName !== undefined) return `${title}\n\n${byName(authorName(author))}\n`;
  if (files.length === 0) throw new Error(`Cannot collect licences: none in ${name}@${version}, expected a LICENSE file`);
  const bodies = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const text = bodies.map((body) => body.replaceAll('\r\n', '\n').trim()).join('\n\n');
  return `${title}\n\n${text}\n`;
}

function authorName(author: unknown): string {
  const text = typeof author === 'object' && author !== null && 'name' in author ? author.name : author;
  return typeof text === 'string' ? text.replace(/\s*[<(].*$/, '') : 'its authors';
}

/** https://spdx.org/licenses/ISC.html */
function iscText(holder: string): string {
  return `Copyright (c) ${holder}

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR
CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF
CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`;
}

/** https://spdx.org/licenses/MIT.html */
function mitText(holder: string): string {
  return `Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
