import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { z } from 'zod';
import { CageRequest, EndRequest, Hello, LinkAnswer, LinkRequest, OpenRequest } from '#control/messages.ts';

const HELLO = { version: 1, gateway: 'gateway', nonce: 'n'.repeat(16), evidenceKey: 'A'.repeat(43) };
const OPEN = { token: 'token', duty: null };
const LINK = { argv: ['true'] };
const CAGE = { pid: 1, init: 1, entrance: 'sudo', network: '1', workspace: null, launchers: [] };
const END = { exitCode: 0, signal: null };

const GOOD: readonly { name: string; schema: z.ZodType; value: unknown }[] = [
  { name: 'Hello', schema: Hello, value: HELLO },
  { name: 'OpenRequest', schema: OpenRequest, value: OPEN },
  { name: 'CageRequest', schema: CageRequest, value: CAGE },
  { name: 'LinkRequest', schema: LinkRequest, value: LINK },
  { name: 'LinkAnswer', schema: LinkAnswer, value: { link: '1' } },
  { name: 'EndRequest', schema: EndRequest, value: END },
];

for (const { name, schema, value } of GOOD) {
  test(`${name} takes its own shape and nothing more`, () => {
    assert.ok(schema.safeParse(value).success);
    assert.ok(!schema.safeParse({ ...Object(value), more: 1 }).success);
  });
}

const WRONG: readonly { name: string; schema: z.ZodType; value: unknown }[] = [
  { name: 'a Hello of another version', schema: Hello, value: { ...HELLO, version: 2 } },
  { name: 'a gateway whose name has a colon', schema: Hello, value: { ...HELLO, gateway: 'a:b' } },
  { name: 'a gateway with no name', schema: Hello, value: { ...HELLO, gateway: '' } },
  { name: 'a short nonce', schema: Hello, value: { ...HELLO, nonce: 'n' } },
  { name: 'no command', schema: LinkRequest, value: { argv: [] } },
  { name: 'too many arguments', schema: LinkRequest, value: { argv: Array(4097).fill('x') } },
  { name: 'a token past its maximum', schema: OpenRequest, value: { ...OPEN, token: 'x'.repeat(65_537) } },
  { name: 'a link that is a path', schema: LinkAnswer, value: { link: '../1' } },
  { name: 'process 0', schema: CageRequest, value: { ...CAGE, pid: 0 } },
  { name: 'another entrance', schema: CageRequest, value: { ...CAGE, entrance: 'docker' } },
  { name: 'an exit code past 255', schema: EndRequest, value: { ...END, exitCode: 256 } },
];

for (const { name, schema, value } of WRONG) {
  test(`the control protocol refuses ${name}`, () => {
    assert.ok(!schema.safeParse(value).success);
  });
}
