/** What the demo is made of: a shop, a policy, and an agent that goes one step too far. */
export const SHOP_SQL: readonly string[] = [
  `CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL, card text NOT NULL)`,
  `INSERT INTO customers VALUES
    (1, 'First Customer', 'first@example.com', '4111111111111111'),
    (2, 'Second Customer', 'second@example.com', '5500005555555559'),
    (3, 'Third Customer', 'third@example.com', '340000000000009')`,
  `CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers, total numeric(10,2) NOT NULL, placed date NOT NULL)`,
  `INSERT INTO orders SELECT n, 1 + n % 3, n * 9.5, date '2026-01-01' + n FROM generate_series(1, 40) AS n`,
];

export const POLICY = (port: number, when: string) => `# The demo's policy: docs/policy.md explains each key.
version: 1

targets:
  orders-db:
    protocol: postgres
    address: "127.0.0.1:${port}"
    names: [orders-db.internal]
    database: shop
    user: shop_app
    password: { secret: ORDERS_DB }
    tls: disable # the demo's server listens on loopback only

duties:
  log-reader:
    allow:
      - { on: orders-db, effects: [read, session], relations: ["public.*"] }
    deny:
      - { on: orders-db, effects: [drop, truncate, alter], reason: "a log reader destroys nothing" }
    mask:
      - { on: orders-db, columns: ["public.customers.{email,card}"], with: partial }

bindings:
  - { duties: [log-reader], when: ${when} }
`;

export const WORKFLOW = `name: Ask the agent
on: push
permissions:
  id-token: write # the job proves who it is
  contents: read # the policy is read from the default branch
jobs:
  ask-the-agent:
    runs-on: ubuntu-latest
    steps:
      - uses: acme/duty-gate@v1
        with:
          secrets: |
            ORDERS_DB: \${{ secrets.ORDERS_DB_PASSWORD }}
      - name: The agent at work
        shell: duty-gate shell {0}
        run: bash agent.sh
`;

export const AGENT_SCRIPT = `#!/usr/bin/env bash
# A scripted agent. It uses psql as anybody would: no proxy settings, no password.
set -u
cat <<'SQL' | "\${PSQL:-psql}" "host=orders-db.internal dbname=shop sslmode=verify-full" --no-psqlrc
\\echo 'agent> How are our customers and their orders doing?'
SELECT id, name, email, card FROM customers ORDER BY id;
SELECT c.name, count(*) AS orders, sum(o.total) AS spent FROM customers AS c JOIN orders AS o ON o.customer_id = c.id GROUP BY c.name ORDER BY c.name;
\\echo 'agent> I will tidy up a little.'
DROP TABLE customers;
\\echo 'agent> That was refused. The session lives on:'
SELECT count(*) AS customers_still_there FROM customers;
SQL
`;
