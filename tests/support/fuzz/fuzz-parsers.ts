import { type FuzzTarget, fuzzTargets } from './fuzz-targets.ts';
import { mutateBytes, seededNumbers } from './mutate-bytes.ts';

/** No input of a few kilobytes takes that long, on however slow a machine, unless a parser runs away. */
const RUN_AWAY_MS = 20_000;

/**
 * Feeds every parser with mutated inputs; gives what went wrong: an error that callers do not expect, a wrong answer, a parser
 * that runs away. Each line names the seed that brings it back.
 */
export async function fuzzParsers(rounds: number, seed: number): Promise<string[]> {
  const wrongs: string[] = [];
  for (const target of await fuzzTargets()) {
    for (let round = 0; round < rounds && wrongs.length < 20; round += 1) {
      const next = seededNumbers(seed * 1_000_003 + round);
      const pick = () => target.seeds[next(target.seeds.length)] ?? Buffer.alloc(0);
      const input = round < target.seeds.length ? (target.seeds[round] ?? pick()) : mutateBytes(pick(), pick(), next);
      const wrong = await wrongOf(target, input);
      if (wrong !== undefined) wrongs.push(`${target.name}, seed ${seed}, round ${round}: ${wrong}`);
    }
  }
  return wrongs;
}

async function wrongOf({ parse, isExpected }: FuzzTarget, input: Buffer): Promise<string | undefined> {
  const started = performance.now();
  try {
    await parse(Buffer.from(input));
  } catch (error) {
    if (!isExpected(error))
      return `${String(error)}\n${(error as Error).stack?.split('\n').slice(1, 4).join('\n') ?? ''}`;
  }
  const tookMs = performance.now() - started;
  if (tookMs > RUN_AWAY_MS) return `took ${Math.round(tookMs)} ms for ${input.length} bytes`;
  return ({} as Record<string, unknown>)['x'] === undefined ? undefined : 'changed the prototype of all objects';
}
