import { after, before, describe } from 'node:test';
import { type FakeGithub, startGithub } from '#test/fakes/github/github.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { Shop, type ShopJob, type StartedJob } from './job.ts';

const SQL = [
  'CREATE TABLE customers (id integer PRIMARY KEY, name text, email text)',
  "INSERT INTO customers VALUES (1, 'First', 'first@example.com')",
];
export const PSQL = '"$PSQL" -X -h orders-db.internal -d orders';
export const REPORT = `- name: report
  run: |
    ${PSQL} -A -t -c 'SELECT name, email FROM customers'
    echo "told=$(${PSQL} -A -t -c 'SELECT count(*) FROM customers')" >> "$GITHUB_OUTPUT"
- name: tidy
  continue-on-error: true
  run: |
    ${PSQL} -c 'DROP TABLE customers'
`;

export type JobSuite = {
  readonly server: () => PostgresServer;
  readonly github: () => FakeGithub;
  readonly shop: () => Shop;
  /** A test on one job, which is over and cleared away afterwards, whatever came of it. */
  withJob(setup: () => ShopJob, test: (job: StartedJob) => Promise<void>): () => Promise<void>;
};

/** Tests of jobs that use the built action, against one PostgreSQL and one simulated GitHub. */
export function describeJobs(name: string, tests: (suite: JobSuite) => void): void {
  describe(name, () => {
    let server: PostgresServer | undefined;
    let github: FakeGithub | undefined;
    let shop: Shop | undefined;
    before(async () => {
      server = await startPostgres({ major: 18, database: 'orders', sql: SQL });
      github = await startGithub();
      shop = new Shop(github, server);
    });
    after(async () => {
      await github?.stop();
      await server?.stop();
    });
    tests({
      server: () => started(server),
      github: () => started(github),
      shop: () => started(shop),
      withJob: (setup, test) => async () => {
        const job = started(shop).start(setup());
        try {
          await test(job);
        } finally {
          job.cancel();
          await job.result;
          job.remove();
        }
      },
    });
  });
}

function started<T>(what: T | undefined): T {
  if (what === undefined) throw new Error('Cannot use it: it has not started yet');
  return what;
}
