import { GaitwayError } from '@gaitway/motion/errors';

/** The frame rates that files are delivered at. */
export const EXPORT_FPS = [24, 30, 60, 120] as const;

/** Returns a frame rate that can be delivered; throws `export_fps_invalid` for any other number. */
export function checkExportFps(fps: number): number {
  if (!EXPORT_FPS.some((allowed) => allowed === fps)) throw new GaitwayError('export_fps_invalid', { facts: { exportFps: fps } });
  return fps;
}

/** Options of the job that every target gets unless its own request says otherwise. */
export const sharedOptions = ({
  exportFps,
  footLock,
}: {
  readonly exportFps: number;
  readonly footLock?: string;
}): Record<string, unknown> => ({
  fps: checkExportFps(exportFps),
  ...(footLock !== undefined && { footLock }),
});
