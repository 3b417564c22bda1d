import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccount, lockAccount } from '../../src/accounts/accounts.ts';
import { audit } from '../../src/credits/audit.ts';
import { readBalance } from '../../src/credits/balances.ts';
import { type Booking, book } from '../../src/credits/ledger.ts';
import { type Connection, connect } from '../../src/database/connect.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../embedded/test-database.ts';

let database: TestDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await createTestDatabase('service', migrate);
  connection = connect({ connectionString: database.connectionString, poolSize: 10, applicationName: 'test', onError: () => {} });
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

const inTransaction = (booking: Booking): Promise<boolean> =>
  connection.db.transaction().execute(async (trx) => {
    await lockAccount(trx, booking.accountId);
    return book(trx, booking);
  });

describe('ledger', () => {
  it('whatever is booked, no balance goes below zero and the books stay clean', async () => {
    const kind = fc.constantFrom('grant', 'reserve', 'settle', 'release', 'refund', 'adjust', 'expire') as fc.Arbitrary<Booking['kind']>;
    const step = fc.record({ kind, pool: fc.constantFrom('api' as const, 'web' as const), amount: fc.integer({ min: 1, max: 20 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const accountId = await createAccount(connection.db, 'Property', 'free');
        for (const one of steps) {
          await inTransaction({ accountId, ...one }).catch((error: { code?: string }) => expect(error.code).toBe('23514'));
        }
        for (const pool of ['api', 'web'] as const) {
          const { available, reserved, spent } = await readBalance(connection.db, accountId, pool);
          expect(Math.min(available, reserved, spent)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 25, seed: 7 },
    );
    expect(await audit(connection.db)).toMatchObject({ clean: true, faults: [] });
  });

  it('books the same step of an attempt once, however many ask at once', async () => {
    const accountId = await createAccount(connection.db, 'Once', 'free');
    await inTransaction({ accountId, pool: 'api', kind: 'grant', amount: 10 });
    const reserve: Booking = { accountId, pool: 'api', kind: 'reserve', amount: 4, job: { id: 'job-1', attempt: 1 } };
    const booked = await Promise.all(Array.from({ length: 10 }, () => inTransaction(reserve)));
    expect(booked.filter(Boolean)).toHaveLength(1);
    expect(await readBalance(connection.db, accountId, 'api')).toEqual({ available: 6, reserved: 4, spent: 0 });
  });

  it('is append-only, and the audit finds what somebody changed by hand', async () => {
    const accountId = await createAccount(connection.db, 'Forger', 'free');
    await inTransaction({ accountId, pool: 'web', kind: 'grant', amount: 5 });
    await expect(connection.db.updateTable('ledger_entries').set({ amount: 50 }).execute()).rejects.toThrow('append-only');
    await expect(connection.db.deleteFrom('ledger_entries').execute()).rejects.toThrow('append-only');
    const forge = (available: number) =>
      connection.db.updateTable('balances').set({ available, issued: available }).where('account_id', '=', accountId).execute();
    await forge(50);
    const report = await audit(connection.db);
    expect(report.clean).toBe(false);
    expect(report.faults[0]).toContain(accountId);
    await forge(5);
    expect((await audit(connection.db)).clean).toBe(true);
  });
});
