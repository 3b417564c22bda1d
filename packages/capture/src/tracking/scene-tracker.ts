import type { Detection } from '../models/detection.ts';
import type { PersonDetector } from '../models/detector.ts';
import type { PoseLandmarker, SeenPose } from '../models/landmarker.ts';
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

/** What the network sees in a region, and what it sees in its mirror image. */
interface Sight {
  readonly roi: Roi;
  readonly seen: SeenPose;
  readonly mirrored?: SeenPose;
}

/** Whom the detector is to look for first: somebody missing, newcomers, or anybody in an empty scene. */
type Wanted = PersonTrack | 'newcomers' | 'anybody';

interface Finding {
  readonly wanted: Wanted;
  readonly found: readonly Detection[];
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
  #glances = 0;
  #glanceSec = Number.NEGATIVE_INFINITY;

  constructor(detector: Pick<PersonDetector, 'detect'>, landmarker: Landmarker, options: SceneOptions) {
    this.#search = new PersonSearch(detector);
    this.#landmarker = landmarker;
    this.#options = options;
  }

  get tracks(): readonly PersonTrack[] {
    return this.#tracks;
  }

  /**
   * Follows everybody into the next frame and looks for those who are missing and those who are new. Whatever does not need an answer
   * of another look is asked for at once; the answers are taken in the order of the tracks, whoever answers first.
   */
  async next(picture: Picture, timeSec: number): Promise<void> {
    const frame = { picture, timeSec };
    const followed = this.#tracks.filter((track) => track.expected);
    const looking = Promise.all(followed.map((track) => this.#see(picture, track.expected as Roi)));
    const [sights, finding] = await Promise.all([looking, this.#foretell(frame)]);
    followed.forEach((track, i) => {
      if (!this.#accept(sights[i], track, timeSec, KEEP_SCORE)) track.lose();
    });
    await this.#lookForMore(frame, finding);
    this.#frame++;
  }

  /** The next frame may belong to another shot: nobody is expected in it where they were. */
  loseEverybody(): void {
    for (const track of this.#tracks) track.lose();
  }

  #inSight(timeSec: number): PersonTrack[] {
    return this.#tracks.filter((track) => track.wasSeenAt(timeSec));
  }

  /** What the detector will be asked if everybody who is followed is found again: as a rule. */
  async #foretell({ picture, timeSec }: Frame): Promise<Finding | undefined> {
    const wanted = this.#wanted(timeSec, (track) => track.expected !== undefined);
    return wanted && { wanted, found: await this.#find(wanted, picture) };
  }

  /** With nobody in sight everything is tried; for somebody missing the surroundings; else newcomers are looked for now and then. */
  async #lookForMore(frame: Frame, foretold: Finding | undefined): Promise<void> {
    const { picture, timeSec } = frame;
    const wanted = this.#wanted(timeSec, (track) => track.wasSeenAt(timeSec));
    if (!wanted) return;
    this.#glanceSec = timeSec;
    // Somebody got lost just now: an answer to another question is left aside.
    const found = foretold?.wanted === wanted ? foretold.found : await this.#find(wanted, picture);
    if (wanted === 'newcomers') this.#glances++;
    await this.#meet(found, frame);
    if (wanted !== 'anybody' && this.#inSight(timeSec).length === 0) await this.#meet(await this.#find('anybody', picture), frame);
    if (this.#inSight(timeSec).length === 0) await this.#meet(await this.#search.comb(picture), frame);
  }

  /** Whom the detector is to look for in this frame; undefined: it has looked a short while ago. */
  #wanted(timeSec: number, isInSight: (track: PersonTrack) => boolean): Wanted | undefined {
    const missing = this.#missing(timeSec, isInSight);
    const isEmpty = !this.#tracks.some(isInSight);
    const pauseSec = isEmpty ? 0 : missing ? MISSING_GLANCE_SEC : GLANCE_SEC;
    if (timeSec - this.#glanceSec < pauseSec) return undefined;
    return missing ?? (isEmpty ? 'anybody' : 'newcomers');
  }

  #find(wanted: Wanted, picture: Picture): Promise<readonly Detection[]> {
    if (wanted === 'newcomers') return this.#search.glance(picture, this.#glances);
    if (wanted === 'anybody' || !wanted.last) return this.#search.everywhere(picture);
    return this.#search.around(picture, wanted.last);
  }

  /** Who was lost last, unless so long ago that the person has left. */
  #missing(timeSec: number, isInSight: (track: PersonTrack) => boolean): PersonTrack | undefined {
    return this.#tracks
      .filter((track) => !isInSight(track) && timeSec - track.lastSec <= GONE_SEC)
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
    const sight = await this.#see(frame.picture, roiFromAlignment(centerX, centerY, rimX, rimY));
    return this.#accept(sight, track, frame.timeSec, KEEP_SCORE);
  }

  /** Passers-by must not use up the memory, nor the places of those who come later. */
  #forgetLightest(timeSec: number): void {
    const lightest = this.#tracks.filter((track) => !track.wasSeenAt(timeSec)).sort((a, b) => a.weight - b.weight)[0];
    this.#tracks.splice(this.#tracks.indexOf(lightest), 1);
  }

  /** Looks at a region, and at its mirror image where that is wanted: at once, though whoever is not there is not looked for in the mirror. */
  async #see(picture: Picture, roi: Roi): Promise<Sight> {
    const looks = [this.#landmarker.look(picture, roi), ...(this.#options.mirror ? [this.#landmarker.look(picture, roi, true)] : [])];
    const [seen, mirrored] = await Promise.all(looks);
    return { roi, seen, mirrored };
  }

  /** Writes what a region shows to a track, if it is a person whom no other track has in this frame. */
  #accept({ roi, seen, mirrored }: Sight, track: PersonTrack, timeSec: number, minScore: number): boolean {
    const { score, pose } = seen;
    if (score < minScore) return false;
    const [centerX, centerY, rimX, rimY] = pose.alignmentPx;
    const shown = roiFromAlignment(centerX, centerY, rimX, rimY);
    const others = this.#inSight(timeSec).filter((other) => other !== track);
    if (others.some((other) => other.last && isSamePerson(other.last, shown))) return false;
    track.follow(pose, roi, timeSec);
    track.plain.add(this.#frame, score, pose, this.#options.imageScale);
    if (mirrored) track.mirrored.add(this.#frame, mirrored.score, mirrored.pose, this.#options.imageScale);
    return true;
  }
}
