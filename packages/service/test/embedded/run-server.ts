/** A process that runs a database until it is killed: `run-server.ts DATA_DIR`; prints the connection string. */
import { startDatabase } from '../../src/embedded-postgres/start-database.ts';

const database = await startDatabase({ dataDir: process.argv[2] });
process.stdout.write(`${database.connectionString}\n`);
