/**
 * The whole flow with the client: a video in, files on disk out.
 *
 *     GAITWAY_API_KEY=sk-… npx tsx examples/submit.ts samples/walk_front.mp4 out/walk
 */
import { basename, join } from 'node:path';
import { GaitwayClient } from '@gaitway/client/client';
import { downloadToFile } from '@gaitway/client/node-download';
import { fileBody } from '@gaitway/client/node-file-body';

const [videoPath, outDir] = process.argv.slice(2);
const client = new GaitwayClient({
  baseUrl: process.env.GAITWAY_URL ?? 'http://127.0.0.1:8080',
  apiKey: process.env.GAITWAY_API_KEY ?? '',
});

const { jobId, uploadUrl } = await client.createJob({ sourceFilename: basename(videoPath), targetIds: ['default'] });
console.log(`job ${jobId}`);
await client.upload(uploadUrl, await fileBody(videoPath));
await client.completeUpload(jobId);

const { job } = await client.waitForJob(jobId, {
  onUpdate: ({ job }) => console.log(`${job.status} ${job.phase ?? ''} ${Math.round(100 * (job.progress ?? 0))}%`),
});
if (job.status !== 'completed') throw new Error(`the job ended as ${job.status}: ${job.error?.message ?? 'no reason given'}`);

const result = await client.result(jobId);
for (const output of result.outputs) {
  for (const file of output.files) {
    await downloadToFile(file, join(outDir, basename(file.name)));
    console.log(`${output.targetId}: ${file.name}, ${file.bytes} bytes, sha256 ${file.sha256}`);
  }
}
