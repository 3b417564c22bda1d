import { LANDMARKS, type LandmarkName } from '../landmarks.ts';

const mirroredName = (name: LandmarkName): string => name.replace(/^[lr]_/, (side) => (side === 'l_' ? 'r_' : 'l_'));

const MIRRORED: readonly number[] = LANDMARKS.map((name) => (LANDMARKS as readonly string[]).indexOf(mirroredName(name)));

/** The counterpart of a landmark on the other side of the body; points without one (nose, alignment points) are their own. */
export const mirroredIndex = (landmark: number): number => MIRRORED[landmark] ?? landmark;
