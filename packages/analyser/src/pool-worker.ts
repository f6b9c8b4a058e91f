import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { analyseLoaded, loadAnalyser } from './analyse.ts';
import { addedRules } from './packs/added-rules.ts';
import { RulePacks } from './packs/rule-packs.ts';
import { parserState } from './parse.ts';
import {
  nowMs,
  type PoolAnswer,
  type PoolAnswers,
  type PoolQuestion,
  type PoolSetup,
  Progress,
} from './pool-messages.ts';
import { ruffMemoryBytes } from './weaknesses/ruff-engine.ts';

/** Answers wait so long for further ones. */
const FLUSH_MS = 20;
/** Beyond this the worker asks to be replaced: WebAssembly gives no memory back. */
const MAX_ENGINE_BYTES = 80 * 1024 * 1024;

// The optimising compiler of WebAssembly works on one function at a time, and later: all at once it took 200 MB.
setFlagsFromString('--wasm-num-compilation-tasks=1');
setFlagsFromString('--wasm-tiering-budget=100000000');
await loadAnalyser();
// The first source must not pay for what is compiled on first use.
analyseLoaded(Buffer.from('import os\nos.system(f"{os.getenv(1)}")\n'), { path: 'warm.py' });
const setup = workerData as PoolSetup;
const progress = new Progress(setup.progress);
const added = setup.packs === undefined ? undefined : addedRules(new RulePacks(setup.packs));
const port = parentPort;

function analyseOne(question: PoolQuestion): PoolAnswer {
  const { number, bytes, path, localModules, pythonMinor, fingerprintKey } = question;
  progress.begin(number);
  const analysis = analyseLoaded(bytes, {
    path,
    added,
    localModules: new Set(localModules),
    ...(pythonMinor === undefined ? {} : { pythonMinor }),
    ...(fingerprintKey === undefined ? {} : { fingerprintKey }),
  });
  return { number, analysis };
}

function isSpent(): boolean {
  const parser = parserState();
  return parser.isBroken || parser.memoryBytes + ruffMemoryBytes() > MAX_ENGINE_BYTES;
}

port?.on('message', (questions: readonly PoolQuestion[]) => {
  let answers: PoolAnswer[] = [];
  let flushedMs = nowMs();
  for (const [at, question] of questions.entries()) {
    answers.push(analyseOne(question));
    const spent = isSpent();
    if (!spent && at < questions.length - 1 && nowMs() - flushedMs < FLUSH_MS) continue;
    port.postMessage({ answers, isSpent: spent } satisfies PoolAnswers);
    answers = [];
    flushedMs = nowMs();
    // Whoever gave the rest of the sources gives them to another worker.
    if (spent) return;
  }
});
