export interface ToolVersion {
  /** As the program names itself. */
  readonly name: string;
  readonly major: number;
}

/** libavcodec has been 54 ahead of ffmpeg's own major version since ffmpeg 2 (57 = 3, 58 = 4, 59 = 5, …). */
const LIBAVCODEC_AHEAD = 54;

/**
 * Reads what `ffmpeg -version` prints. Builds from a snapshot have no version number (`N-47683-g0e8eb07980`): theirs follows from
 * the version of libavcodec. Null if this is not the output of `tool`.
 */
export const parseToolVersion = (tool: 'ffmpeg' | 'ffprobe', text: string): ToolVersion | null => {
  const name = new RegExp(`^${tool} version (\\S+)`).exec(text)?.[1];
  if (name === undefined) return null;
  const release = /^n?(\d{1,3})\.\d/.exec(name)?.[1];
  if (release !== undefined) return { name, major: Number(release) };
  const codec = /^libavcodec\s+(\d+)\./m.exec(text)?.[1];
  return codec === undefined ? null : { name, major: Number(codec) - LIBAVCODEC_AHEAD };
};
