import type { ColourMatrix } from '../video-info.ts';

/** What a header says about one stream, as text from ffprobe made into checked values; no field is trusted to be there. */
export interface StreamHeader {
  readonly index: number;
  readonly kind: string;
  readonly codec: string;
  /** Stored size, before rotation. */
  readonly storedWidthPx: number;
  readonly storedHeightPx: number;
  readonly rotationDeg: number;
  /** Width of one pixel divided by its height. */
  readonly pixelAspect: number;
  readonly pixelFormat: string;
  readonly fullRange: boolean;
  readonly matrix: ColourMatrix;
  readonly interlaced: boolean;
  /** Frames the index promises; 0 where it says nothing. */
  readonly promisedFrames: number;
  /** A cover picture, not the film. */
  readonly isCover: boolean;
  readonly isDefault: boolean;
}

export interface FileHeader {
  readonly format: string;
  readonly brand: string;
  /** Earliest time stamp of all streams, seconds. */
  readonly startSec: number;
  readonly streams: readonly StreamHeader[];
}

/** The fields to ask ffprobe for. */
export const HEADER_ENTRIES = [
  'format=format_name,start_time',
  'format_tags=major_brand',
  'stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,pix_fmt,color_range,color_space,field_order,nb_frames',
  'stream_disposition=default,attached_pic',
  'stream_tags=rotate',
  'stream_side_data=rotation',
].join(':');

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number => (typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN);

/** Reads ffprobe's JSON; missing and odd values become neutral ones. */
export const parseHeader = (json: string): FileHeader => {
  const root = fieldsOf(JSON.parse(json));
  const format = fieldsOf(root.format);
  return {
    format: textOf(format.format_name),
    brand: textOf(fieldsOf(format.tags).major_brand).trim(),
    startSec: numberOf(format.start_time) || 0,
    streams: listOf(root.streams).map((stream) => parseStream(fieldsOf(stream))),
  };
};

const parseStream = (stream: Fields): StreamHeader => {
  const disposition = fieldsOf(stream.disposition);
  const width = Math.max(0, numberOf(stream.width) || 0);
  const height = Math.max(0, numberOf(stream.height) || 0);
  const pixelFormat = textOf(stream.pix_fmt);
  return {
    index: numberOf(stream.index),
    kind: textOf(stream.codec_type),
    codec: textOf(stream.codec_name) || 'unknown',
    storedWidthPx: width,
    storedHeightPx: height,
    rotationDeg: rotationOf(stream),
    pixelAspect: pixelAspectOf(textOf(stream.sample_aspect_ratio)),
    pixelFormat,
    fullRange: stream.color_range === 'pc' || pixelFormat.startsWith('yuvj'),
    matrix: matrixOf(textOf(stream.color_space), pixelFormat, height),
    interlaced: /^(tt|bb|tb|bt)$/.test(textOf(stream.field_order)),
    promisedFrames: numberOf(stream.nb_frames) || 0,
    isCover: disposition.attached_pic === 1,
    isDefault: disposition.default === 1,
  };
};

/** Clockwise degrees to turn the stored picture. The display matrix counts anticlockwise, the older tag clockwise. */
const rotationOf = (stream: Fields): number => {
  const matrix = listOf(stream.side_data_list)
    .map((data) => numberOf(fieldsOf(data).rotation))
    .find(Number.isFinite);
  const clockwise = matrix === undefined ? numberOf(fieldsOf(stream.tags).rotate) : -matrix;
  if (!Number.isFinite(clockwise)) return 0;
  return (((Math.round(clockwise / 90) % 4) + 4) % 4) * 90;
};

const FLATTEST_PIXEL = 4;

const pixelAspectOf = (text: string): number => {
  const [width, height] = text.split(':').map(Number);
  const aspect = width / height;
  return aspect >= 1 / FLATTEST_PIXEL && aspect <= FLATTEST_PIXEL ? aspect : 1;
};

const HD_HEIGHT_PX = 720;

/** Files that say nothing follow the custom of their size: BT.709 from HD on. RGB is converted with BT.601 by us. */
const matrixOf = (colourSpace: string, pixelFormat: string, heightPx: number): ColourMatrix => {
  if (isRgb(pixelFormat)) return 'bt601';
  if (colourSpace === 'bt709') return 'bt709';
  if (colourSpace.startsWith('bt2020')) return 'bt2020';
  if (['smpte170m', 'bt470bg', 'fcc', 'smpte240m'].includes(colourSpace)) return 'bt601';
  return heightPx >= HD_HEIGHT_PX ? 'bt709' : 'bt601';
};

export const isRgb = (pixelFormat: string): boolean => /^(gbr|rgb|bgr|argb|abgr|0rgb|0bgr|pal8|x2rgb|x2bgr)/.test(pixelFormat);

export const isPlainYuv420 = (pixelFormat: string): boolean => pixelFormat === 'yuv420p' || pixelFormat === 'yuvj420p';

/** The film among the streams: not a cover, the default one if several are left, else the largest. */
export const chooseVideoStream = (header: FileHeader): StreamHeader | null => {
  const films = header.streams.filter((stream) => stream.kind === 'video' && !stream.isCover);
  const rank = (stream: StreamHeader): number => (stream.isDefault ? 2 ** 40 : 0) + stream.storedWidthPx * stream.storedHeightPx;
  return films.reduce<StreamHeader | null>((best, stream) => (best === null || rank(stream) > rank(best) ? stream : best), null);
};

/** Size of the picture with square pixels, the right way up. */
export const uprightSize = (stream: StreamHeader): { widthPx: number; heightPx: number } => {
  const width = Math.round(stream.storedWidthPx * Math.max(1, stream.pixelAspect));
  const height = Math.round(stream.storedHeightPx / Math.min(1, stream.pixelAspect));
  return stream.rotationDeg % 180 === 0 ? { widthPx: width, heightPx: height } : { widthPx: height, heightPx: width };
};
