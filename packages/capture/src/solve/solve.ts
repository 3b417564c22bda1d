import type { Landmarks } from '../landmarks.ts';
import type { Solved } from './first-solve.ts';
import { firstSolve } from './first-solve.ts';
import type { SolveOptions } from './solve-options.ts';

/** Motion of the person from their landmarks: the one entry of the body solve. Options left out take `SOLVE_DEFAULTS`. */
export const solve = (landmarks: Landmarks, options: Partial<SolveOptions> = {}): Solved => firstSolve(landmarks, options);
