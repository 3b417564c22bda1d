/**
 * The warnings of the shots as those of the clip. What holds for every shot with the person is said once; the rest names its shots,
 * counted from 1. `undefined` stands for a shot without the person.
 */
export function shotWarnings(ofShots: readonly (readonly string[] | undefined)[]): string[] {
  const solvedCount = ofShots.filter((warnings) => warnings !== undefined).length;
  const shotsOf = new Map<string, number[]>();
  ofShots.forEach((warnings, shot) => {
    for (const warning of warnings ?? []) shotsOf.set(warning, [...(shotsOf.get(warning) ?? []), shot + 1]);
  });
  const said = [...shotsOf].map(([warning, shots]) => (shots.length === solvedCount ? warning : `${named(shots)}: ${warning}`));
  const empty = ofShots.flatMap((warnings, shot) => (warnings === undefined ? [shot + 1] : []));
  return empty.length > 0 ? [...said, `${named(empty)}: the person was not found; the pose before stands still there.`] : said;
}

const SHOWN = 8;

/** `[2]` → `Shot 2`; `[1, 3]` → `Shots 1, 3`; a long list is cut short. */
const named = (shots: readonly number[]): string =>
  `Shot${shots.length > 1 ? 's' : ''} ${shots.slice(0, SHOWN).join(', ')}${shots.length > SHOWN ? ` and ${shots.length - SHOWN} more` : ''}`;
