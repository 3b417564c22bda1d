import path from 'node:path';
import type { ProcessResult } from '@gaitway/pipeline/deliver-clip';

const METRICS_SHOWN_DIGITS = 3;

const size = (bytes: number): string => (bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

const table = (rows: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
};

/** `footSlideMmPerFrame` → `foot slide mm per frame`. */
const spoken = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();

function qualityLines(quality: ProcessResult['manifest']['quality']): string[] {
  return Object.entries(quality).flatMap(([targetId, numbers]) => [
    '',
    `Quality of ${targetId}:`,
    ...table(Object.entries(numbers).map(([name, value]) => [spoken(name), `${Number(value.toPrecision(METRICS_SHOWN_DIGITS))}`])),
  ]);
}

/** What a person wants to know at the end: where the files are, how good the motion is, what is uncertain. */
export function summaryOf({ manifest, files, failedTargets }: ProcessResult): string {
  const { source, trim, timings } = manifest;
  const totalSec = Object.values(timings).reduce((sum, seconds) => sum + seconds, 0);
  const folder = path.relative('', path.dirname(files[0]?.path ?? '')) || '.';
  const seconds = (trim.endSec - trim.startSec).toFixed(1);
  return [
    `${source.filename}: ${seconds} s of ${source.width}×${source.height} video done in ${totalSec.toFixed(1)} s. Files in ${folder}:`,
    ...table(files.map((file) => [file.name, size(file.bytes)])),
    ...qualityLines(manifest.quality),
    ...manifest.warnings.map((warning) => `\nNote: ${warning}`),
    ...failedTargets.map(({ error }) => `\nFailed: ${error.message}`),
  ].join('\n');
}
