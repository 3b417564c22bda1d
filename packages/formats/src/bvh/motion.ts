/** A BVH file as it stands: hierarchy and channel values, in the units and axes of the file. */
export interface BvhJoint {
  readonly name: string;
  /** Index of the parent joint, -1 for the root. */
  readonly parent: number;
  readonly offset: readonly [number, number, number];
  /** Channels in file order; their values start at `channelsAt` in each row. */
  readonly channels: readonly BvhChannel[];
  readonly channelsAt: number;
  /** Offset of the End Site below this joint, if it has one. */
  readonly endSite: readonly [number, number, number] | null;
}

export const BVH_CHANNELS = ['Xposition', 'Yposition', 'Zposition', 'Xrotation', 'Yrotation', 'Zrotation'] as const;
export type BvhChannel = (typeof BVH_CHANNELS)[number];

export interface BvhMotion {
  readonly joints: readonly BvhJoint[];
  readonly frameCount: number;
  readonly frameTimeSec: number;
  readonly channelCount: number;
  /** `frameCount × channelCount`; positions in file units, rotations in degrees. */
  readonly values: Float64Array;
  /** What was odd but could be read. */
  readonly warnings: readonly string[];
}
