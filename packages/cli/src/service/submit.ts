import { stat } from 'node:fs/promises';
import { GaitwayClient } from '@gaitway/client/client';
import { ApiError, ConnectionError, IntegrityError } from '@gaitway/client/errors';
import { sha256OfFile } from '@gaitway/client/node-download';
import { fileBody } from '@gaitway/client/node-file-body';
import { type SubmissionEnd, submit } from '@gaitway/client/submission';
import { type CreateJobRequest, isTerminal, type JobSnapshot } from '@gaitway/client/wire-types';
import { ERRORS, type ErrorCode, GaitwayError } from '@gaitway/motion/errors';
import { type Command, printLine, type Terminal } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { parseSubmitArguments, SUBMIT_HELP, type SubmitArguments } from './submit-arguments.ts';
import { downloadResult, type PlannedFile } from './submit-download.ts';
import { stateFile } from './submit-state.ts';

const PERCENT_STEP = 10;

/** A line whenever the text changes or ten more percent are done: as readable in a log as on a terminal. */
function progressLines(terminal: Terminal): (text: string, fraction: number) => void {
  let last = '';
  return (text, fraction) => {
    const line = `${String(Math.floor((fraction * 100) / PERCENT_STEP) * PERCENT_STEP).padStart(3)}%  ${text}`;
    if (line !== last) printLine(terminal.stderr, line);
    last = line;
  };
}

const codeOf = (code: string | null | undefined): ErrorCode =>
  code && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'processing_failed';

/** The server's errors in the words of this program, with what an operator needs to find them in the logs. */
function asGaitwayError(error: unknown): unknown {
  if (error instanceof ApiError) {
    const request = error.requestId === undefined ? '' : ` [request ${error.requestId}]`;
    return new GaitwayError(Object.hasOwn(ERRORS, error.code) ? (error.code as ErrorCode) : 'service_unavailable', {
      message: `${error.message}${request}`,
      cause: error,
    });
  }
  if (error instanceof ConnectionError || error instanceof IntegrityError) {
    return new GaitwayError('service_unavailable', { message: `${error.message} Run the same command again to go on.`, cause: error });
  }
  return error;
}

async function describeSource(videoPath: string, request: CreateJobRequest, signal: AbortSignal): Promise<CreateJobRequest> {
  try {
    const { size } = await stat(videoPath);
    return { ...request, sourceBytes: size, sourceSha256: await sha256OfFile(videoPath, signal) };
  } catch (cause) {
    signal.throwIfAborted();
    throw new GaitwayError('source_unreadable', { message: `${videoPath} cannot be read.`, cause });
  }
}

function requireDelivered({ snapshot, result }: SubmissionEnd): void {
  if (result.status === 'completed') return;
  if (result.status === 'canceled') throw new GaitwayError('canceled', { message: `Job ${result.jobId} was canceled.` });
  const error = snapshot.job.error;
  throw new GaitwayError(codeOf(result.errorCode ?? error?.code), {
    message: `Job ${result.jobId} failed at ${result.stage ?? error?.stage ?? 'processing'}: ${error?.message ?? ERRORS[codeOf(result.errorCode)].message}`,
  });
}

function summary(end: SubmissionEnd, files: readonly PlannedFile[], outDir: string): string {
  const failed = end.result.outputs.filter((output) => output.status === 'failed');
  return [
    `Job ${end.result.jobId}: ${files.length} files in ${outDir}`,
    ...files.map(({ file, name }) => `  ${name}  ${file.bytes} bytes`),
    ...failed.map((output) => `  ${output.targetId} failed: ${output.error?.code ?? 'target_failed'}`),
  ].join('\n');
}

async function sendAndWait(
  args: SubmitArguments,
  request: CreateJobRequest,
  client: GaitwayClient,
  terminal: Terminal,
): Promise<SubmissionEnd> {
  const file = stateFile(args.outDir, args.server, request);
  const show = progressLines(terminal);
  const end = await submit(client, {
    request,
    source: await fileBody(args.videoPath),
    state: await file.load(),
    save: (state) => file.save(state),
    onUpload: (sent, total) => show('uploading', total === 0 ? 1 : sent / total),
    onUpdate: ({ job }: JobSnapshot) => show(isTerminal(job.status) ? job.status : (job.phase ?? job.status), job.progress ?? 0),
    signal: terminal.signal,
  });
  // A job that ended badly must not be found again by the next run: that one is a new try.
  if (end.result.status !== 'completed') await file.remove();
  return end;
}

async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = parseSubmitArguments(argv, process.env);
  const request = await describeSource(args.videoPath, args.request, terminal.signal);
  const client = new GaitwayClient({ baseUrl: args.server, apiKey: args.key });
  try {
    const end = await sendAndWait(args, request, client, terminal);
    requireDelivered(end);
    const files = await downloadResult(end.result, args.outDir, terminal.signal);
    await stateFile(args.outDir, args.server, request).remove();
    printLine(terminal.stdout, args.json ? JSON.stringify(end.result, null, 2) : summary(end, files, args.outDir));
    return end.result.outputs.some((output) => output.status === 'failed') ? EXIT.targetFailed : EXIT.done;
  } catch (error) {
    if (terminal.signal.aborted)
      throw new GaitwayError('canceled', { message: 'Stopped here; the job goes on. Run the same command again to go on.' });
    throw asGaitwayError(error);
  }
}

export const submitCommand: Command = { help: SUBMIT_HELP, run };
