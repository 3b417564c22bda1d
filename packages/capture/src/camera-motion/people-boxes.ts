import type { Box } from '../preflight/box.ts';
import type { PersonTrack } from '../tracking/person-track.ts';

/** Who was seen this recently is taken to be there still. */
const STILL_THERE_SEC = 0.5;

/** Where people are in a picture: what moves there is no background. */
export const peopleBoxes = (tracks: readonly Pick<PersonTrack, 'box' | 'lastSec'>[], timeSec: number): Box[] =>
  tracks.flatMap(({ box, lastSec }) => (box && timeSec - lastSec <= STILL_THERE_SEC ? [box] : []));
