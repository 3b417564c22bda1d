import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Glb } from './glb.ts';
import { glbMotion, readGlb } from './glb.ts';

/**
 * FBX as the Autodesk FBX SDK reads it. The SDK is inside the npm package fbx2gltf, whose Linux x64 binary turns FBX into GLB.
 * Development only: it exits 0 on an empty scene and crashes on cyclic ones, so nothing but our own output goes in.
 */
export const HAS_FBX_SDK: boolean = process.platform === 'linux' && process.arch === 'x64';

/** Rates the binary can sample at; a file of 120 frames a second is read at 60, every second frame. */
export type SdkFps = 24 | 30 | 60;

/** Joints of an FBX in every frame, world, metres. */
export interface FbxJoints {
  readonly fps: number;
  readonly names: readonly string[];
  /** `[frame][joint] = [x, y, z]`, in the order of `names`. */
  readonly frames: readonly (readonly (readonly [number, number, number])[])[];
}

const binaryPath = (): string => join(dirname(createRequire(import.meta.url).resolve('fbx2gltf/package.json')), 'bin/Linux/FBX2glTF');

/** The GLB that the SDK's scene becomes, animation baked at `fps`. */
export function glbOfFbx(fbx: Uint8Array | string, fps: SdkFps): Glb {
  if (!HAS_FBX_SDK) throw new Error('The Autodesk FBX SDK of fbx2gltf is used on Linux x64 only.');
  const folder = mkdtempSync(join(tmpdir(), 'gaitway-fbx-'));
  try {
    // Installed without install scripts, the binary has no x bit; and the installed copy is not ours to change.
    const program = join(folder, 'FBX2glTF');
    copyFileSync(binaryPath(), program);
    chmodSync(program, 0o755);
    const input = join(folder, 'in.fbx');
    writeFileSync(input, typeof fbx === 'string' ? readFileSync(fbx) : fbx);
    execFileSync(program, ['-b', '--anim-framerate', `bake${fps}`, '-i', input, '-o', join(folder, 'out')], { stdio: 'pipe' });
    return readGlb(readFileSync(join(folder, 'out.glb')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * World positions of all named nodes of an animated FBX (bytes, or the path of a file), in metres.
 * Throws when the SDK sees no nodes or no animation, which is how it rejects a file.
 */
export function jointsOfFbx(fbx: Uint8Array | string, options: { readonly fps: SdkFps }): FbxJoints {
  const glb = glbOfFbx(fbx, options.fps);
  const nodes = glb.json.nodes ?? [];
  const motion = glbMotion(glb);
  if (nodes.length === 0 || motion.timesSec.length === 0) throw new Error('The FBX SDK reads an empty scene or no animation.');
  const named = nodes.flatMap((node, i) => (node.name ? [{ name: node.name, i }] : []));
  const frames = motion.timesSec.map((_, key) =>
    named.map(({ i }) => {
      const m = motion.world(i, key);
      return [m[12], m[13], m[14]] as const;
    }),
  );
  return { fps: options.fps, names: named.map(({ name }) => name), frames };
}
