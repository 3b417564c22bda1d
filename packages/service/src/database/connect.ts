import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Db, Tables } from './schema.ts';

const INT8_OID = 20;

/** Byte counts and ids fit a double (< 2^53), so int8 comes back as a number. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') => (oid === INT8_OID ? Number : pg.types.getTypeParser(oid, format))) as never,
};

export interface Connection {
  readonly db: Db;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly connectionString: string;
  readonly poolSize: number;
  readonly applicationName: string;
  /** Told of connections that broke while idle; the pool replaces them. */
  readonly onError: (error: Error) => void;
}

export function connect(options: ConnectOptions): Connection {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.poolSize,
    application_name: options.applicationName,
    // A burst waits for its turn in the pool: that is no outage.
    connectionTimeoutMillis: 30_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    types,
  });
  pool.on('error', options.onError);
  // The pool listens only while a client is idle: one that breaks between two statements of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', options.onError));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, close: () => db.destroy() };
}
