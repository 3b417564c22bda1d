import { z } from 'zod';
import { listTargets } from '../../jobs/targets.ts';
import type { App } from '../context.ts';
import { inData } from '../schemas.ts';

const targetSchema = z.object({
  id: z.string(),
  name: z.string(),
  resultType: z.enum(['fbx', 'robot_motion_json']),
  version: z.int().nullable(),
  limitations: z.string().nullable(),
  fallback: z.string().nullable(),
});

export function registerTargets(app: App): void {
  app.get(
    '/api/v1/mocap/targets',
    {
      config: { scope: 'jobs:read' },
      schema: {
        operationId: 'listTargets',
        summary: 'Targets this key may use',
        tags: ['jobs'],
        response: { 200: inData(z.array(targetSchema)) },
      },
    },
    async () => ({ data: [...listTargets()] }),
  );
}
