import type { Random } from './random.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** What a person wears: colours (0–255) and how far the clothes reach where they are painted on the body. */
export interface Outfit {
  readonly skin: Colour;
  readonly hair: Colour;
  readonly shirt: Colour;
  readonly stripe: Colour;
  /** Width of the shirt's stripes, decimetres; 0 = none. */
  readonly stripeDm: number;
  readonly trousers: Colour;
  readonly shoes: Colour;
  /** Blotches of the cloth: sizes in decimetres, and how much lighter or darker they are at most. */
  readonly blotches: readonly { readonly sizeDm: number; readonly depth: number; readonly seed: number }[];
  /** A print on the chest. */
  readonly hasPrint: boolean;
  /** Height and depth of folds, as a part of the normal's length. */
  readonly folds: number;
  readonly hasLongSleeves: boolean;
  readonly hasLongTrousers: boolean;
}

const SKINS: readonly Colour[] = [
  [236, 196, 172],
  [224, 178, 148],
  [206, 158, 124],
  [172, 122, 88],
  [120, 80, 56],
  [84, 56, 40],
];
const HAIRS: readonly Colour[] = [
  [28, 22, 20],
  [58, 38, 26],
  [104, 70, 40],
  [180, 140, 84],
  [140, 136, 132],
];

const anyColour = (random: Random): Colour => {
  const base = random.between(15, 235);
  const spread = random.chance(0.4) ? 80 : 20;
  const channel = (): number => Math.max(5, Math.min(250, base + random.between(-spread, spread)));
  return [channel(), channel(), channel()];
};

export function randomOutfit(random: Random): Outfit {
  const jeans: Colour = [52, 66, 98];
  return {
    skin: random.pick(SKINS),
    hair: random.pick(HAIRS),
    shirt: anyColour(random),
    stripe: anyColour(random),
    stripeDm: random.chance(0.35) ? random.between(0.2, 1.2) : 0,
    trousers: random.chance(0.35) ? jeans : anyColour(random),
    shoes: anyColour(random),
    blotches: Array.from({ length: Math.floor(random.between(0, 4)) }, () => ({
      sizeDm: 0.25 * 2 ** random.between(0, 4),
      depth: random.between(0.05, 0.3),
      seed: Math.floor(random.next() * 1000),
    })),
    hasPrint: random.chance(0.4),
    folds: random.between(0, 0.5),
    hasLongSleeves: random.chance(0.5),
    hasLongTrousers: random.chance(0.75),
  };
}

/** Colour of a clothed vertex by the bone that moves it most, or `null` where the skin shows. */
export function clothColour(outfit: Outfit, bone: string, heightDm: number): Colour | null {
  if (/^(foot|toe)/.test(bone)) return outfit.shoes;
  if (/^(root|pelvis|upperleg)/.test(bone)) return outfit.trousers;
  if (/^lowerleg/.test(bone)) return outfit.hasLongTrousers ? outfit.trousers : null;
  if (/^lowerarm/.test(bone) && !outfit.hasLongSleeves) return null;
  if (/^(spine|breast|clavicle|shoulder|upperarm|lowerarm)/.test(bone)) {
    const isStripe = outfit.stripeDm > 0 && Math.floor(heightDm / outfit.stripeDm) % 2 === 0;
    return isStripe ? outfit.stripe : outfit.shirt;
  }
  return null;
}

const hash = (x: number, y: number, z: number, seed: number): number => {
  let h = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(z, 2147483647) ^ Math.imul(seed, 1274126177);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return (h ^ (h >>> 16)) / 2147483648;
};

/** Smooth noise −1…1 of unit scale: values at whole numbers, blended. */
export function noise(x: number, y: number, z: number, seed: number): number {
  const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const [u, v, w] = [x - i, y - j, z - k];
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const [a, b, c] = [corner & 1, (corner >> 1) & 1, corner >> 2];
    sum += (a ? u : 1 - u) * (b ? v : 1 - v) * (c ? w : 1 - w) * hash(i + a, j + b, k + c, seed);
  }
  return sum;
}

/** How much lighter or darker the cloth is at a rest place (decimetres). */
export function clothLevel(outfit: Outfit, x: number, y: number, z: number): number {
  let level = 1;
  for (const { sizeDm, depth, seed } of outfit.blotches) level += depth * noise(x / sizeDm, y / sizeDm, z / sizeDm, seed);
  return Math.max(0.2, level);
}

/** Lips and brows are darker than the skin around them. */
export function faceColour(outfit: Outfit, bone: string): Colour {
  const { skin, hair } = outfit;
  if (/^oris0[1-7]/.test(bone)) return [skin[0] * 0.82, skin[1] * 0.6, skin[2] * 0.6];
  if (/^oculi0/.test(bone)) return [0, 1, 2].map((k) => skin[k] * 0.45 + hair[k] * 0.4) as unknown as Colour;
  if (/^orbicularis/.test(bone)) return [skin[0] * 0.85, skin[1] * 0.82, skin[2] * 0.82];
  return skin;
}
