import { type Logger, pino } from 'pino';
import type { Config } from './config/config.ts';

/** Structured lines on standard output. Nothing that grants anything is ever logged, whoever passes it in. */
export const createLogger = (config: Pick<Config, 'logLevel'>, part: string): Logger =>
  pino({
    level: config.logLevel,
    base: { part },
    redact: ['authorization', '*.authorization', 'key', '*.key', '*.headers.authorization', 'uploadUrl', '*.uploadUrl'],
  });
