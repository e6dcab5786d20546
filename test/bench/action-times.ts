import { actionStep, Shop, step } from '#test/e2e/job.ts';
import { startGithub } from '#test/fakes/github/github.ts';
import type { PostgresServer } from '#test/servers/postgres.ts';
import { quantile } from './rounds.ts';

/** Medians, in milliseconds, over whole jobs under the simulated runner: the action's two steps, and wrapped steps that do nothing, the first of a job and a later one. */
export type ActionTimes = {
  readonly main: number;
  readonly wrappedTrue: number;
  readonly laterTrue: number;
  readonly plainTrue: number;
  readonly post: number;
};

export async function actionTimes(server: PostgresServer, jobs: number): Promise<ActionTimes> {
  const github = await startGithub();
  const shop = new Shop(github, server);
  const times = {
    main: [] as number[],
    wrappedTrue: [] as number[],
    laterTrue: [] as number[],
    plainTrue: [] as number[],
    post: [] as number[],
  };
  try {
    for (let n = 0; n < jobs; n++) {
      const job = shop.start({
        steps: '- name: wrapped\n  run: "true"\n- name: later\n  run: "true"\n- name: plain\n  shell: bash {0}\n  run: "true"\n',
      });
      const result = await job.result;
      job.remove();
      if (result.conclusion !== 'success') throw new Error(`Cannot measure the action: its job failed\n${result.log}`);
      times.main.push(actionStep(result, 'main').ms);
      times.wrappedTrue.push(step(result, 'wrapped').ms);
      times.laterTrue.push(step(result, 'later').ms);
      times.plainTrue.push(step(result, 'plain').ms);
      times.post.push(actionStep(result, 'post').ms);
    }
  } finally {
    await github.stop();
  }
  const median = (values: readonly number[]): number => Math.round(quantile(values, 0.5));
  const { main, wrappedTrue, laterTrue, plainTrue, post } = times;
  const medians = { main: median(main), wrappedTrue: median(wrappedTrue), laterTrue: median(laterTrue) };
  return { ...medians, plainTrue: median(plainTrue), post: median(post) };
}
