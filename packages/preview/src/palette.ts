/** Red, green, blue, 0..255. */
export type Colour = readonly [number, number, number];

/** The same colours in both halves: a person's left is blue, right is orange, the middle light clay. */
export const LEFT: Colour = [86, 168, 232];
export const RIGHT: Colour = [242, 152, 74];
export const MIDDLE: Colour = [222, 216, 208];
/** What is guessed rather than seen turns towards this. */
export const UNSURE: Colour = [232, 62, 122];
/** What breaks a rule: parts that touch, joints beyond limit or speed, feet in the floor, above it, or sliding on it. */
export const OVERLAPS: Colour = [236, 44, 36];
export const JOINT: Colour = [186, 60, 240];
export const SUNK: Colour = [250, 214, 40];
export const FLOATS: Colour = [46, 226, 226];
export const SLIDES: Colour = [150, 240, 70];
/** The frame that a machine's shells are mounted on. */
export const FRAME: Colour = [104, 110, 120];
export const PLANTED: Colour = [98, 214, 140];

export const SKY_TOP: Colour = [24, 28, 36];
export const SKY_HORIZON: Colour = [58, 66, 80];
export const FLOOR: Colour = [44, 50, 61];

export const mix = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

export const css = ([r, g, b]: Colour, alpha = 1): string => `rgba(${Math.round(r)},${Math.round(g)},${Math.round(b)},${alpha})`;
