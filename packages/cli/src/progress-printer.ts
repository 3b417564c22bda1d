import type { PipelineProgress } from '@gaitway/pipeline/progress';
import type { Terminal } from './command.ts';

type Stream = Terminal['stderr'];
export type ProgressListener = (progress: PipelineProgress) => void;

const REDRAW_MS = 100;
const LINES = 10;
const DEFAULT_COLUMNS = 80;
const BAR_COLUMNS = 24;

const percent = (fraction: number): string => `${Math.floor(fraction * 100)}%`;
const frames = ({ framesDone, framesTotal }: PipelineProgress): string => (framesTotal > 0 ? `${framesDone}/${framesTotal} frames` : '');

const bar = (fraction: number): string => '█'.repeat(Math.round(fraction * BAR_COLUMNS)).padEnd(BAR_COLUMNS, '░');

/** One line that is drawn over and over; `end` wipes it. */
function barPrinter(stream: Stream, now: () => number): { onProgress: ProgressListener; end(): void } {
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  return {
    onProgress(progress) {
      if (now() - drawnAtMs < REDRAW_MS) return;
      drawnAtMs = now();
      const text = `${bar(progress.fraction)} ${percent(progress.fraction).padStart(4)}  ${progress.phase}  ${frames(progress)}`;
      stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? DEFAULT_COLUMNS) - 1)}`);
    },
    end: () => void stream.write('\r\u001b[2K'),
  };
}

/** A line when a phase begins and at every tenth of the job: readable in a log. */
function linePrinter(stream: Stream): { onProgress: ProgressListener; end(): void } {
  let phase = '';
  let tenth = -1;
  return {
    onProgress(progress) {
      const reached = Math.floor(progress.fraction * LINES);
      if (progress.phase === phase && reached <= tenth) return;
      phase = progress.phase;
      tenth = reached;
      stream.write(`${percent(progress.fraction).padStart(4)}  ${phase}  ${frames(progress)}`.trimEnd().concat('\n'));
    },
    end: () => undefined,
  };
}

/** Shows progress as a bar on a terminal and as plain lines elsewhere. */
export function progressPrinter(
  stream: Stream,
  now: () => number = () => performance.now(),
): { onProgress: ProgressListener; end(): void } {
  return stream.isTTY ? barPrinter(stream, now) : linePrinter(stream);
}
