import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { uploadFile, uploadFiles } from '#action/upload.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { type ResultsService, startResultsService } from './results-service.ts';

async function service(t: TestContext, options: Parameters<typeof startResultsService>[0] = {}): Promise<ResultsService> {
  const results = await startResultsService(options);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const environment: Record<string, string> = {
    ACTIONS_RUNTIME_TOKEN: `${part({ alg: 'none' })}.${part({ scp: 'Actions.Results:run-1:job-1' })}.x`,
    ACTIONS_RESULTS_URL: results.url,
    GITHUB_SERVER_URL: 'https://github.localhost',
    GITHUB_WORKSPACE: '/',
  };
  const before = { ...process.env };
  Object.assign(process.env, environment);
  // The client tells what it does.
  t.mock.method(process.stdout, 'write', () => true);
  t.after(async () => {
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    await results.stop();
  });
  return results;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('uploadFiles() stores the files as one archive, with the digest it answers', async (t) => {
  const results = await service(t);
  const root = temporaryFolder(t);
  mkdirSync(join(root, 'recordings/1'), { recursive: true });
  writeFileSync(join(root, 'audit.jsonl'), '{}\n');
  writeFileSync(join(root, 'recordings/1/terminal.rec'), Buffer.alloc(100_000, 7));
  const files = ['audit.jsonl', 'recordings/1/terminal.rec'].map((name) => join(root, name));
  const stored = await uploadFiles({ name: 'duty-gate-7', files, root, retentionDays: null });
  const [artifact] = results.stored;
  assert.ok(artifact !== undefined);
  assert.deepEqual([stored.name, stored.id, stored.digest], ['duty-gate-7', 1001, sha256(artifact.content)]);
  assert.deepEqual([artifact.mimeType, artifact.expires], ['application/zip', null]);
  const out = temporaryFolder(t);
  writeFileSync(join(out, 'a.zip'), artifact.content);
  execFileSync('python3', ['-m', 'zipfile', '-e', join(out, 'a.zip'), join(out, 'unpacked')]);
  for (const file of files) assert.deepEqual(readFileSync(join(out, 'unpacked', file.slice(root.length))), readFileSync(file));
});

test('uploadFile() stores a page as it is, under its own name', async (t) => {
  const results = await service(t);
  const path = join(temporaryFolder(t), 'duty-gate-7.html');
  writeFileSync(path, '<p>page</p>');
  const stored = await uploadFile(path, 3);
  const [artifact] = results.stored;
  assert.deepEqual([stored.name, artifact?.name, artifact?.mimeType], ['duty-gate-7.html', 'duty-gate-7.html', 'text/html']);
  assert.deepEqual([artifact?.content.toString(), stored.digest], ['<p>page</p>', sha256(Buffer.from('<p>page</p>'))]);
  const days = (Date.parse(artifact?.expires ?? '') - Date.now()) / 86_400_000;
  assert.ok(days > 2.9 && days < 3.1, String(days));
});

test("uploadFiles() rejects in the service's words", async (t) => {
  await service(t, { refuse: 403 });
  const root = temporaryFolder(t);
  writeFileSync(join(root, 'audit.jsonl'), '');
  const uploading = uploadFiles({ name: 'x', files: [join(root, 'audit.jsonl')], root, retentionDays: null });
  await assert.rejects(uploading, /quota/i);
});

test('uploadFiles() takes nothing from outside its root', async (t) => {
  const results = await service(t);
  const root = temporaryFolder(t);
  const other = join(temporaryFolder(t), 'other');
  writeFileSync(other, 'x');
  symlinkSync(other, join(root, 'link'));
  await assert.rejects(uploadFiles({ name: 'x', files: [other], root, retentionDays: null }), /not a parent directory/);
  assert.deepEqual(results.stored, []);
});
