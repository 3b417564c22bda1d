import type { AnimationClip, Object3D, SkinnedMesh } from 'three';
import { AnimationMixer, Vector3 } from 'three';
import { BVHLoader } from 'three/examples/jsm/loaders/BVHLoader.js';
import { FBXLoader } from 'three/examples/jsm/loaders/FBXLoader.js';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';
import type { Points } from './skinning.ts';

/** FBX as three.js reads it, in Node: our files name no texture, so nothing of a browser is touched. */
export function threeFbx(bytes: Uint8Array): ThreeScene {
  const copy = bytes.slice();
  const scene = new FBXLoader().parse(copy.buffer, '');
  return new ThreeScene(scene, scene.animations[0], 0.01);
}

/** A loaded scene with one animation, in any three.js loader's units. */
export class ThreeScene {
  readonly #scene: Object3D;
  readonly #mixer: AnimationMixer;
  readonly #metresPerUnit: number;
  readonly durationSec: number;
  #posedSec = Number.NaN;

  constructor(scene: Object3D, clip: AnimationClip, metresPerUnit: number) {
    this.#scene = scene;
    this.#metresPerUnit = metresPerUnit;
    this.durationSec = clip.duration;
    this.#mixer = new AnimationMixer(scene);
    this.#mixer.clipAction(clip).play();
  }

  /** World position of the named node at a time, metres. */
  joint(name: string, timeSec: number): readonly [number, number, number] {
    this.#pose(timeSec);
    const node = this.#scene.getObjectByName(name);
    if (!node) throw new Error(`three.js sees no ${name}`);
    return this.#metres(node.getWorldPosition(new Vector3()));
  }

  /** Vertices of the skinned mesh: as stored, and skinned at a time. */
  vertices(timeSec: number): { readonly rest: Points; readonly moved: Points } {
    this.#pose(timeSec);
    const mesh = this.#skinnedMesh();
    const stored = mesh.geometry.getAttribute('position');
    const indices = Array.from({ length: stored.count }, (_, i) => i);
    const rest = indices.map((i) => this.#metres(new Vector3().fromBufferAttribute(stored, i)));
    const moved = indices.map((i) => this.#metres(mesh.localToWorld(mesh.getVertexPosition(i, new Vector3()))));
    return { rest, moved };
  }

  #pose(timeSec: number): void {
    if (timeSec === this.#posedSec) return;
    this.#posedSec = timeSec;
    // The very end of a looped action wraps to its start.
    this.#mixer.setTime(Math.min(timeSec, this.durationSec - 1e-9));
    this.#scene.updateMatrixWorld(true);
  }

  #skinnedMesh(): SkinnedMesh {
    let found: SkinnedMesh | undefined;
    this.#scene.traverse((node) => {
      if ('isSkinnedMesh' in node) found = node as SkinnedMesh;
    });
    if (!found) throw new Error('three.js sees no skinned mesh');
    return found;
  }

  #metres({ x, y, z }: Vector3): [number, number, number] {
    const s = this.#metresPerUnit;
    return [x * s, y * s, z * s];
  }
}

/** Binary glTF as three.js reads it; no texture, so nothing of a browser is touched. */
export async function threeGlb(bytes: Uint8Array): Promise<ThreeScene> {
  const { scene, animations } = await new GLTFLoader().parseAsync(bytes.slice().buffer, '');
  return new ThreeScene(scene, animations[0], 1);
}

/** BVH in centimetres as three.js reads it. */
export function threeBvh(bytes: Uint8Array): ThreeScene {
  const { skeleton, clip } = new BVHLoader().parse(new TextDecoder().decode(bytes));
  return new ThreeScene(skeleton.bones[0], clip, 0.01);
}
