import { throwIfAborted } from '@gaitway/motion/abort';
import { openDetector } from '../models/detector.ts';
import { openLandmarker } from '../models/landmarker.ts';
import { readDetectorModel, readLandmarkModel } from '../models/model-files.ts';
import type { Picture } from '../tracking/picture.ts';
import { decodeFrames } from '../video/decode.ts';
import type { DecodeEffort } from '../video/decode-arguments.ts';
import { dissolveMiddleSec } from '../video/dissolves.ts';
import { type FfmpegTools, locateFfmpeg } from '../video/ffmpeg.ts';
import { probeVideo } from '../video/probe.ts';
import type { VideoInfo } from '../video-info.ts';
import { findingsOf, measuresOf } from './findings.ts';
import { PeopleFinder, type SeenPerson } from './people.ts';
import { type PreflightReport, verdictOf } from './report.ts';
import { type Glance, type Sample, sampleFrames } from './sample-frames.ts';
import { type Sighting, sightingOf } from './sighting.ts';
import { stillOf } from './still.ts';

export interface PreflightOptions {
  readonly ffmpeg?: FfmpegTools;
  readonly cacheDir?: string;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** A longer clip does not fit. Default: ten minutes. */
  readonly longSec?: number;
}

const SAMPLES = 12;
const FEW_SAMPLES = 8;
const LONG_SIDE_PX = 640;
const LONG_SEC = 600;
/** Up to this many pixels in all of the clip (a minute of 720p) most frames are decoded; beyond, those that stand by themselves. */
const DECODED_PX = 1.7e9;
/** A clip with hardly any frames of that kind is decoded after all, up to here. */
const DECODED_PX_AT_MOST = 8e9;

/**
 * Looks at a clip in a moment and says whether it fits, and why not, before any work is done on it: some pictures spread over the clip
 * and the smallest networks. Rejects with the errors of `probeVideo` for what is no video; a clip without a person is a finding.
 */
export const preflight = async (path: string, options: PreflightOptions = {}): Promise<PreflightReport> => {
  const ffmpeg = options.ffmpeg ?? (await locateFfmpeg());
  const [video, finder] = await both(probeVideo(path, { ffmpeg, ...signalOf(options) }), openFinder(options));
  const crowd = new PeopleInTurn(finder.people, options.signal);
  try {
    const glance = await glanceAt(path, video, { ...options, ffmpeg }, (picture) => crowd.add(picture));
    const people = await crowd.all();
    const sightings = glance.samples.map((sample, i) => sightingOf(sample, people[i]));
    return reportOf(video, glance, sightings, options.longSec ?? LONG_SEC);
  } finally {
    await crowd.idle();
    await finder.release();
  }
};

/** Looks for the people of one picture after the other, while more pictures are on their way. */
class PeopleInTurn {
  readonly #finder: PeopleFinder;
  readonly #signal: AbortSignal | undefined;
  readonly #found: Promise<SeenPerson[]>[] = [];

  constructor(finder: PeopleFinder, signal: AbortSignal | undefined) {
    this.#finder = finder;
    this.#signal = signal;
  }

  add(picture: Picture): void {
    const before = this.#found.at(-1);
    const found = (async () => {
      await before;
      throwIfAborted(this.#signal);
      return this.#finder.find(picture);
    })();
    // Whoever asks for the people gets the error; until then nobody listens.
    found.catch(() => undefined);
    this.#found.push(found);
  }

  /** The people of every picture, in order. */
  all(): Promise<SeenPerson[][]> {
    return Promise.all(this.#found);
  }

  /** Resolves once the networks are not in use any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#found);
  }
}

const signalOf = ({ signal }: PreflightOptions) => (signal ? { signal } : {});

interface Finder {
  readonly people: PeopleFinder;
  release(): Promise<void>;
}

const openFinder = async (options: PreflightOptions): Promise<Finder> => {
  const [detector, landmarker] = await Promise.all([
    readDetectorModel().then((model) => openDetector(model, options)),
    readLandmarkModel('fast').then((model) => openLandmarker(model, options)),
  ]);
  return {
    people: new PeopleFinder(detector, landmarker),
    release: async () => {
      await Promise.all([detector.release(), landmarker.release()]);
    },
  };
};

/** Both at a time; if the video is refused the networks are let go. */
const both = async (probing: Promise<VideoInfo>, opening: Promise<Finder>): Promise<[VideoInfo, Finder]> => {
  const [video, finder] = await Promise.allSettled([probing, opening]);
  if (finder.status === 'rejected') throw video.status === 'rejected' ? video.reason : finder.reason;
  if (video.status === 'fulfilled') return [video.value, finder.value];
  await finder.value.release();
  throw video.reason;
};

/** Decodes as little as tells enough. */
const glanceAt = async (
  path: string,
  video: VideoInfo,
  options: PreflightOptions,
  onPicture: (picture: Picture) => void,
): Promise<Glance> => {
  const look = (effort: DecodeEffort): Promise<Glance> =>
    sampleFrames(
      decodeFrames(path, video, {
        effort,
        maxLongSidePx: LONG_SIDE_PX,
        ...signalOf(options),
        ...(options.ffmpeg && { ffmpeg: options.ffmpeg }),
      }),
      video.durationSec,
      SAMPLES,
      onPicture,
    );
  const pixels = video.frameCount * video.widthPx * video.heightPx;
  const keysSuffice = video.stream.keyFrames >= FEW_SAMPLES || pixels > DECODED_PX_AT_MOST;
  return look(pixels > DECODED_PX && keysSuffice ? 'key' : 'referenced');
};

const reportOf = (
  video: VideoInfo,
  { samples, cutsSec, dissolves }: Glance,
  sightings: readonly Sighting[],
  longSec: number,
): PreflightReport => {
  const evidence = { sightings, cutsSec: shotEnds(cutsSec, dissolves), durationSec: video.durationSec, longSec };
  const findings = findingsOf(evidence);
  const shownSec =
    findings.find(({ timeSec }) => timeSec !== undefined)?.timeSec ?? sightings.find((s) => s.people.length > 0)?.timeSec ?? 0;
  const shown = nearest(samples, shownSec);
  const { people } = sightings[shown];
  const still = stillOf(
    samples[shown].picture,
    samples[shown].timeSec,
    people.map(({ box }) => box),
  );
  return { verdict: verdictOf(findings), findings, measures: measuresOf(evidence), video, still };
};

/** A clip is in two where one picture fades into the other, too. */
const shotEnds = (cutsSec: readonly number[], dissolves: Glance['dissolves']): number[] =>
  [...cutsSec, ...dissolves.map(dissolveMiddleSec)].sort((a, b) => a - b);

const nearest = (samples: readonly Sample[], timeSec: number): number =>
  samples.reduce((best, s, i) => (Math.abs(s.timeSec - timeSec) < Math.abs(samples[best].timeSec - timeSec) ? i : best), 0);
