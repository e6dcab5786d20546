import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DemoDone, type DemoPlace, run } from './run-program.ts';
import { AGENT_SCRIPT, POLICY } from './shop.ts';

/** The short form: `duty-gate run` on this machine, issuer local. */
export async function runLocally({ dutyGate, out, scratch, port, password, psql, say }: DemoPlace): Promise<DemoDone> {
  const policy = join(out, 'policy.yml');
  const agent = join(out, 'agent.sh');
  const secrets = join(scratch, 'secrets.yml');
  const evidence = join(out, 'evidence');
  writeFileSync(policy, POLICY(port, '{ issuer: local }'));
  writeFileSync(agent, AGENT_SCRIPT);
  writeFileSync(secrets, `ORDERS_DB: ${password}\n`, { mode: 0o600 });
  say('The agent\'s duty is "log-reader" (demo-out/policy.yml). It starts now, under duty-gate run:\n');
  const files = ['--policy', policy, '--secrets', secrets, '--evidence', evidence];
  const agentCode = await run([dutyGate, 'run', ...files, '--', 'bash', agent], { ...process.env, PSQL: psql });
  const bundle = onlyBundle(evidence);
  const report = join(out, 'report.html');
  const reportCode = await run([dutyGate, 'report', bundle, '--out', report, '--allow-local'], process.env);
  return { ok: agentCode === 0 && reportCode === 0, bundle, report, trust: ['--allow-local'] };
}

function onlyBundle(evidence: string): string {
  const [session] = readdirSync(evidence);
  if (session === undefined) throw new Error('Cannot find the evidence: its folder is empty, expected one bundle');
  return join(evidence, session);
}
