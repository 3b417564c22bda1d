import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BodyShape, MorphLibrary, randomShape } from './body-shapes.ts';
import { fitGarment, type Garment, garmentWeights, readGarment } from './garment.ts';
import { type Colour, clothColour, clothLevel, faceColour, noise, type Outfit, randomOutfit } from './paint.ts';
import type { Random } from './random.ts';
import { boneHeads, INFLUENCES, type Rig, readRig } from './rig.ts';
import { type Mesh, parseObj } from './wavefront.ts';

/** A person ready to be posed. Metres; x to the person's left, y up, z forward; origin as in the base mesh. */
export interface Character {
  readonly rig: Rig;
  /** `bones × 3`. */
  readonly headsM: Float64Array;
  /** `n × 3` rest positions of everything that is drawn. */
  readonly verticesM: Float64Array;
  readonly boneOf: Uint16Array;
  readonly weightOf: Float32Array;
  /** `n × 3`, 0–255. */
  readonly colours: Float32Array;
  readonly triangles: Uint32Array;
  /** Rest positions of the truth's surface points by name. */
  readonly surfaceM: ReadonlyMap<string, readonly [number, number, number]>;
  readonly heightM: number;
  /** Depth of the folds in the cloth, a part of the normal's length. */
  readonly folds: number;
}

const DM = 0.1;
/** Vertices of the base mesh on the surface of the left half and the middle. */
const SURFACE = { nose: 297, head_top: 881, l_heel: 12464, l_ear: 12038 } as const;

interface Part {
  readonly positions: Float64Array;
  readonly triangles: Uint32Array;
  readonly boneOf: Uint16Array;
  readonly weightOf: Float32Array;
  readonly colourOf: (vertex: number) => Colour;
}

/** The MakeHuman library on disk, read once. */
export class Wardrobe {
  readonly #base: Mesh;
  readonly #rig: Rig;
  readonly #morphs: MorphLibrary;
  readonly #clothes: string;
  readonly #garments = new Map<string, Garment>();
  readonly #suits: readonly string[];
  readonly #shoes: readonly string[];
  readonly #hair: readonly string[];

  /** `data`: MakeHuman's `data` folder; `assets`: the `base` folder of makehuman-assets. */
  constructor(data: string, assets: string) {
    this.#base = parseObj(readFileSync(join(data, '3dobjs', 'base.obj'), 'utf8'));
    this.#rig = readRig(data, this.#base.positions.length / 3);
    this.#morphs = new MorphLibrary(data);
    this.#clothes = assets;
    const list = (folder: string): string[] => readdirSync(join(assets, folder)).map((name) => join(folder, name, `${name}.mhclo`));
    this.#suits = list('clothes').filter((file) => /suit/.test(file));
    this.#shoes = list('clothes').filter((file) => /shoes/.test(file));
    this.#hair = list('hair');
  }

  #garment(file: string): Garment {
    const garment = this.#garments.get(file) ?? readGarment(join(this.#clothes, file));
    this.#garments.set(file, garment);
    return garment;
  }

  randomCharacter(random: Random): Character {
    const shape = randomShape(random);
    const outfit = randomOutfit(random);
    const gender = shape.isFemale ? /\/female/ : /\/male/;
    const worn = [
      ...(random.chance(0.7) ? [random.pick(this.#suits.filter((file) => gender.test(file)))] : []),
      ...(random.chance(0.8) ? [random.pick(this.#shoes)] : []),
    ];
    const hair = random.chance(0.9) ? random.pick(this.#hair.filter((file) => shape.isFemale || /short|afro/.test(file))) : null;
    return this.build(shape, outfit, worn, hair);
  }

  build(shape: BodyShape, outfit: Outfit, worn: readonly string[], hair: string | null): Character {
    const body = this.#morphs.apply(this.#base.positions, shape);
    const garments = [...worn, ...(hair ? [hair] : [])].map((file) => ({ garment: this.#garment(file), isHair: file === hair }));
    const hidden = new Set(garments.flatMap(({ garment }) => [...garment.hides]));
    const hasSuit = worn.some((file) => /suit/.test(file));
    const parts: Part[] = [
      this.#skin(body, outfit, hidden, hasSuit, hair === null),
      ...['helper-l-eye', 'helper-r-eye'].map((group) => this.#eye(body, group)),
      ...garments.map(({ garment, isHair }) => this.#dress(body, garment, outfit, isHair)),
    ];
    const heads = boneHeads(this.#rig, body);
    const at = (vertex: number): [number, number, number] => [body[vertex * 3] * DM, body[vertex * 3 + 1] * DM, body[vertex * 3 + 2] * DM];
    const left = Object.entries(SURFACE).map(([name, vertex]) => [name, at(vertex)] as const);
    const right = left
      .filter(([name]) => name.startsWith('l_'))
      .map(([name, [x, y, z]]) => [name.replace('l_', 'r_'), [-x, y, z]] as const);
    const skin = this.#base.groups.get('body') ?? new Uint32Array();
    const heights = Array.from(skin, (vertex) => body[vertex * 3 + 1]);
    const [low, high] = heights.reduce(([a, b], y) => [Math.min(a, y), Math.max(b, y)], [0, 0]);
    return {
      ...join3d(parts),
      rig: this.#rig,
      headsM: heads.map((v) => v * DM),
      surfaceM: new Map<string, readonly [number, number, number]>([...left, ...right] as never),
      heightM: (high - low) * DM,
      folds: outfit.folds,
    };
  }

  #mainBone(of: Pick<Rig, 'boneOf'>, vertex: number): string {
    return this.#rig.names[of.boneOf[vertex * INFLUENCES]];
  }

  #skin(body: Float64Array, outfit: Outfit, hidden: ReadonlySet<number>, hasSuit: boolean, isBald: boolean): Part {
    const all = this.#base.groups.get('body') ?? new Uint32Array();
    const shown: number[] = [];
    for (let i = 0; i < all.length; i += 3) {
      if (![all[i], all[i + 1], all[i + 2]].every((vertex) => hidden.has(vertex))) shown.push(all[i], all[i + 1], all[i + 2]);
    }
    const crownDm = body[SURFACE.head_top * 3 + 1];
    const colourOf = (vertex: number): Colour => {
      const bone = this.#mainBone(this.#rig, vertex);
      const cloth = hasSuit ? null : clothColour(outfit, bone, body[vertex * 3 + 1]);
      if (cloth) return woven(outfit, cloth, body, vertex);
      if (/^(foot|toe)/.test(bone)) return outfit.shoes;
      const isScalp = bone === 'head' && body[vertex * 3 + 1] > crownDm - (body[vertex * 3 + 2] > 0.9 ? 0.5 : 1.6);
      return isScalp && !isBald ? outfit.hair : faceColour(outfit, bone);
    };
    return { positions: body, triangles: Uint32Array.from(shown), boneOf: this.#rig.boneOf, weightOf: this.#rig.weightOf, colourOf };
  }

  #eye(body: Float64Array, group: string): Part {
    const triangles = this.#base.groups.get(group) ?? new Uint32Array();
    const front = Math.max(...Array.from(triangles, (vertex) => body[vertex * 3 + 2]));
    return {
      positions: body,
      triangles,
      boneOf: this.#rig.boneOf,
      weightOf: this.#rig.weightOf,
      colourOf: (vertex) => (body[vertex * 3 + 2] > front - 0.035 ? [40, 30, 25] : [225, 222, 218]),
    };
  }

  #dress(body: Float64Array, garment: Garment, outfit: Outfit, isHair: boolean): Part {
    const positions = fitGarment(garment, body);
    const weights = garmentWeights(garment, this.#rig);
    const colourOf = (vertex: number): Colour => {
      if (isHair) return woven(outfit, outfit.hair, positions, vertex);
      const cloth = clothColour(outfit, this.#mainBone(weights, vertex), positions[vertex * 3 + 1]) ?? outfit.shirt;
      return woven(outfit, cloth, positions, vertex);
    };
    return { positions, triangles: garment.triangles, ...weights, colourOf };
  }
}

/** The cloth's colour with its blotches and a print. */
function woven(outfit: Outfit, colour: Colour, positions: Float64Array, vertex: number): Colour {
  const [x, y, z] = positions.subarray(vertex * 3, vertex * 3 + 3);
  const isPrint = outfit.hasPrint && z > 0.3 && Math.abs(x) < 0.9 && Math.abs(y - 4.2) < 0.8 && colour === outfit.shirt;
  const level = clothLevel(outfit, x, y, z);
  const base = isPrint && noise(x * 2, y * 2, z * 2, 7) > -0.2 ? outfit.stripe : colour;
  return [base[0] * level, base[1] * level, base[2] * level];
}

/** One mesh of all parts, with only the vertices that triangles use. */
function join3d(parts: readonly Part[]): Pick<Character, 'verticesM' | 'boneOf' | 'weightOf' | 'colours' | 'triangles'> {
  const vertices: number[] = [];
  const bones: number[] = [];
  const weights: number[] = [];
  const colours: number[] = [];
  const triangles: number[] = [];
  for (const part of parts) {
    const index = new Map<number, number>();
    for (const vertex of part.triangles) {
      let at = index.get(vertex);
      if (at === undefined) {
        at = vertices.length / 3;
        index.set(vertex, at);
        for (let k = 0; k < 3; k++) vertices.push(part.positions[vertex * 3 + k] * DM);
        for (let k = 0; k < INFLUENCES; k++) {
          bones.push(part.boneOf[vertex * INFLUENCES + k]);
          weights.push(part.weightOf[vertex * INFLUENCES + k]);
        }
        colours.push(...part.colourOf(vertex));
      }
      triangles.push(at);
    }
  }
  return {
    verticesM: Float64Array.from(vertices),
    boneOf: Uint16Array.from(bones),
    weightOf: Float32Array.from(weights),
    colours: Float32Array.from(colours),
    triangles: Uint32Array.from(triangles),
  };
}
