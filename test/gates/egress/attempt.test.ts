import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EgressEntry } from '#core/audit/entry.ts';
import { Attempt } from '#gates/egress/attempt.ts';

const TO = { kind: 'name', host: 'a.example', port: 443, rule: 'egress.allow[0]' } as const;

test('Attempt writes what it knows of an attempt, in entries of one id', async () => {
  const entries: EgressEntry[] = [];
  let micros = 1000;
  const clock = { nowMs: () => 0, monotonicMicros: () => micros };
  const attempt = new Attempt({ id: 'x', link: '1', to: TO, record: async (entry) => void entries.push(entry), clock });
  await attempt.opened('1.1.1.1', { protocol: 'tls', seen: `${'s'.repeat(400)}\ud800` });
  micros = 5000;
  await attempt.closed({ bytesWritten: 3, bytesRead: 4 });
  const common = {
    kind: 'egress',
    link: '1',
    attempt: 'x',
    host: 'a.example',
    port: 443,
    rule: 'egress.allow[0]',
    address: '1.1.1.1',
    times: 1,
  };
  assert.deepEqual(entries, [
    { ...common, event: 'opened', protocol: 'tls', seen: 's'.repeat(300), why: null, sent: 0, received: 0, durationMicros: 0 },
    { ...common, event: 'closed', protocol: null, seen: null, why: null, sent: 3, received: 4, durationMicros: 4000 },
  ]);
});
