import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAssets } from '#report/assets.ts';

test('readAssets() finds the page and its player', () => {
  const { styles, playerScript, scripts } = readAssets();
  assert.equal(styles.length, 2);
  assert.match(playerScript, /^var AsciinemaPlayer|AsciinemaPlayer/);
  assert.equal(scripts.length, 3);
});

test('our scripts make nothing of text but text', () => {
  for (const script of readAssets().scripts)
    assert.doesNotMatch(
      script,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setAttribute\('(?:on|style|src|href)|srcdoc/,
    );
});

test('our page brings nothing along by address', () => {
  const { styles, scripts } = readAssets();
  for (const text of [...styles, ...scripts])
    assert.doesNotMatch(text, /url\(|@import|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(/);
});
