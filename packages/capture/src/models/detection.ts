/** A person as the detector sees one, in whatever plane units the caller uses. */
export interface Detection {
  /** 0..1. */
  readonly score: number;
  readonly centerX: number;
  readonly centerY: number;
  readonly width: number;
  readonly height: number;
  /** Centre between the hips. */
  readonly hipX: number;
  readonly hipY: number;
  /** A point on the circle that encloses the body, in the direction of the head. */
  readonly rimX: number;
  readonly rimY: number;
}

/** Intersection over union of the two boxes. */
export const overlap = (a: Detection, b: Detection): number => {
  const w = Math.min(a.centerX + a.width / 2, b.centerX + b.width / 2) - Math.max(a.centerX - a.width / 2, b.centerX - b.width / 2);
  const h = Math.min(a.centerY + a.height / 2, b.centerY + b.height / 2) - Math.max(a.centerY - a.height / 2, b.centerY - b.height / 2);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / (a.width * a.height + b.width * b.height - w * h);
};

/** Mean of the detections, weighted by their scores; the score is that of the first. */
const blend = (group: readonly Detection[]): Detection => {
  const total = group.reduce((sum, d) => sum + d.score, 0);
  const mean = (pick: (d: Detection) => number): number => group.reduce((sum, d) => sum + pick(d) * d.score, 0) / total;
  return {
    score: group[0].score,
    centerX: mean((d) => d.centerX),
    centerY: mean((d) => d.centerY),
    width: mean((d) => d.width),
    height: mean((d) => d.height),
    hipX: mean((d) => d.hipX),
    hipY: mean((d) => d.hipY),
    rimX: mean((d) => d.rimX),
    rimY: mean((d) => d.rimY),
  };
};

/**
 * Weighted non-maximum suppression (BlazeFace, arXiv:1907.05047): the best detection is averaged with all that overlap it by more
 * than `threshold`; the result is ordered by score.
 */
export const suppress = (detections: readonly Detection[], threshold: number): Detection[] => {
  let rest = [...detections].sort((a, b) => b.score - a.score);
  const kept: Detection[] = [];
  while (rest.length > 0) {
    const best = rest[0];
    const same = rest.filter((d) => d === best || overlap(best, d) > threshold);
    kept.push(blend(same));
    rest = rest.filter((d) => !same.includes(d));
  }
  return kept;
};
