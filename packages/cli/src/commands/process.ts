import { processVideo } from '@gaitway/pipeline/process-video';
import { batchRequest } from '../batch/arguments.ts';
import { runBatch } from '../batch/run-batch.ts';
import { type Command, printLine, type Terminal } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { parseProcessArguments } from '../process/arguments.ts';
import { PROCESS_HELP } from '../process/help.ts';
import { summaryOf } from '../process/summary.ts';
import { progressPrinter } from '../progress-printer.ts';

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const batch = await batchRequest(args);
  if (batch) return runBatch(batch, terminal);
  const { request, json } = parseProcessArguments(args);
  const { cacheDir, ffmpegPath, ffprobePath } = terminal.environment;
  const tools = { ...(cacheDir && { cacheDir }), ...(ffmpegPath && { ffmpegPath }), ...(ffprobePath && { ffprobePath }) };
  const printer = progressPrinter(terminal.stderr);
  try {
    const result = await processVideo({ ...request, ...tools }, { onProgress: printer.onProgress, signal: terminal.signal });
    printer.end();
    printLine(terminal.stdout, json ? JSON.stringify(result.manifest, null, 2) : summaryOf(result));
    return result.failedTargets.length > 0 ? EXIT.targetFailed : EXIT.done;
  } finally {
    printer.end();
  }
}

export const processCommand: Command = { help: PROCESS_HELP, run };
