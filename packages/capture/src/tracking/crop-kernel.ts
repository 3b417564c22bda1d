import type { Code, Local, Locals } from '../fit/wasm-code.ts';
import { add, code, doWhile, f32x4, f64, f64x2, i16x8, i32, i32x4, moduleBytes, when } from '../fit/wasm-code.ts';

/** Name of the kernel's function. */
export const SAMPLE_ROW = 'sampleRow';
/** Pixels that are sampled together; a row has as many at least. */
export const PIXELS_AT_ONCE = 4;

/** Places in the picture are cut to 1/2048 pixel: two such weights and a byte just fit into 31 bits. */
export const FRACTION_BITS = 11;
const ONE = 1 << FRACTION_BITS;
/** A sample counts in units of both weights. */
export const SAMPLE_UNIT = ONE * ONE;
const GRAY = 128 * SAMPLE_UNIT;

/** Numbers at address 0, in double precision: steps in the picture, the conversion of samples to colours, the range of the result. */
export const CROP_NUMBERS = ['stepX', 'stepY', 'lumaGain', 'lumaOffset', 'rv', 'gu', 'gv', 'bu', 'low', 'high'] as const;
export type CropNumbers = Readonly<Record<(typeof CROP_NUMBERS)[number], number>>;

const NUMBER_BYTES = 8;
const PIXEL_BYTES = 4;
const PIXELS = [0, 1, 2, 3] as const;

/**
 * Samples a row of pixels around which all samples lie inside the picture: bilinear with integer weights, which the two planes of chroma
 * share; colours are converted on the way. Four pixels at a time; the last four may have been done before.
 *
 * `sampleRow(originX, originY, from, to, luma, u, v, lumaWidth, chromaWidth, red, planeBytes)`: pixel i, `from` to before `to`, is at
 * luma index coordinates (originX + i · stepX, originY + i · stepY), in 1/2048 pixel; its colours are written as single-precision numbers
 * to `red` + 4 i and to the planes behind it. All else are addresses and widths of planes of bytes.
 */
export const cropKernel = (): Uint8Array<ArrayBuffer> =>
  moduleBytes({
    name: SAMPLE_ROW,
    parameters: ['f64', 'f64', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    body: ([originX, originY, from, to, luma, u, v, lumaWidth, chromaWidth, red, planeBytes], locals) => {
      const numbers = CROP_NUMBERS.map(() => locals.declare('f64x2'));
      const number = Object.fromEntries(CROP_NUMBERS.map((name, k) => [name, numbers[k]])) as Readonly<Record<keyof CropNumbers, Local>>;
      const [first, last, at] = [locals.declare('i32'), locals.declare('i32'), locals.declare('i32')];
      const [x, y, chromaX, chromaY] = Array.from({ length: 4 }, () => locals.declare('i32x4'));
      const [lumas, us, vs] = Array.from({ length: 3 }, () => locals.declare('i32x4'));
      const sampler = declareSampler(locals);
      const fourPixels = code(
        x.set(places(originX, number.stepX, first)),
        y.set(places(originY, number.stepY, first)),
        setWeights(sampler, x, y, lumaWidth),
        lumas.set(sampled(sampler, luma, lumaWidth)),
        // 4:2:0 of MPEG-2 and later: chroma samples sit on even luma columns and between two luma rows.
        chromaX.set(i32x4.shiftRight(x.get, i32.const(1))),
        chromaY.set(i32x4.shiftRight(i32x4.sub(y.get, fourTimes(ONE >> 1)), i32.const(1))),
        setWeights(sampler, chromaX, chromaY, chromaWidth),
        us.set(i32x4.sub(sampled(sampler, u, chromaWidth), fourTimes(GRAY))),
        vs.set(i32x4.sub(sampled(sampler, v, chromaWidth), fourTimes(GRAY))),
        at.set(i32.add(red.get, i32.mul(first.get, i32.const(PIXEL_BYTES)))),
        storeColours(locals, number, { lumas, us, vs }, at, planeBytes),
      );
      return code(
        ...CROP_NUMBERS.map((name, k) => number[name].set(f64x2.loadTwice(i32.const(0), k * NUMBER_BYTES))),
        last.set(i32.sub(to.get, i32.const(PIXELS_AT_ONCE))),
        doWhile(
          code(
            first.set(from.get),
            when(i32.lessThan(last.get, first.get), first.set(last.get)),
            fourPixels,
            add(from, i32.const(PIXELS_AT_ONCE)),
          ),
          i32.lessThan(from.get, to.get),
        ),
      );
    },
  });

const fourTimes = (value: number): Code => i32x4.const(value, value, value, value);

/** Coordinates of four pixels from `first` on. They are counted from the index alone, so that a pixel's do not depend on the others. */
const places = (origin: Local, step: Local, first: Local): Code => {
  const pair = (a: number): Code => {
    const index = f64x2.add(f64x2.splat(f64.fromInteger(first.get)), f64x2.const(a, a + 1));
    return i32x4.truncated(f64x2.add(f64x2.splat(origin.get), f64x2.mul(index, step.get)));
  };
  return f64x2.lows(pair(0), pair(2));
};

/** Four places in a plane. */
interface Sampler {
  /** Of the sample left above, from the start of the plane. */
  readonly offset: Local;
  /** Weights of the left and the right sample, 16 bits each. */
  readonly across: Local;
  /** Weight of the samples below. */
  readonly down: Local;
  readonly address: Local;
  /** Left and right sample of the upper row at each place, then of the lower. */
  readonly samples: Local;
  readonly above: Local;
}

const declareSampler = (locals: Locals): Sampler => ({
  offset: locals.declare('i32x4'),
  across: locals.declare('i16x8'),
  down: locals.declare('i32x4'),
  address: locals.declare('i32'),
  samples: locals.declare('i16x8'),
  above: locals.declare('i32x4'),
});

const wholeOf = (place: Local): Code => i32x4.shiftRight(place.get, i32.const(FRACTION_BITS));
const fractionOf = (place: Local): Code => i32x4.and(place.get, fourTimes(ONE - 1));

const setWeights = ({ offset, across, down }: Sampler, x: Local, y: Local, width: Local): Code =>
  code(
    offset.set(i32x4.add(i32x4.mul(wholeOf(y), i32x4.splat(width.get)), wholeOf(x))),
    down.set(fractionOf(x)),
    across.set(i32x4.add(i32x4.shiftLeft(down.get, i32.const(16)), i32x4.sub(fourTimes(ONE), down.get))),
    down.set(fractionOf(y)),
  );

/** The plane at the four places, in `SAMPLE_UNIT`s. */
const sampled = ({ offset, across, down, address, samples, above }: Sampler, plane: Local, width: Local): Code =>
  code(
    ...PIXELS.map((k) =>
      code(
        address.set(i32.add(plane.get, i32x4.at(offset.get, k))),
        samples.set(i16x8.withLoaded(samples.get, k, address.get)),
        samples.set(i16x8.withLoaded(samples.get, k + PIXELS_AT_ONCE, i32.add(address.get, width.get))),
      ),
    ),
    above.set(i16x8.pairProducts(i16x8.fromFirstBytes(samples.get), across.get)),
    i32x4.add(
      i32x4.shiftLeft(above.get, i32.const(FRACTION_BITS)),
      i32x4.mul(down.get, i32x4.sub(i16x8.pairProducts(i16x8.fromLastBytes(samples.get), across.get), above.get)),
    ),
  );

interface Samples {
  readonly lumas: Local;
  readonly us: Local;
  readonly vs: Local;
}

/** Colours are converted in double precision, two pixels at a time. */
const storeColours = (
  locals: Locals,
  number: Readonly<Record<keyof CropNumbers, Local>>,
  { lumas, us, vs }: Samples,
  at: Local,
  planeBytes: Local,
): Code => {
  const [luma, u, v] = Array.from({ length: 3 }, () => locals.declare('f64x2'));
  const planes = Array.from({ length: 3 }, () => locals.declare('f32x4'));
  const clamped = (value: Code): Code => f32x4.rounded(f64x2.min(number.high.get, f64x2.max(number.low.get, value)));
  const plus = (sum: Code, factor: Local, value: Local): Code => f64x2.add(sum, f64x2.mul(factor.get, value.get));
  const colours = [
    clamped(plus(luma.get, number.rv, v)),
    clamped(plus(plus(luma.get, number.gu, u), number.gv, v)),
    clamped(plus(luma.get, number.bu, u)),
  ];
  const convert = (half: (vector: Local) => Code): Code =>
    code(
      luma.set(f64x2.add(f64x2.mul(f64x2.fromFirst(half(lumas)), number.lumaGain.get), number.lumaOffset.get)),
      u.set(f64x2.fromFirst(half(us))),
      v.set(f64x2.fromFirst(half(vs))),
    );
  return code(
    convert((vector) => vector.get),
    ...planes.map((plane, k) => plane.set(colours[k])),
    convert((vector) => f64x2.highs(vector.get, vector.get)),
    ...planes.flatMap((plane, k) => [
      ...(k === 0 ? [] : [add(at, planeBytes.get)]),
      f32x4.store(at.get, f64x2.lows(plane.get, colours[k])),
    ]),
  );
};
