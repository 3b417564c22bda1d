const RADIUS = 3;
const MIN_CONFIDENCE = 0.5;

/**
 * Moves a point to the centre of mass of its landmark's heatmap around it, where the map is sure of itself.
 *
 * @param heatmaps logits, `landmarks × side × side`
 * @param points x at `at`, y at `at + 1`, in units where the whole map is 1; changed in place
 */
export const refineFromHeatmap = (heatmaps: Float32Array, side: number, landmark: number, points: Float32Array, at: number): void => {
  const column = Math.trunc(points[at] * side);
  const row = Math.trunc(points[at + 1] * side);
  if (column < 0 || column >= side || row < 0 || row >= side) return;
  const map = landmark * side * side;
  let best = 0;
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  for (let y = Math.max(0, row - RADIUS); y <= Math.min(side - 1, row + RADIUS); y++)
    for (let x = Math.max(0, column - RADIUS); x <= Math.min(side - 1, column + RADIUS); x++) {
      const confidence = 1 / (1 + Math.exp(-heatmaps[map + y * side + x]));
      sum += confidence;
      sumX += x * confidence;
      sumY += y * confidence;
      if (confidence > best) best = confidence;
    }
  if (best < MIN_CONFIDENCE) return;
  points[at] = sumX / sum / side;
  points[at + 1] = sumY / sum / side;
};
