import { parseArgs } from 'node:util';
import { type Command, printLine } from '../command.ts';
import { type Finding, runChecks } from '../doctor/checks.ts';
import { EXIT } from '../exit-codes.ts';

const MARKS: Readonly<Record<Finding['level'], string>> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

export const doctorCommand: Command = {
  help: `Usage: gaitway doctor [--json]

Looks at everything that Gaitway needs: Node, cores, ffmpeg (which one, how old), model files, the ONNX runtime.
Exit code 0 if it can work here, 1 if not.`,

  async run(args, { stdout, environment }) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
    const findings = await runChecks(environment);
    if (values.json) printLine(stdout, JSON.stringify(findings, null, 2));
    else for (const { name, level, text } of findings) printLine(stdout, `${MARKS[level]}  ${name.padEnd(12)}  ${text}`);
    return findings.some(({ level }) => level === 'fail') ? EXIT.ourFault : EXIT.done;
  },
};
