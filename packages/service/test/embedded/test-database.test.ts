import pg from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from './test-database.ts';

const run = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

test('each database starts as the template and is alone with its changes; the template is made once', async () => {
  let migrations = 0;
  const migrate = async (url: string): Promise<void> => {
    migrations++;
    await run(url, 'create table thing (id int primary key)');
  };
  const [first, second] = await Promise.all([createTestDatabase('helper', migrate), createTestDatabase('helper', migrate)]);
  await run(first.connectionString, 'insert into thing values (1)');
  expect(await run(first.connectionString, 'select id from thing')).toEqual([{ id: 1 }]);
  expect(await run(second.connectionString, 'select id from thing')).toEqual([]);
  expect(migrations).toBe(1);
  await first.drop();
  await second.drop();
  await expect(run(first.connectionString, 'select 1')).rejects.toThrow(/does not exist/);
});
