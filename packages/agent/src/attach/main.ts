import { dataFolder } from '@sentinel/capture';
import { Command, InvalidArgumentError } from 'commander';
import { openProbePlaces } from '../instrumentation/spool-access.ts';
import { type AttachOutcome, attach } from './attach.ts';

const EXIT_CODES: Readonly<Record<AttachOutcome['kind'], number>> = {
  attached: 0,
  'there-already': 0,
  asked: 2,
  refused: 1,
};

const program = new Command('sentinel agent attach')
  .argument('<pid>', 'process', processId)
  .option('--json')
  .option('--data <dir>')
  .parse();
const options = program.opts<{ json?: true; data?: string }>();
const [pid] = program.processedArgs as [number];
const outcome = await attach(pid, openProbePlaces(dataFolder(options.data)));
process.stdout.write(options.json === true ? `${JSON.stringify({ pid, ...outcome })}\n` : `${sentence(outcome)}\n`);
process.exitCode = EXIT_CODES[outcome.kind];

function sentence(came: AttachOutcome): string {
  switch (came.kind) {
    case 'attached':
      return `Process ${pid} has the probe now. What it did before is not known, nor is what it imported before looked into.`;
    case 'there-already':
      return `Process ${pid} had the probe already.`;
    case 'asked':
      return `Process ${pid} was asked and waits for something else; it has the probe as soon as it goes on.`;
    case 'refused':
      return `Process ${pid} was not attached to: ${came.reason}.`;
  }
}

function processId(text: string): number {
  const pid = Number(text);
  if (!Number.isInteger(pid) || pid <= 0) throw new InvalidArgumentError('a process id is needed');
  return pid;
}
