import { parentPort } from 'node:worker_threads';
import { analyseLoaded, loadAnalyser } from './analyse.ts';
import type { PoolAnswer, PoolQuestion } from './pool-messages.ts';

await loadAnalyser();
const port = parentPort;
port?.on('message', ({ number, bytes, path, localModules, pythonMinor, fingerprintKey }: PoolQuestion) => {
  const analysis = analyseLoaded(bytes, {
    path,
    localModules: new Set(localModules),
    ...(pythonMinor === undefined ? {} : { pythonMinor }),
    ...(fingerprintKey === undefined ? {} : { fingerprintKey }),
  });
  port.postMessage({ number, analysis } satisfies PoolAnswer);
});
