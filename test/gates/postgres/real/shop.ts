/** The database that these tests work on, and the duties that they work under. */
export const SHOP: readonly string[] = [
  `CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, card varchar(20) NOT NULL, born date)`,
  `INSERT INTO customers VALUES (1, 'First', 'first@example.com', '4111111111111111', '1970-01-01'), (2, 'Second', 'second@example.com', '5500005555555559', NULL)`,
  `CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer REFERENCES customers, note text)`,
  `INSERT INTO orders SELECT n, 1 + n % 2, 'note ' || n FROM generate_series(1, 100) AS n`,
  `CREATE VIEW customer_cards AS SELECT card FROM customers`,
  `CREATE FUNCTION purge() RETURNS integer LANGUAGE sql AS 'DELETE FROM orders; SELECT 1'`,
];

export const READER = `{ allow: [ { on: orders-db, effects: [read, session, lock], relations: ["public.*"] } ] }`;

export const MASKED_READER = `{
    allow: [ { on: orders-db, effects: [read, session, copy-out], relations: ["public.*"] } ],
    mask: [ { on: orders-db, columns: ["public.customers.{email,card,born}"], with: partial } ] }`;

export const WRITER = `{
    allow: [ { on: orders-db, effects: [read, session, insert, update, delete, copy-in, copy-out, create, lock] } ],
    deny: [ { on: orders-db, effects: [drop], reason: "nothing is dropped here" } ] }`;
