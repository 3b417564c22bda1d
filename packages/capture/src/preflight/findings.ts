import type { FindingCode, PreflightFinding, PreflightMeasures } from './report.ts';
import type { Sighting } from './sighting.ts';

/** What the findings are drawn from. */
export interface Evidence {
  readonly sightings: readonly Sighting[];
  readonly cutsSec: readonly number[];
  readonly durationSec: number;
  readonly longSec: number;
}

const SMALL = 0.2;
const SHORT_SEC = 1;
/** At half of this the detector begins to miss people. */
const DARK = 0.12;
/** A Gaussian blur of about 1.2 % of the body's height; sharp clips have 0.4 and more. */
const BLURRED = 0.1;
/** Picture widths a second; the resolution of the measure is about 0.002. */
const MOVING = 0.01;
/** Of the pictures: less than this share with the person is a gap worth a word. */
const OFTEN = 0.7;
const HALF = 0.5;
/** More than one picture, so that one false detection makes no second person, nor a first. */
const FEW = 2;
/** A clip of shots shorter than this has no motion to capture. */
const SHORTEST_SHOT_SEC = 1;

type Rule = (evidence: Evidence) => PreflightFinding | null;

const warning = (code: FindingCode, sentence: string, timeSec?: number): PreflightFinding => ({
  code,
  severity: 'warning',
  sentence,
  ...(timeSec !== undefined && { timeSec }),
});
const blocker = (code: FindingCode, sentence: string, timeSec?: number): PreflightFinding => ({
  ...warning(code, sentence, timeSec),
  severity: 'blocker',
});

/** Middle of the values that are there; null of none. */
export const medianOf = (values: readonly (number | null)[]): number | null => {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[sorted.length >> 1];
};

const withPerson = (sightings: readonly Sighting[]): readonly Sighting[] => sightings.filter(({ people }) => people.length > 0);

/** The sighting with the least (or most) of something. */
const extreme = (sightings: readonly Sighting[], value: (s: Sighting) => number | null, sign: 1 | -1): Sighting | undefined =>
  sightings.filter((s) => value(s) !== null).sort((a, b) => sign * ((value(a) ?? 0) - (value(b) ?? 0)))[0];

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const nobody: Rule = ({ sightings }) => {
  const seen = withPerson(sightings).length;
  if (seen < Math.min(FEW, sightings.length))
    return blocker('no_person', 'Nobody was found in the clip: film one person, well lit, head to feet.', sightings[0]?.timeSec);
  if (seen >= OFTEN * sightings.length) return null;
  const missing = sightings.find(({ people }) => people.length === 0);
  const share = percent(1 - seen / sightings.length);
  return warning(
    'person_often_missing',
    `In ${share} of the pictures nobody was found: trim to the part with the person.`,
    missing?.timeSec,
  );
};

const small: Rule = ({ sightings }) => {
  const height = medianOf(sightings.map(({ personHeight }) => personHeight));
  if (height === null || height >= SMALL) return null;
  const sentence = `The person is small, ${percent(height)} of the picture's height: go nearer or crop the picture.`;
  return warning('person_too_small', sentence, extreme(sightings, ({ personHeight }) => personHeight, 1)?.timeSec);
};

const several: Rule = ({ sightings }) => {
  const crowded = sightings.filter(({ people }) => people.length > 1);
  if (crowded.length < Math.min(FEW, sightings.length)) return null;
  const most = Math.max(...crowded.map(({ people }) => people.length));
  const sentence = `Up to ${most} people are in the picture: one is followed; say which, or film one alone.`;
  return warning('several_people', sentence, crowded.find(({ people }) => people.length === most)?.timeSec);
};

const legless: Rule = ({ sightings }) => {
  const seen = withPerson(sightings);
  const without = seen.filter(({ people }) => !people[0].showsLegs);
  if (seen.length === 0 || without.length <= HALF * seen.length) return null;
  const sentence = 'The legs are mostly out of the picture or hidden: step back, or use the mocap type upper_body.';
  return warning('legs_out_of_frame', sentence, without[0].timeSec);
};

const cut: Rule = ({ cutsSec, durationSec }) => {
  if (cutsSec.length === 0) return null;
  const edges = [0, ...cutsSec, durationSec];
  const longestSec = Math.max(...edges.slice(1).map((edge, i) => edge - edges[i]));
  const times = `${cutsSec
    .slice(0, 5)
    .map((timeSec) => `${timeSec.toFixed(1)} s`)
    .join(', ')}${cutsSec.length > 5 ? ', …' : ''}`;
  const sentence = `The clip is cut at ${times}: trim to one shot, the longest has ${longestSec.toFixed(1)} s.`;
  return longestSec < SHORTEST_SHOT_SEC ? blocker('cut', sentence, cutsSec[0]) : warning('cut', sentence, cutsSec[0]);
};

const blurred: Rule = ({ sightings }) => {
  const sharpness = medianOf(sightings.map((s) => s.sharpness));
  if (sharpness === null || sharpness >= BLURRED) return null;
  const worst = extreme(sightings, (s) => s.sharpness, 1);
  return warning('motion_blur', 'The person is blurred: use more light, a shorter exposure and focus.', worst?.timeSec);
};

const dark: Rule = ({ sightings }) => {
  const light = medianOf(sightings.map((s) => s.light));
  if (light === null || light >= DARK) return null;
  return warning(
    'low_light',
    'The person is very dark: use more light, and none from behind.',
    extreme(sightings, (s) => s.light, 1)?.timeSec,
  );
};

const moving: Rule = ({ sightings }) => {
  const speed = medianOf(sightings.map(({ cameraSpeed }) => cameraSpeed));
  if (speed === null || speed < MOVING) return null;
  const sentence = 'The camera moves: put it on a tripod, or the path over the floor is uncertain.';
  return warning('camera_moves', sentence, extreme(sightings, ({ cameraSpeed }) => cameraSpeed, -1)?.timeSec);
};

const tooShort: Rule = ({ durationSec }) =>
  durationSec >= SHORT_SEC ? null : warning('too_short', `The clip has only ${durationSec.toFixed(2)} s: a second or more is better.`);

const tooLong: Rule = ({ durationSec, longSec }) =>
  durationSec <= longSec ? null : blocker('too_long', `The clip has ${Math.round(durationSec)} s, more than ${longSec} s: trim it.`);

const RULES: readonly Rule[] = [nobody, cut, tooLong, tooShort, several, legless, small, blurred, dark, moving];

/** What is wrong with a clip, blockers first. */
export const findingsOf = (evidence: Evidence): PreflightFinding[] => {
  const found = RULES.map((rule) => rule(evidence)).filter((finding) => finding !== null);
  return [...found.filter(({ severity }) => severity === 'blocker'), ...found.filter(({ severity }) => severity === 'warning')];
};

export const measuresOf = ({ sightings, cutsSec }: Evidence): PreflightMeasures => ({
  sampledFrames: sightings.length,
  framesWithPerson: withPerson(sightings).length,
  people: Math.max(0, ...sightings.map(({ people }) => people.length)),
  personHeight: medianOf(sightings.map(({ personHeight }) => personHeight)),
  light: medianOf(withPerson(sightings).map(({ light }) => light)),
  sharpness: medianOf(sightings.map(({ sharpness }) => sharpness)),
  cameraSpeed: medianOf(sightings.map(({ cameraSpeed }) => cameraSpeed)),
  cutsSec,
});
