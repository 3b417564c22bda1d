import type { Detection } from '../models/detection.ts';
import type { PersonDetector } from '../models/detector.ts';
import type { PoseLandmarker } from '../models/landmarker.ts';
import type { Picture } from './picture.ts';
import { RegionFilter } from './region-filter.ts';
import { type Roi, roiFromAlignment } from './roi.ts';

/** Below this score of the landmark network the person is lost. */
const MIN_SCORE = 0.5;

/** Where a person is seen in one frame. */
export interface Sighting {
  readonly roi: Roi;
  readonly score: number;
}

const detectionRoi = (d: Detection): Roi => roiFromAlignment(d.hipX, d.hipY, d.rimX, d.rimY);

/** Follows one person: the detector looks only while nobody is followed, else the region comes from the last frame's landmarks. */
export class PersonTracker {
  readonly #detector: PersonDetector;
  readonly #landmarker: PoseLandmarker;
  readonly #region = new RegionFilter();
  #next: Roi | undefined;

  constructor(detector: PersonDetector, landmarker: PoseLandmarker) {
    this.#detector = detector;
    this.#landmarker = landmarker;
  }

  /** The landmarker's `pose` holds the person of this frame when this returns a sighting. */
  async next(picture: Picture, timeSec: number): Promise<Sighting | undefined> {
    const followed = this.#next && (await this.#look(picture, timeSec, this.#next));
    if (followed) return followed;
    this.#region.reset();
    this.#next = undefined;
    for (const detection of await this.#detector.detect(picture)) {
      const sighting = await this.#look(picture, timeSec, detectionRoi(detection));
      if (sighting) return sighting;
    }
    return undefined;
  }

  async #look(picture: Picture, timeSec: number, roi: Roi): Promise<Sighting | undefined> {
    const score = await this.#landmarker.run(picture, roi);
    if (score < MIN_SCORE) return undefined;
    this.#next = this.#region.next(this.#landmarker.pose.alignmentPx, timeSec, roi.sidePx);
    return { roi, score };
  }
}
