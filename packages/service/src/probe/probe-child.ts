/** Runs as a process of its own: one file is measured, one answer sent. */
import { GaitwayError, isGaitwayError } from '@gaitway/motion/errors';
import { probeSource } from '@gaitway/pipeline/probe-source';
import type { ProbeAnswer, ProbeQuestion } from './probe-messages.ts';

async function answerTo({ path, timeoutMs }: ProbeQuestion): Promise<ProbeAnswer> {
  try {
    const info = await probeSource(path, { timeoutMs });
    const { bytes, sha256, codec, widthPx, heightPx, rotationDeg, fps, frameCount, durationSec } = info;
    return { ok: true, facts: { bytes, sha256, codec, widthPx, heightPx, rotationDeg, fps, frameCount, durationSec } };
  } catch (error) {
    const { code, stage, message, facts } = isGaitwayError(error) ? error : new GaitwayError('service_unavailable');
    return { ok: false, code, stage, message, facts };
  }
}

process.once('message', (question: ProbeQuestion) => {
  answerTo(question).then((answer) => process.send?.(answer, () => process.disconnect()));
});
