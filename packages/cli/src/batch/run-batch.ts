import { createHash } from 'node:crypto';
import { ENGINE_VERSION } from '@gaitway/pipeline/engine-version';
import { printLine, type Terminal } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type BatchItem, planBatch } from './plan.ts';
import { type BatchEntry, isDone, readRecord, sha256OfFile, writeRecord } from './record.ts';
import { runChild } from './run-child.ts';
import { type BatchRow, batchTable } from './table.ts';

export interface BatchRequest {
  readonly folder: string;
  readonly outDir: string;
  /** Options of `gaitway process` that every video gets. */
  readonly options: readonly string[];
  /** Videos worked on at a time. */
  readonly jobs: number;
  readonly json: boolean;
}

/** Processes every video of a folder that is not done yet, each in a child process, and sums up. Resolves to the exit code. */
export async function runBatch(request: BatchRequest, terminal: Terminal): Promise<number> {
  const items = await planBatch(request.folder, request.outDir);
  const record = new Map(await readRecord(request.outDir));
  await writeRecord(request.outDir, record.values());
  const optionsSha256 = createHash('sha256')
    .update(JSON.stringify([ENGINE_VERSION, request.options]))
    .digest('hex');
  const rows: BatchRow[] = [];
  const queue = items.entries();

  let written = Promise.resolve();
  /** One after the other, so that the newest record is the one that stays. */
  const save = (): Promise<void> => {
    written = written.then(() => writeRecord(request.outDir, record.values()));
    return written;
  };
  const settle = async (item: BatchItem, number: number): Promise<void> => {
    const row = await rowFor(item, record.get(item.video), optionsSha256, request, terminal.signal);
    rows[number] = row;
    if (row.status === 'done' || row.status === 'failed') {
      record.set(item.video, row.entry);
      await save();
    }
    printLine(terminal.stderr, `[${rows.filter(Boolean).length}/${items.length}] ${item.video}: ${row.entry.error ?? row.status}`);
  };
  const work = async (): Promise<void> => {
    for (const [number, item] of queue) {
      if (terminal.signal.aborted) return;
      await settle(item, number);
    }
  };
  await Promise.all(Array.from({ length: Math.min(request.jobs, items.length) }, work));

  const ended = rows.filter(Boolean);
  printLine(
    terminal.stdout,
    request.json
      ? JSON.stringify(
          ended.map(({ status, entry }) => ({ ...entry, status })),
          null,
          2,
        )
      : batchTable(ended),
  );
  if (terminal.signal.aborted) return EXIT.interrupted;
  return ended.some(({ status }) => status === 'failed') ? EXIT.targetFailed : EXIT.done;
}

/** Skips what is done, else runs it. */
async function rowFor(
  item: BatchItem,
  known: BatchEntry | undefined,
  optionsSha256: string,
  { options }: BatchRequest,
  signal: AbortSignal,
): Promise<BatchRow> {
  const startMs = performance.now();
  const sourceSha256 = await sha256OfFile(item.sourcePath).catch(() => '');
  if (known && (await isDone(item, known, sourceSha256, optionsSha256))) return { status: 'skipped', entry: known };
  const error = await runChild(item, options, signal);
  const seconds = Math.round((performance.now() - startMs) / 100) / 10;
  const status = error === null ? 'done' : 'failed';
  const entry: BatchEntry = { video: item.video, status, sourceSha256, optionsSha256, seconds, error };
  return { status: signal.aborted && error !== null ? 'interrupted' : status, entry };
}
