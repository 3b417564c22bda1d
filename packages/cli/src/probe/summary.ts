import type { PreflightReport, Verdict } from '@gaitway/capture/preflight/report';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  fits: 'Fits.',
  fits_with_warnings: 'Fits, with warnings:',
  does_not_fit: 'Does not fit:',
};

/** The verdict in plain words, a line for every finding. */
export function probeSummary({ verdict, findings, video }: PreflightReport): string {
  const { filename, widthPx, heightPx, durationSec, fps, codec } = video;
  return [
    `${filename}: ${widthPx}×${heightPx}, ${durationSec.toFixed(1)} s at ${Number(fps.toFixed(2))} fps, ${codec}`,
    VERDICTS[verdict],
    ...findings.map(({ severity, sentence, timeSec }) => {
      const at = timeSec === undefined ? '' : ` (at ${timeSec.toFixed(1)} s)`;
      return `  ${severity === 'blocker' ? '✗' : '!'} ${sentence}${at}`;
    }),
  ].join('\n');
}
