import path from 'node:path';

/** Everything that Gaitway's local commands read from environment variables; this is the only place that reads them. */
export interface Environment {
  /** GAITWAY_DEBUG: print stack traces of errors. */
  readonly debug: boolean;
  /** GAITWAY_CACHE_DIR: where converted models are kept instead of ~/.cache/gaitway. */
  readonly cacheDir?: string;
  /** GAITWAY_FFMPEG, GAITWAY_FFPROBE: programs to use instead of the ones found. */
  readonly ffmpegPath?: string;
  readonly ffprobePath?: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

const isOn = (value: string | undefined): boolean => value !== undefined && !['', '0', 'false', 'no'].includes(value.toLowerCase());

export function readEnvironment(variables: Variables): Environment {
  const { GAITWAY_DEBUG, GAITWAY_CACHE_DIR, GAITWAY_FFMPEG, GAITWAY_FFPROBE } = variables;
  return {
    debug: isOn(GAITWAY_DEBUG),
    ...(GAITWAY_CACHE_DIR && { cacheDir: path.resolve(GAITWAY_CACHE_DIR) }),
    ...(GAITWAY_FFMPEG && { ffmpegPath: path.resolve(GAITWAY_FFMPEG) }),
    ...(GAITWAY_FFPROBE && { ffprobePath: path.resolve(GAITWAY_FFPROBE) }),
  };
}
