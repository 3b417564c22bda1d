/** A database that is away when the service starts, seen through a door that at first answers as PostgreSQL does while it recovers. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { isDatabaseAway, patiently } from '../../src/database/patience.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('service', migrate);
});
afterAll(() => database.drop());

const field = (type: string, text: string): string => `${type}${text}\0`;

/** `FATAL: the database system is starting up`, on the wire. */
function startingUp(): Buffer {
  const fields = Buffer.from(`${field('S', 'FATAL')}${field('C', '57P03')}${field('M', 'the database system is starting up')}\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** Refuses the first connections, then leads to the real database. */
async function recovering(refusals: number) {
  let refused = 0;
  const real = new URL(database.connectionString);
  const pass = (socket: Socket): void => {
    const onward = connect(Number(real.port), real.hostname);
    for (const end of [socket, onward]) end.on('error', () => {});
    socket.pipe(onward).pipe(socket);
  };
  const server = createServer((socket) => {
    if (refused === refusals) return pass(socket);
    refused++;
    socket.on('error', () => {}).once('data', () => socket.end(startingUp()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(database.connectionString);
  url.port = String((server.address() as AddressInfo).port);
  return { url: url.href, refused: () => refused, close: () => server.close() };
}

test('a start while PostgreSQL recovers waits for it, and says so once', async () => {
  const door = await recovering(3);
  const reasons: unknown[] = [];
  await migrate(door.url, (reason) => reasons.push(reason));
  expect(door.refused()).toBe(3);
  expect(reasons).toEqual([expect.objectContaining({ code: '57P03' })]);
  door.close();
});

test('a wrong password is no absence: it ends the start at once', async () => {
  const wrong = new URL(database.connectionString);
  wrong.password = 'guess';
  await expect(
    migrate(wrong.href, () => {
      throw new Error('it waited');
    }),
  ).rejects.toThrow(/password authentication failed/);
});

test('nobody listening is an absence, and waiting ends', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  await expect(patiently(() => Promise.reject(refused), { waitMs: 0 })).rejects.toBe(refused);
  expect(isDatabaseAway(new AggregateError([refused]))).toBe(true);
  expect([isDatabaseAway(new Error('no')), isDatabaseAway(null), isDatabaseAway({ code: 'ECONNREFUSED' })]).toEqual([false, false, false]);
});
