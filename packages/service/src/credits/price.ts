/** 1 credit = 1 second of admitted video, begun seconds count, at least 1; computed from integer milliseconds. `price(1001) = 2`. */
export const price = (durationMs: number): number => Math.max(1, Math.ceil(durationMs / 1000));
