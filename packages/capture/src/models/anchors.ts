/** Side of the detector's input, pixels. */
export const DETECTOR_SIDE_PX = 224;

const STRIDES = [8, 16, 32, 32, 32] as const;
const ANCHORS_PER_CELL = 2;

/** Centres of the detector's 2254 anchors, `x, y` in 0..1 of the input: two for every cell of every layer. */
export const anchorCenters = (): Float32Array => {
  const centers: number[] = [];
  let layer = 0;
  while (layer < STRIDES.length) {
    // Layers with equal strides share their cells: all of their anchors follow each other in one cell.
    const stride = STRIDES[layer];
    const shared = STRIDES.filter((other) => other === stride).length;
    const cells = Math.ceil(DETECTOR_SIDE_PX / stride);
    for (let y = 0; y < cells; y++)
      for (let x = 0; x < cells; x++)
        for (let a = 0; a < ANCHORS_PER_CELL * shared; a++) centers.push((x + 0.5) / cells, (y + 0.5) / cells);
    layer += shared;
  }
  return Float32Array.from(centers);
};
