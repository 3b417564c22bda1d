import type { Detection } from '../models/detection.ts';
import type { PersonDetector } from '../models/detector.ts';
import type { PoseLandmarker, SeenPose } from '../models/landmarker.ts';
import { canBeSamePerson, isAimedAt, isSamePerson, roiDistance } from './continuity.ts';
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

/** A look at a region that is under way, or done. */
interface Look {
  readonly roi: Roi;
  readonly plain: Promise<SeenPose>;
  readonly mirrored?: Promise<SeenPose>;
}

/** A frame in which people are being looked at already. Its picture is needed until the frame is finished. */
export interface BegunFrame {
  readonly picture: Picture;
  readonly timeSec: number;
  readonly looks: ReadonlyMap<PersonTrack, Look>;
}

const regionOf = (d: Detection): Roi => roiFromAlignment(d.hipX, d.hipY, d.rimX, d.rimY);

/**
 * Follows the people of a clip, each on a track of its own, so that a loss never continues on somebody else. Regions come from the
 * landmarks of the frames before; the detector looks only now and then, and whenever someone is missing.
 *
 * Two frames are under way at a time, so that several cores have something to do: `begin(n + 1)` comes before `finish(n)`. Where to look
 * in frame n + 1 is foretold from what was known after frame n − 1, always, however long anything takes: the result depends on the
 * pictures alone. Where frame n then tells otherwise, frame n + 1 is looked at again.
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

  /** Starts looking at everybody whose place can be foretold. Frames are begun, and finished, in their order. */
  begin(picture: Picture, timeSec: number): BegunFrame {
    const looks = new Map<PersonTrack, Look>();
    for (const track of this.#tracks) {
      const roi = track.foretold(timeSec);
      if (roi) looks.set(track, this.#startLook(picture, roi));
    }
    return { picture, timeSec, looks };
  }

  /** Waits for what was begun, writes it down and looks for those who are missing and those who are new. */
  async finish(frame: BegunFrame): Promise<void> {
    for (const track of this.#tracks) {
      const expected = track.expected;
      if (expected && !(await this.#follow(frame, track, expected))) track.lose();
    }
    await this.#lookForMore(frame);
    this.#frame++;
  }

  /** The next frame to be finished may belong to another shot: nobody is expected in it where they were. */
  loseEverybody(): void {
    for (const track of this.#tracks) track.lose();
  }

  /** Takes the look that was begun, unless it was at the wrong place or nobody was there: then at the place that is known by now. */
  async #follow(frame: BegunFrame, track: PersonTrack, expected: Roi): Promise<boolean> {
    const begun = frame.looks.get(track);
    if (begun && isAimedAt(begun.roi, expected) && (await this.#accept(frame, begun, track, KEEP_SCORE))) return true;
    return this.#look(frame, expected, track, KEEP_SCORE);
  }

  #inSight(timeSec: number): PersonTrack[] {
    return this.#tracks.filter((track) => track.wasSeenAt(timeSec));
  }

  /** With nobody in sight everything is tried; for somebody missing the surroundings; else newcomers are looked for now and then. */
  async #lookForMore(frame: BegunFrame): Promise<void> {
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
  async #meet(detections: readonly Detection[], frame: BegunFrame): Promise<void> {
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

  async #start(frame: BegunFrame, roi: Roi): Promise<void> {
    const track = new PersonTrack(this.#frame);
    if (!(await this.#meetAt(frame, roi, track))) return;
    this.#tracks.push(track);
    if (this.#tracks.length > MOST_TRACKS) this.#forgetLightest(frame.timeSec);
  }

  /**
   * Meets somebody at a region that the detector proposes. Its regions are coarse: what is seen in them only says where to look for the
   * landmarks, else the first frame would be worse than all others.
   */
  async #meetAt(frame: BegunFrame, proposed: Roi, track: PersonTrack): Promise<boolean> {
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

  #startLook(picture: Picture, roi: Roi): Look {
    const start = (mirrored: boolean): Promise<SeenPose> => {
      const seen = this.#landmarker.look(picture, roi, mirrored);
      // A failure is met by whoever waits for the answer; if nobody does any more, it is no news.
      seen.catch(() => undefined);
      return seen;
    };
    return { roi, plain: start(false), ...(this.#options.mirror && { mirrored: start(true) }) };
  }

  #look(frame: BegunFrame, roi: Roi, track: PersonTrack, minScore: number): Promise<boolean> {
    return this.#accept(frame, this.#startLook(frame.picture, roi), track, minScore);
  }

  /** Writes what a look has seen to a track, if it is a person whom no other track has in this frame. */
  async #accept({ timeSec }: BegunFrame, look: Look, track: PersonTrack, minScore: number): Promise<boolean> {
    const { score, pose } = await look.plain;
    if (score < minScore) return false;
    const [centerX, centerY, rimX, rimY] = pose.alignmentPx;
    const seen = roiFromAlignment(centerX, centerY, rimX, rimY);
    const others = this.#inSight(timeSec).filter((other) => other !== track);
    if (others.some((other) => other.last && isSamePerson(other.last, seen))) return false;
    track.follow(pose, look.roi, timeSec);
    track.plain.add(this.#frame, score, pose, this.#options.imageScale);
    const mirrored = await look.mirrored;
    if (mirrored) track.mirrored.add(this.#frame, mirrored.score, mirrored.pose, this.#options.imageScale);
    return true;
  }
}
