import type { FbxNode } from './tree.ts';
import { branch, double, int, leaf, long, text } from './tree.ts';

/** `P` records: name, type, sub-type, flags, values. Flag "A" = can be animated. */

export const pInt = (name: string, value: number): FbxNode => leaf('P', text(name), text('int'), text('Integer'), text(''), int(value));

export const pEnum = (name: string, value: number): FbxNode => leaf('P', text(name), text('enum'), text(''), text(''), int(value));

export const pBool = (name: string, value: boolean): FbxNode => leaf('P', text(name), text('bool'), text(''), text(''), int(value ? 1 : 0));

export const pDouble = (name: string, value: number): FbxNode =>
  leaf('P', text(name), text('double'), text('Number'), text(''), double(value));

export const pString = (name: string, value: string): FbxNode => leaf('P', text(name), text('KString'), text(''), text(''), text(value));

export const pTime = (name: string, ticks: bigint): FbxNode => leaf('P', text(name), text('KTime'), text('Time'), text(''), long(ticks));

export const pColor = (name: string, [r, g, b]: readonly [number, number, number]): FbxNode =>
  leaf('P', text(name), text('Color'), text(''), text('A'), double(r), double(g), double(b));

/** "Lcl Translation" and its siblings: their own type, animatable. */
export const pLocal = (name: string, [x, y, z]: readonly [number, number, number]): FbxNode =>
  leaf('P', text(name), text(name), text(''), text('A'), double(x), double(y), double(z));

/** A channel of an animation curve node, e.g. "d|X". */
export const pChannel = (name: string, value: number): FbxNode => leaf('P', text(name), text('Number'), text(''), text('A'), double(value));

export const properties70 = (...records: readonly FbxNode[]): FbxNode => branch('Properties70', [], records);
