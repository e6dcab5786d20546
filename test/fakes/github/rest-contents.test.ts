import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AT, startBench } from './bench.ts';

const raw = { mediaType: { format: 'raw' } } as const;

test('GET contents answers a file in base64, and by itself', async (t) => {
  const { octokit, repository } = await startBench(t);
  const long = `${'é'.repeat(100)}\n`;
  repository.commit('main', { 'a b/#c.yml': long });
  const { data } = await octokit.rest.repos.getContent({ ...AT, path: 'a b/#c.yml' });
  assert.ok(!Array.isArray(data) && data.type === 'file');
  assert.deepEqual([data.name, data.path, data.size, data.encoding], ['#c.yml', 'a b/#c.yml', Buffer.byteLength(long), 'base64']);
  assert.equal(Buffer.from(data.content, 'base64').toString(), long);
  assert.match(data.content, /^.{60}\n/);
  const itself = await octokit.rest.repos.getContent({ ...AT, path: 'a b/#c.yml', ...raw });
  assert.deepEqual([itself.data, itself.headers['content-type']], [long, 'application/vnd.github.raw+json; charset=utf-8']);
});

test('GET contents answers a file as it was at a branch, tag or commit', async (t) => {
  const { octokit, repository } = await startBench(t);
  const before = repository.commit('main', { a: 'before' });
  repository.tag('v1', before);
  repository.commit('main', { a: 'after' });
  for (const [ref, expected] of [
    [before, 'before'],
    ['v1', 'before'],
    ['main', 'after'],
  ] as const) {
    assert.equal((await octokit.rest.repos.getContent({ ...AT, path: 'a', ref, ...raw })).data, expected);
  }
});

test('GET contents answers a folder as a list, whatever is asked for, or as an object', async (t) => {
  const { octokit, ask } = await startBench(t);
  const { data } = await octokit.rest.repos.getContent({ ...AT, path: 'docs' });
  const list = [
    ['file', 'docs/a.md'],
    ['dir', 'docs/deep'],
  ];
  assert.deepEqual(Array.isArray(data) && data.map(({ type, path }) => [type, path]), list);
  const folder = await ask('/repos/acme/shop/contents/docs/', { accept: 'application/vnd.github.raw+json' });
  assert.equal(folder.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.deepEqual(await folder.json(), data);
  for (const path of ['/contents', '/contents/']) {
    const root = (await (await ask(`/repos/acme/shop${path}`)).json()) as { readonly name: string }[];
    assert.deepEqual(
      root.map(({ name }) => name),
      ['README.md', 'docs'],
    );
  }
  const object = (await (await ask('/repos/acme/shop/contents/docs', { accept: 'application/vnd.github.object+json' })).json()) as {
    readonly type: string;
    readonly entries: readonly object[];
  };
  assert.deepEqual([object.type, object.entries.length], ['dir', 2]);
});

test('GET contents gives a large file by itself only', async (t) => {
  const { octokit, repository } = await startBench(t);
  const large = 'x'.repeat(1024 * 1024 + 1);
  repository.commit('main', { large });
  const { data } = await octokit.rest.repos.getContent({ ...AT, path: 'large' });
  assert.ok(!Array.isArray(data) && data.type === 'file');
  assert.deepEqual([data.encoding, data.content, data.size], ['none', '', large.length]);
  assert.equal((await octokit.rest.repos.getContent({ ...AT, path: 'large', ...raw })).data, large);
});

for (const [name, question, message] of [
  ['a file that is not there', { path: 'none' }, /Not Found/],
  ['a file as a folder', { path: 'README.md/x' }, /Not Found/],
  ['a commit that is not there', { path: 'README.md', ref: 'none' }, /No commit found for the ref none/],
] as const) {
  test(`GET contents answers 404 to ${name}`, async (t) => {
    const { octokit } = await startBench(t);
    await assert.rejects(octokit.rest.repos.getContent({ ...AT, ...question }), { status: 404, message });
  });
}
