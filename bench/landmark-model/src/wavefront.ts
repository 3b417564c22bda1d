/** A polygon mesh: `positions` is `n × 3` in the file's unit, faces are fans of triangles (`m × 3` vertex indices). */
export interface Mesh {
  readonly positions: Float64Array;
  /** Triangles of each group of the file, in file order. */
  readonly groups: ReadonlyMap<string, Uint32Array>;
}

/** Reads the parts of a Wavefront OBJ that the renderer needs: `v`, `g` and `f`. */
export function parseObj(text: string): Mesh {
  const positions: number[] = [];
  const groups = new Map<string, number[]>();
  let triangles: number[] = [];
  groups.set('', triangles);
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    if (words[0] === 'v') positions.push(Number(words[1]), Number(words[2]), Number(words[3]));
    else if (words[0] === 'g') {
      triangles = groups.get(words[1]) ?? [];
      groups.set(words[1], triangles);
    } else if (words[0] === 'f') {
      const corner = words.slice(1).map((word) => Number.parseInt(word, 10) - 1);
      for (let k = 2; k < corner.length; k++) triangles.push(corner[0], corner[k - 1], corner[k]);
    }
  }
  return {
    positions: Float64Array.from(positions),
    groups: new Map([...groups].map(([name, indices]) => [name, Uint32Array.from(indices)])),
  };
}
