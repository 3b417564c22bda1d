import type { Detection } from '../models/detection.ts';
import type { PersonDetector } from '../models/detector.ts';
import type { PoseLandmarker } from '../models/landmarker.ts';
import { canBeSamePerson, isSamePerson, roiDistance } from './continuity.ts';
import { PersonTrack } from './person-track.ts';
import type { Picture } from './picture.ts';
import { type Roi, roiFromAlignment } from './roi.ts';
import { PersonSearch } from './search.ts';

export interface SceneOptions {
  /** Look at every region a second time, mirrored. */
  readonly mirror: boolean;
  /** Brings pixels of the decoded pictures to those of the source. */
  readonly imageScale: number;
}

/** Below this score of the landmark network the person that was followed is lost. */
const KEEP_SCORE = 0.5;
/** What the detector proposes is only believed from this score on: table legs reach 0.6. */
const MEET_SCORE = 0.75;
/** While everybody known is in sight, newcomers are looked for this often; while someone is missing, more often. */
const GLANCE_SEC = 0.25;
const MISSING_GLANCE_SEC = 0.1;
/** Who has been missing for longer has left: nobody waits for them, and only at the very place where they were is it them again. */
const GONE_SEC = 2;
/** People followed at a time, and in the whole clip. */
const MOST_AT_ONCE = 3;
const MOST_TRACKS = 24;
/** Smaller than this beside the largest person in sight: a bystander who is not followed. */
const SMALLEST_PART = 0.4;

type Landmarker = Pick<PoseLandmarker, 'look'>;

interface Frame {
  readonly picture: Picture;
  readonly timeSec: number;
}

const regionOf = (d: Detection): Roi => roiFromAlignment(d.hipX, d.hipY, d.rimX, d.rimY);

/**
 * Follows the people of a clip, each on a track of its own, so that a loss never continues on somebody else. Regions come from the
 * landmarks of the frame before; the detector looks only now and then, and whenever someone is missing.
 */
export class SceneTracker {
  readonly #search: PersonSearch;
  readonly #landmarker: Landmarker;
  readonly #options: SceneOptions;
  readonly #tracks: PersonTrack[] = [];
  #frame = 0;
  #glanceSec = Number.NEGATIVE_INFINITY;

  constructor(detector: Pick<PersonDetector, 'detect'>, landmarker: Landmarker, options: SceneOptions) {
    this.#search = new PersonSearch(detector);
    this.#landmarker = landmarker;
    this.#options = options;
  }

  get tracks(): readonly PersonTrack[] {
    return this.#tracks;
  }

  /** Follows everybody into the next frame and looks for those who are missing and those who are new. */
  async next(picture: Picture, timeSec: number): Promise<void> {
    const frame = { picture, timeSec };
    for (const track of this.#tracks) {
      const expected = track.expected;
      if (expected && !(await this.#look(frame, expected, track, KEEP_SCORE))) track.lose();
    }
    await this.#lookForMore(frame);
    this.#frame++;
  }

  /** The next frame may belong to another shot: nobody is expected in it where they were. */
  loseEverybody(): void {
    for (const track of this.#tracks) track.lose();
  }

  #inSight(timeSec: number): PersonTrack[] {
    return this.#tracks.filter((track) => track.wasSeenAt(timeSec));
  }

  /** With nobody in sight everything is tried; for somebody missing the surroundings; else newcomers are looked for now and then. */
  async #lookForMore(frame: Frame): Promise<void> {
    const { picture, timeSec } = frame;
    const missing = this.#missing(timeSec);
    const isEmpty = this.#inSight(timeSec).length === 0;
    const pauseSec = isEmpty ? 0 : missing ? MISSING_GLANCE_SEC : GLANCE_SEC;
    if (timeSec - this.#glanceSec < pauseSec) return;
    this.#glanceSec = timeSec;
    if (missing?.last) await this.#meet(await this.#search.around(picture, missing.last), frame);
    else if (!isEmpty) await this.#meet(await this.#search.glance(picture), frame);
    if (this.#inSight(timeSec).length > 0) return;
    await this.#meet(await this.#search.everywhere(picture), frame);
    if (this.#inSight(timeSec).length === 0) await this.#meet(await this.#search.comb(picture), frame);
  }

  /** Who was lost last, unless so long ago that the person has left. */
  #missing(timeSec: number): PersonTrack | undefined {
    return this.#tracks
      .filter((track) => !track.wasSeenAt(timeSec) && timeSec - track.lastSec <= GONE_SEC)
      .sort((a, b) => b.lastSec - a.lastSec)[0];
  }

  /** Gives every detected person, the largest first, to the track it continues, or to a new one. */
  async #meet(detections: readonly Detection[], frame: Frame): Promise<void> {
    for (const roi of detections.map(regionOf).sort((a, b) => b.sidePx - a.sidePx)) {
      const inSight = this.#inSight(frame.timeSec);
      if (inSight.some((track) => track.last && isSamePerson(track.last, roi))) continue;
      const missing = this.#missingAt(roi, frame.timeSec);
      if (missing) await this.#meetAt(frame, roi, missing);
      else if (this.#isWorthFollowing(roi, inSight)) await this.#start(frame, roi);
    }
  }

  /** The nearest of the lost people who can be at `roi` by now. */
  #missingAt(roi: Roi, timeSec: number): PersonTrack | undefined {
    const distance = (track: PersonTrack): number => (track.last ? roiDistance(track.last, roi) : Number.POSITIVE_INFINITY);
    return this.#tracks
      .filter((track) => !track.wasSeenAt(timeSec) && this.#canContinue(track, roi, timeSec))
      .sort((a, b) => distance(a) - distance(b))[0];
  }

  #canContinue(track: PersonTrack, roi: Roi, timeSec: number): boolean {
    const missingSec = timeSec - track.lastSec;
    return track.last !== undefined && canBeSamePerson(track.last, roi, missingSec > GONE_SEC ? 0 : missingSec);
  }

  #isWorthFollowing(roi: Roi, inSight: readonly PersonTrack[]): boolean {
    if (inSight.length >= MOST_AT_ONCE) return false;
    return inSight.every((track) => roi.sidePx >= SMALLEST_PART * (track.last?.sidePx ?? 0));
  }

  async #start(frame: Frame, roi: Roi): Promise<void> {
    const track = new PersonTrack(this.#frame);
    if (!(await this.#meetAt(frame, roi, track))) return;
    this.#tracks.push(track);
    if (this.#tracks.length > MOST_TRACKS) this.#forgetLightest(frame.timeSec);
  }

  /**
   * Meets somebody at a region that the detector proposes. Its regions are coarse: what is seen in them only says where to look for the
   * landmarks, else the first frame would be worse than all others.
   */
  async #meetAt(frame: Frame, proposed: Roi, track: PersonTrack): Promise<boolean> {
    const { score, pose } = await this.#landmarker.look(frame.picture, proposed);
    if (score < MEET_SCORE) return false;
    const [centerX, centerY, rimX, rimY] = pose.alignmentPx;
    return this.#look(frame, roiFromAlignment(centerX, centerY, rimX, rimY), track, KEEP_SCORE);
  }

  /** Passers-by must not use up the memory, nor the places of those who come later. */
  #forgetLightest(timeSec: number): void {
    const lightest = this.#tracks.filter((track) => !track.wasSeenAt(timeSec)).sort((a, b) => a.weight - b.weight)[0];
    this.#tracks.splice(this.#tracks.indexOf(lightest), 1);
  }

  /** Looks at a region and writes what it shows to a track, if it is a person whom no other track has in this frame. */
  async #look({ picture, timeSec }: Frame, roi: Roi, track: PersonTrack, minScore: number): Promise<boolean> {
    const { score, pose } = await this.#landmarker.look(picture, roi);
    if (score < minScore) return false;
    const [centerX, centerY, rimX, rimY] = pose.alignmentPx;
    const seen = roiFromAlignment(centerX, centerY, rimX, rimY);
    const others = this.#inSight(timeSec).filter((other) => other !== track);
    if (others.some((other) => other.last && isSamePerson(other.last, seen))) return false;
    track.follow(pose, roi, timeSec);
    track.plain.add(this.#frame, score, pose, this.#options.imageScale);
    if (this.#options.mirror) {
      const mirrored = await this.#landmarker.look(picture, roi, true);
      track.mirrored.add(this.#frame, mirrored.score, mirrored.pose, this.#options.imageScale);
    }
    return true;
  }
}
