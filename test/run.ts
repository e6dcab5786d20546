/**
 * Runs the tests: `node test/run.ts [--quick] [part of a path …]`. First those that need nothing but themselves, some at a
 * time; then, without `--quick`, those that start servers, builds or namespaces, one at a time. One report, in node's words.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { spec } from 'node:test/reporters';
import { mergedReport } from './report.ts';

const root = join(import.meta.dirname, '..');
const SERIAL = /^test\/(servers|e2e|demo|bench|build|gateway|wrapper)\//;
const QUICK_FILE_MS = 2 * 60_000;
const SERIAL_FILE_MS = 5 * 60_000;

const parts = process.argv.slice(2).filter((argument) => argument !== '--quick');
const files = globSync('test/**/*.test.ts', { cwd: root })
  .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
  .sort();
const absolute = (file: string) => join(root, file);
const quick = { files: files.filter((file) => !SERIAL.test(file)).map(absolute), concurrency: 2, fileMs: QUICK_FILE_MS };
const serial = { files: files.filter((file) => SERIAL.test(file)).map(absolute), concurrency: 1, fileMs: SERIAL_FILE_MS };

const events = mergedReport(process.argv.includes('--quick') ? [quick] : [quick, serial], {
  skipsFail: process.env.CI === 'true',
  passed: (ok) => {
    process.exitCode = ok ? 0 : 1;
  },
});
Readable.from(events).pipe(new spec()).pipe(process.stdout);
