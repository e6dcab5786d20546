/**
 * `node test/fakes/github/openapi/extract.ts`: makes subset.json anew from GitHub's own description of its API, as the package
 * `@octokit/openapi` carries it. That package is too large to depend on, so it is downloaded once, to where the tests' other
 * downloads are, and only what the simulator answers is kept.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from '#build/cache.ts';
import { OPERATIONS } from './operations.ts';
import { extractSubset } from './subset.ts';

const VERSION = '23.0.2';
const MEMBER = 'package/generated/api.github.com.json';
const FILE = join(import.meta.dirname, 'subset.json');

const run = promisify(execFile);
const folder = await cached(`octokit-openapi-${VERSION}`, async (draft) => {
  const { stdout } = await run('npm', ['pack', `@octokit/openapi@${VERSION}`, '--silent', '--pack-destination', draft]);
  await run('tar', ['-xzf', stdout.trim(), MEMBER], { cwd: draft });
});
const subset = extractSubset(JSON.parse(readFileSync(join(folder, MEMBER), 'utf8')), `@octokit/openapi ${VERSION}`, OPERATIONS);
writeFileSync(FILE, JSON.stringify(subset));
await run('biome', ['format', '--write', FILE]);
