/** What `sk-test-` keys get: the whole course of a job with small fixed files, so that an integration can be tried for nothing. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFbx } from '@gaitway/formats/fbx/write-fbx';
import { HUMAN_SKELETON } from '@gaitway/motion/human';
import type { SolvedFile, SolveRequest, Solver } from './solver.ts';

const FRAMES = 2;

/** A person who stands still. */
function stillFbx(fps: number): Uint8Array {
  const rest = HUMAN_SKELETON.joints.flatMap((joint) => joint.rotation);
  const root = HUMAN_SKELETON.joints[0].translationM;
  return writeFbx({
    name: 'fixture',
    skeleton: HUMAN_SKELETON,
    fps,
    frameCount: FRAMES,
    rotations: Float32Array.from([...rest, ...rest]),
    translationsM: new Map([[0, Float32Array.from([...root, ...root])]]),
  });
}

const G1_JOINTS = 29;
const STILL = {
  version: 1,
  robotType: 'unitree_g1',
  fps: 30,
  frameCount: FRAMES,
  root_pos: Array.from({ length: FRAMES }, () => [0, 0, 0.79]),
  root_rot_xyzw: Array.from({ length: FRAMES }, () => [0, 0, 0, 1]),
  dof_pos: Array.from({ length: FRAMES }, () => Array.from({ length: G1_JOINTS }, () => 0)),
};

interface FixtureFile extends SolvedFile {
  readonly content: string | Uint8Array;
}

const file = (
  targetId: string | null,
  role: SolvedFile['role'],
  name: string,
  mediaType: string,
  content: string | Uint8Array,
): FixtureFile => ({
  targetId,
  role,
  name,
  mediaType,
  content,
});

const fileOf = (targetId: string, fps: number): FixtureFile =>
  targetId === 'unitree_g1'
    ? file(targetId, 'file', 'unitree_g1.json', 'application/json', JSON.stringify(STILL))
    : file(targetId, 'file', `${targetId.replace(/[^a-z0-9_]/g, '_')}.fbx`, 'application/octet-stream', stillFbx(fps));

function fixtureFiles(request: SolveRequest): readonly FixtureFile[] {
  const manifest = { manifestVersion: 1, jobId: request.jobId, fixture: true, exportFps: request.exportFps, billing: { vCredits: 0 } };
  return [
    ...request.targets.map(({ id }) => fileOf(id, request.exportFps)),
    file(null, 'manifest', 'manifest.json', 'application/json', JSON.stringify(manifest)),
  ];
}

export const fixtureSolver: Solver = {
  async solve(request, { onProgress }) {
    onProgress('capturing', 0.1);
    onProgress('packaging', 0.9);
    await mkdir(request.outDir, { recursive: true });
    const files = fixtureFiles(request);
    for (const { name, content } of files) await writeFile(join(request.outDir, name), content);
    return { files: files.map(({ content: _, ...solved }) => solved), failedTargets: [] };
  },
};
