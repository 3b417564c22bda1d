import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Pose } from '../models/landmarker.ts';
import { type Box, boxAround } from '../preflight/box.ts';
import { type Clothes, clothesDistance, mixClothes } from './clothes.ts';
import type { Known } from './identity.ts';
import { LandmarkRecorder } from './landmark-recorder.ts';
import { RegionFilter } from './region-filter.ts';
import { goingOn, isAsGood, type TimedRoi } from './region-forecast.ts';
import type { Roi } from './roi.ts';

/** Speed and clothes are those of about so long. */
const MEMORY_SEC = 0.4;
/** Nobody goes on as they went for longer. */
const FORETOLD_SEC = 0.5;
/** Time between two entries of the wardrobe. */
const WARDROBE_SEC = 0.25;
/** Clothes at a greater distance from one's own are not learned. */
const ONE_OWN = 0.45;

/** What somebody was seen to wear in a frame. */
export interface WornClothes {
  readonly frame: number;
  readonly clothes: Clothes;
}

/** A velocity, pixels a second, with a part of the latest step mixed in. */
const mixed = ([x, y]: readonly [number, number], from: Roi, to: Roi, elapsedSec: number, share: number): readonly [number, number] => [
  x + share * ((to.centerXPx - from.centerXPx) / elapsedSec - x),
  y + share * ((to.centerYPx - from.centerYPx) / elapsedSec - y),
];

/** One person through the clip: where the person was seen, and where to look next. */
export class PersonTrack {
  readonly plain: LandmarkRecorder;
  readonly mirrored: LandmarkRecorder;
  readonly #region = new RegionFilter();
  /** Region in which the person was last seen, as the landmarks gave it. */
  #last: Roi | undefined;
  #lastSec = Number.NEGATIVE_INFINITY;
  #firstSec = Number.NaN;
  #weight = 0;
  /** Where to look next. */
  #expected: Roi | undefined;
  /** The last two regions since the person was found, the latest last. */
  #course: readonly TimedRoi[] = [];
  #box: Box | undefined;
  #clothes: Clothes | undefined;
  readonly #wardrobe: WornClothes[] = [];
  #wardrobeSec = Number.NEGATIVE_INFINITY;
  readonly #arrivals = new Set<number>();
  #velocity: readonly [x: number, y: number] = [0, 0];

  /** `firstFrame`: the frame of the clip with which the track starts; it has no rows for the ones before. */
  constructor(firstFrame: number) {
    this.plain = new LandmarkRecorder(firstFrame);
    this.mirrored = new LandmarkRecorder(firstFrame);
  }

  get last(): Roi | undefined {
    return this.#last;
  }

  /** Where the person is by now if they go on as they went. */
  foretell(timeSec: number): Roi | undefined {
    const roi = this.#last;
    const elapsedSec = Math.min(FORETOLD_SEC, timeSec - this.#lastSec);
    const [x, y] = this.#velocity;
    return roi && { ...roi, centerXPx: roi.centerXPx + x * elapsedSec, centerYPx: roi.centerYPx + y * elapsedSec };
  }

  /** Frames in which the person was found, and before which they were not there. */
  get arrivals(): ReadonlySet<number> {
    return this.#arrivals;
  }

  arrive(frame: number): void {
    this.#arrivals.add(frame);
  }

  /** What the person wears, as seen during the last moments. */
  get clothes(): Clothes | undefined {
    return this.#clothes;
  }

  /** What the person wore in the course of the clip, from time to time. */
  get wardrobe(): readonly WornClothes[] {
    return this.#wardrobe;
  }

  get firstSec(): number {
    return this.#firstSec;
  }

  get lastSec(): number {
    return this.#lastSec;
  }

  /** Sum over the frames of the region's area and the mean visibility: how much the clip is about this person. */
  get weight(): number {
    return this.#weight;
  }

  /** Around what was visible of the person when last seen, pixels of the decoded picture. */
  get box(): Box | undefined {
    return this.#box;
  }

  /**
   * Where to look in the next frame; undefined while the person is lost. It is the region that was foreseen for it before the latest
   * frame, where that is as good as the one that the landmarks of the latest frame gave: so that the look can begin before these are there.
   */
  get expected(): Roi | undefined {
    return this.#expected;
  }

  /** What `expected` will be once the person has been found again at `timeSec`: as a rule. Undefined while the person is lost. */
  foresee(timeSec: number): Roi | undefined {
    return goingOn(this.#course, timeSec);
  }

  /**
   * Nothing is foreseen in the frame that comes: for people who are followed beside others. Looks at several fill both threads as it is, and
   * who is who is not to hang on regions that are only nearly right.
   */
  forgetCourse(): void {
    this.#course = [];
  }

  wasSeenAt(timeSec: number): boolean {
    return this.#lastSec === timeSec;
  }

  /** The person is not where expected. */
  lose(): void {
    this.#expected = undefined;
    this.#course = [];
    this.#region.reset();
  }

  /** Notes what the person wears now, before `follow` notes where. Who stands in front of them must not be mixed in. */
  wear(clothes: Clothes, frame: number, timeSec: number): void {
    if (!this.#clothes) this.#clothes = clothes;
    else if (!(clothesDistance(this.#clothes, clothes) > ONE_OWN)) this.#clothes = mixClothes(this.#clothes, clothes, this.#share(timeSec));
    if (timeSec - this.#wardrobeSec < WARDROBE_SEC) return;
    this.#wardrobe.push({ frame, clothes });
    this.#wardrobeSec = timeSec;
  }

  /** Weight of the latest moment in what is remembered. */
  #share(timeSec: number): number {
    return 1 - Math.exp(-(timeSec - this.#lastSec) / MEMORY_SEC);
  }

  /** Notes where the person is now: `roi` is where the network looked, `pose` what it saw. */
  follow(pose: Pose, roi: Roi, timeSec: number): void {
    if (Number.isNaN(this.#firstSec)) this.#firstSec = timeSec;
    const before = this.#last;
    const foreseen = this.foresee(timeSec);
    const last = this.#region.next(pose.alignmentPx, timeSec, roi.sidePx);
    this.#last = last;
    this.#expected = foreseen && isAsGood(foreseen, last) ? foreseen : last;
    this.#course = [...this.#course.slice(-1), { roi: last, timeSec }];
    const elapsedSec = timeSec - this.#lastSec;
    const isSteady = before !== undefined && elapsedSec < FORETOLD_SEC;
    this.#velocity = isSteady ? mixed(this.#velocity, before, last, elapsedSec, this.#share(timeSec)) : [0, 0];
    this.#lastSec = timeSec;
    this.#box = boxAround(pose.imagePx, pose.visibility) ?? undefined;
    let visibility = 0;
    for (let i = 0; i < LANDMARK_COUNT; i++) visibility += pose.visibility[i];
    this.#weight += roi.sidePx ** 2 * (visibility / LANDMARK_COUNT);
  }
}

/** A track that was never seen is expected nowhere. */
const NOWHERE: Roi = { centerXPx: 0, centerYPx: 0, sidePx: 1, angleRad: 0 };

/** What is known of somebody at a time: where they should be, and what they wear. */
export const knownOf = (track: PersonTrack, timeSec: number): Known => ({
  expected: track.foretell(timeSec) ?? NOWHERE,
  clothes: track.clothes,
});
