/** What `sk-test-` keys get: the whole course of a job with small fixed files, so that an integration can be tried for nothing. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SolvedFile, Solver, SolveRequest } from './solver.ts';

const BVH = `HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  End Site
  {
    OFFSET 0 0.1 0
  }
}
MOTION
Frames: 2
Frame Time: 0.0333333
0 0.9 0 0 0 0
0 0.9 0 0 0 0
`;

const G1_JOINTS = 29;
const STILL = {
  version: 1,
  robotType: 'unitree_g1',
  fps: 30,
  frameCount: 2,
  root_pos: Array.from({ length: 2 }, () => [0, 0, 0.79]),
  root_rot_xyzw: Array.from({ length: 2 }, () => [0, 0, 0, 1]),
  dof_pos: Array.from({ length: 2 }, () => Array.from({ length: G1_JOINTS }, () => 0)),
};

interface FixtureFile extends SolvedFile {
  readonly text: string;
}

const file = (targetId: string | null, role: SolvedFile['role'], name: string, mediaType: string, text: string): FixtureFile => ({
  targetId,
  role,
  name,
  mediaType,
  text,
});

const filesOf = (targetId: string): FixtureFile =>
  targetId === 'unitree_g1'
    ? file(targetId, 'file', 'unitree_g1.json', 'application/json', JSON.stringify(STILL))
    : file(targetId, 'file', `${targetId.replace(/[^a-z0-9_]/g, '_')}.bvh`, 'application/octet-stream', BVH);

function fixtureFiles(request: SolveRequest): readonly FixtureFile[] {
  const manifest = { manifestVersion: 1, jobId: request.jobId, fixture: true, exportFps: request.exportFps, billing: { vCredits: 0 } };
  return [
    ...request.targets.map(({ id }) => filesOf(id)),
    file(null, 'manifest', 'manifest.json', 'application/json', JSON.stringify(manifest)),
  ];
}

export const fixtureSolver: Solver = {
  async solve(request, { onProgress }) {
    onProgress('capturing', 0.1);
    onProgress('packaging', 0.9);
    await mkdir(request.outDir, { recursive: true });
    const files = fixtureFiles(request);
    for (const { name, text } of files) await writeFile(join(request.outDir, name), text);
    return { files, failedTargets: [] };
  },
};
