import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ownAddresses, REGISTRY, runWithEgress, servers } from './egress.ts';
import { gitServer } from './git-server.ts';

/** What people run, unchanged, against stand-ins for what they reach. */

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'dg-packages-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function run(cwd: string, file: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(file, args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${file} ${args.join(' ')}: ${stderr}`);
}

/** Files by path; what is asked for goes into `asked`. */
function files(content: Readonly<Record<string, string | Buffer>>, asked: string[]): RequestListener {
  return (request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    const found = content[path];
    if (found === undefined) return void response.writeHead(404).end();
    response.setHeader('content-type', typeof found === 'string' && found.startsWith('<') ? 'text/html' : 'application/octet-stream');
    response.end(found);
  };
}

const allowed = (port: number) => ({ allow: [`${REGISTRY}:${port}`, ...ownAddresses(port)] });
const opened = (entries: readonly Readonly<Record<string, unknown>>[]) =>
  new Set(entries.filter(({ event }) => event === 'opened').map(({ host, protocol }) => `${host} ${protocol}`));

test('npm ci installs from a registry that the policy names, and fails at one that it does not', async (t) => {
  const folder = makeFolder(t);
  mkdirSync(join(folder, 'package'));
  const manifest = JSON.stringify({ name: 'dg-tiny', version: '1.0.0', main: 'index.js' });
  writeFileSync(join(folder, 'package/package.json'), manifest);
  writeFileSync(join(folder, 'package/index.js'), 'module.exports = "installed";\n');
  run(folder, 'tar', 'czf', 'tiny.tgz', 'package');
  const tarball = readFileSync(join(folder, 'tiny.tgz'));
  const asked: string[] = [];
  const port = await servers.https(t, files({ '/dg-tiny/-/dg-tiny-1.0.0.tgz': tarball }, asked));
  const lock = (host: string): string =>
    JSON.stringify({
      ...{ name: 'x', version: '1.0.0', lockfileVersion: 3 },
      packages: {
        '': { name: 'x', version: '1.0.0', dependencies: { 'dg-tiny': '1.0.0' } },
        'node_modules/dg-tiny': {
          version: '1.0.0',
          resolved: `https://${host}:${port}/dg-tiny/-/dg-tiny-1.0.0.tgz`,
          integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
        },
      },
    });
  const project = JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { 'dg-tiny': '1.0.0' } });
  const npm =
    'npm_config_cache=$PWD/.npm npm_config_cafile=$PWD/ca.pem npm_config_fetch_retries=0 npm ci --no-audit --no-fund --loglevel=error';
  const good = await runWithEgress(t, allowed(port), `${npm} >/dev/null && node -p 'require("dg-tiny")'`, {
    named: true,
    files: { 'package.json': project, 'package-lock.json': lock(REGISTRY) },
  });
  assert.deepEqual([good.status, good.stdout.trim()], [0, 'installed'], good.stdout + good.stderr);
  assert.deepEqual([...opened(good.entries)], [`${REGISTRY} tls`]);
  const bad = await runWithEgress(t, allowed(port), npm, {
    named: true,
    files: { 'package.json': project, 'package-lock.json': lock('other.example') },
  });
  assert.notEqual(bad.status, 0);
  assert.match(bad.stdout + bad.stderr, /ENOTFOUND.*other\.example/s);
  assert.deepEqual(asked, ['/dg-tiny/-/dg-tiny-1.0.0.tgz']);
});

/** By hand: a wheel is a zip file with four names in it. */
const WHEEL = `
import sys, zipfile
info = "dg_tiny-1.0.0.dist-info"
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("dg_tiny.py", "what = 'installed'\\n")
    wheel.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: dg-tiny\\nVersion: 1.0.0\\n")
    wheel.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "/RECORD", "dg_tiny.py,,\\n" + info + "/METADATA,,\\n" + info + "/WHEEL,,\\n" + info + "/RECORD,,\\n")
`;

test('pip installs from an index that the policy names, and fails at one that it does not', async (t) => {
  const folder = makeFolder(t);
  const name = 'dg_tiny-1.0.0-py3-none-any.whl';
  run(folder, 'python3', '-c', WHEEL, name);
  const asked: string[] = [];
  const page = `<!DOCTYPE html><html><body><a href="/files/${name}">${name}</a></body></html>`;
  const port = await servers.https(t, files({ '/simple/dg-tiny/': page, [`/files/${name}`]: readFileSync(join(folder, name)) }, asked));
  const pip = (host: string): string =>
    `env -u REQUESTS_CA_BUNDLE -u CURL_CA_BUNDLE python3 -m pip install -q --isolated --disable-pip-version-check --no-cache-dir --root-user-action=ignore --retries 0 --cert ca.pem --index-url https://${host}:${port}/simple/ --target here dg-tiny`;
  const check = `PYTHONPATH=here python3 -c 'import dg_tiny; print(dg_tiny.what)'`;
  const good = await runWithEgress(t, allowed(port), `${pip(REGISTRY)} && ${check}`, { named: true });
  assert.deepEqual([good.status, good.stdout.trim()], [0, 'installed'], good.stdout + good.stderr);
  assert.deepEqual([...opened(good.entries)], [`${REGISTRY} tls`]);
  assert.deepEqual(asked, ['/simple/dg-tiny/', `/files/${name}`]);
  const bad = await runWithEgress(t, allowed(port), pip('other.example'), { named: true });
  assert.notEqual(bad.status, 0);
  assert.equal(asked.length, 2);
});

for (const scheme of ['https', 'http'] as const) {
  test(`git clones, fetches and pushes by its smart protocol over ${scheme}`, async (t) => {
    const root = makeFolder(t);
    run(root, 'git', 'init', '-q', '--bare', '-b', 'main', 'shop.git');
    run(root, 'git', '-C', 'shop.git', 'config', 'http.receivepack', 'true');
    run(root, 'git', 'clone', '-q', 'shop.git', 'first');
    writeFileSync(join(root, 'first/README'), 'cloned\n');
    run(join(root, 'first'), 'git', 'add', '.');
    run(join(root, 'first'), 'git', '-c', 'user.name=a', '-c', 'user.email=a@a.example', 'commit', '-q', '-m', 'one');
    run(join(root, 'first'), 'git', 'push', '-q', 'origin', 'HEAD:main');
    const port = await servers[scheme](t, gitServer(root));
    // More than git sends in one piece: the rest goes in chunks, after it has asked whether it may.
    const script = `set -e; export GIT_SSL_CAINFO=$PWD/ca.pem HOME=$PWD
      git clone -q ${scheme}://${REGISTRY}:${port}/shop.git here; cat here/README
      head -c 3000000 /dev/urandom >here/big; cd here; git add .
      git -c user.name=b -c user.email=b@b.example commit -q -m two; git push -q origin HEAD:main; git fetch -q origin; git rev-parse HEAD`;
    const { status, stdout, stderr, entries } = await runWithEgress(t, allowed(port), script, { named: true });
    assert.equal(status, 0, stdout + stderr);
    const [readme, head] = stdout.trim().split(/\r?\n/);
    const pushed = spawnSync('git', ['-C', join(root, 'shop.git'), 'rev-parse', 'main'], { encoding: 'utf8' }).stdout.trim();
    assert.deepEqual([readme, head], ['cloned', pushed], stderr);
    assert.deepEqual([...opened(entries)], [`${REGISTRY} ${scheme === 'https' ? 'tls' : 'http'}`]);
  });
}
