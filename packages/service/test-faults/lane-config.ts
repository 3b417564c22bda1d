/** The config of the lane's server: what an operator would set, but for limits that would slow the stream down. */
import type { Config } from '../src/config/config.ts';
import { loadConfig } from '../src/config/load-config.ts';

export const laneConfig = (dataDir: string, port: number): Promise<Config> =>
  loadConfig({
    PORT: String(port),
    PATH: process.env.PATH,
    GAITWAY_DATA_DIR: dataDir,
    GAITWAY_TEMP_DIR: `${dataDir}/temp`,
    GAITWAY_PUBLIC_URL: `http://127.0.0.1:${port}`,
    GAITWAY_LOG_LEVEL: 'silent',
    GAITWAY_WORKER_CONCURRENCY: '2',
    GAITWAY_REQUESTS_PER_MINUTE: '100000',
  });
