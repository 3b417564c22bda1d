import type { Capture } from '@gaitway/capture/capture-landmarks';
import type { PersonSummary } from '@gaitway/capture/shots/person-summary';
import { cutWarnings } from '@gaitway/capture/video/cuts';
import { dissolveWarnings } from '@gaitway/capture/video/dissolves';
import type { VideoInfo } from '@gaitway/capture/video-info';
import type { ManifestShot } from './manifest.ts';

/** What was seen in a clip, with all times in seconds of the video rather than of its trimmed part. */
export interface SeenInVideo {
  readonly people: readonly PersonSummary[];
  readonly shots: readonly ManifestShot[];
  readonly cutsSec: readonly number[];
  readonly dissolves: Capture['dissolves'];
}

type SeenInClip = Pick<Capture, 'people' | 'shots' | 'cutsSec' | 'dissolves'>;

/** Microseconds: what is more exact is an artefact of adding. */
const rounded = (timeSec: number): number => Math.round(timeSec * 1e6) / 1e6;

export function onVideoClock({ people, shots, cutsSec, dissolves }: SeenInClip, startSec: number): SeenInVideo {
  const shifted = (timeSec: number): number => rounded(timeSec + startSec);
  return {
    people: people.map((person) => ({
      ...person,
      firstSec: shifted(person.firstSec),
      lastSec: shifted(person.lastSec),
      path: person.path.map(([timeSec, ...box]) => [shifted(timeSec), ...box] as const),
    })),
    shots: shots.map(({ fromSec, toSec, subject }) => ({ fromSec: shifted(fromSec), toSec: shifted(toSec), subject })),
    cutsSec: cutsSec.map(shifted),
    dissolves: dissolves.map(({ fromSec, toSec }) => ({ fromSec: shifted(fromSec), toSec: shifted(toSec) })),
  };
}

/** Sentences about the source that the user should know: cuts, who else was there, a file that breaks off. */
export function sourceWarnings({ stream }: Pick<VideoInfo, 'stream'>, seen: SeenInVideo): string[] {
  const brokenOff = 'The file promises more frames than it holds: an upload or a recording broke off. What is there was used.';
  return [
    ...(stream.isCutOff ? [brokenOff] : []),
    ...cutWarnings(seen.cutsSec),
    ...dissolveWarnings(seen.dissolves),
    ...peopleWarnings(seen),
  ];
}

const SHOWN = 6;

/** Says whose motion it is where more than one person was followed in a shot, and when the others were seen. */
function peopleWarnings({ people, shots }: SeenInVideo): string[] {
  const others = people.filter(({ isSubject, shot }) => !isSubject && shots[shot].subject !== null);
  if (others.length === 0) return [];
  const named = others
    .slice(0, SHOWN)
    .map(({ index, firstSec, lastSec }) => `number ${index} at ${firstSec.toFixed(1)}–${lastSec.toFixed(1)} s`);
  const more = others.length > SHOWN ? ` and ${others.length - SHOWN} more` : '';
  const chosen = [...new Set(people.filter(({ isSubject }) => isSubject).map(({ index }) => index))].slice(0, SHOWN).join(', ');
  return [
    `More than one person was seen; the motion is that of number ${chosen}. Others: ${named.join(', ')}${more}. Choose by number, or by a place and a time.`,
  ];
}
