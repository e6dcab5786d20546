import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { layBaits, surveyForRun, tryEscapes } from '#wrapper/escape-check.ts';
import { ESCAPES } from '#wrapper/escape-list.ts';
import type { EscapeVerdict } from '#wrapper/escape-report.ts';

test('layBaits() lays out what surveyForRun() finds, in little time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-check-'));
  const baits = await layBaits(folder, process.getuid?.() ?? 0);
  const survey = await surveyForRun(baits);
  for (const name of ['tcp-loopback', 'udp-loopback', 'abstract-socket', 'path-socket-tmp', 'path-socket-session']) {
    assert.deepEqual(
      survey.find((each) => each.name === name),
      { name, verdict: 'open', detail: 'the cookie was read' },
    );
  }
  baits.close();
  assert.deepEqual(readdirSync(folder), []);
  rmSync(folder, { recursive: true });
});

function probed(verdict: EscapeVerdict) {
  let asked = 0;
  const results = ESCAPES.map(({ name }) => ({ name, verdict, detail: '' }));
  return { cage: { probed: Promise.resolve(results), probe: () => void asked++ }, asked: () => asked };
}

test('tryEscapes() has the cage asked once, and reports', async () => {
  const { cage, asked } = probed('held');
  const report = await tryEscapes(cage, Promise.resolve([]));
  assert.deepEqual([asked(), report.summary], [1, `confinement: ${ESCAPES.length} escapes tried, ${ESCAPES.length} held, 0 absent`]);
});

test('P8 tryEscapes() tells the fault when one succeeds', async () => {
  assert.equal((await tryEscapes(probed('open').cage, Promise.resolve([]))).faults.length, ESCAPES.length);
});
