import { LANDMARK_COUNT } from '../landmarks.ts';
import type { Pose } from '../models/landmarker.ts';
import { type Box, boxAround } from '../preflight/box.ts';
import { LandmarkRecorder } from './landmark-recorder.ts';
import { RegionFilter } from './region-filter.ts';
import type { Roi } from './roi.ts';

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
  #isLost = true;
  #box: Box | undefined;

  /** `firstFrame`: the frame of the clip with which the track starts; it has no rows for the ones before. */
  constructor(firstFrame: number) {
    this.plain = new LandmarkRecorder(firstFrame);
    this.mirrored = new LandmarkRecorder(firstFrame);
  }

  get last(): Roi | undefined {
    return this.#last;
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

  /** Where to look in the next frame; undefined while the person is lost. */
  get expected(): Roi | undefined {
    return this.#isLost ? undefined : this.#last;
  }

  wasSeenAt(timeSec: number): boolean {
    return this.#lastSec === timeSec;
  }

  /** The person is not where expected. */
  lose(): void {
    this.#isLost = true;
    this.#region.reset();
  }

  /** Notes where the person is now: `roi` is where the network looked, `pose` what it saw. */
  follow(pose: Pose, roi: Roi, timeSec: number): void {
    if (Number.isNaN(this.#firstSec)) this.#firstSec = timeSec;
    this.#last = this.#region.next(pose.alignmentPx, timeSec, roi.sidePx);
    this.#lastSec = timeSec;
    this.#isLost = false;
    this.#box = boxAround(pose.imagePx, pose.visibility) ?? undefined;
    let visibility = 0;
    for (let i = 0; i < LANDMARK_COUNT; i++) visibility += pose.visibility[i];
    this.#weight += roi.sidePx ** 2 * (visibility / LANDMARK_COUNT);
  }
}
