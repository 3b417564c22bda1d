import type { Config } from '@gaitway/service/config/config';
import { ConfigError, loadConfig } from '@gaitway/service/config/load-config';
import { choosePort } from '@gaitway/service/embedded-postgres/postmaster';
import { type RunningDatabase, startDatabase } from '@gaitway/service/embedded-postgres/start-database';
import { UsageError } from '../command.ts';

/** What options of the command line change in the environment. */
export interface ConfigOverrides {
  readonly port?: number;
  readonly dataDir?: string;
}

async function variablesOf({ port, dataDir }: ConfigOverrides): Promise<Record<string, string>> {
  return {
    // Port 0 is any free one; links need to know which.
    ...(port !== undefined && { PORT: String(port === 0 ? await choosePort(0) : port) }),
    ...(dataDir !== undefined && { GAITWAY_DATA_DIR: dataDir }),
  };
}

/** The config of the server's commands; a wrong variable ends in a sentence. */
export async function readServiceConfig(overrides: ConfigOverrides): Promise<Config> {
  try {
    return await loadConfig({ ...process.env, ...(await variablesOf(overrides)) });
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(error.message) : error;
  }
}

export interface DatabaseListeners {
  readonly log?: (message: string) => void;
  readonly onLost?: (error: Error) => void;
  /** Join the server that a running `gaitway serve` owns. */
  readonly share?: boolean;
}

export const openDatabase = ({ database }: Config, listeners: DatabaseListeners): Promise<RunningDatabase> =>
  startDatabase(database.kind === 'url' ? { url: database.url } : { dataDir: database.dataDir, ...listeners });

/** Resolves when the signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
