import { join } from 'node:path';
import { type SupervisedProcess, startProcess } from '../up/supervised-process.ts';
import { DEMO_SOURCES, type DemoFolder } from './demo-folder.ts';
import type { ServiceUrls } from './scenarios.ts';

/** The local services while they run. */
export interface RunningServices {
  /** Addresses of those that were asked for; others are empty. */
  readonly urls: ServiceUrls;
  stop(): Promise<void>;
}

const STOP_GRACE_MS = 3000;

/** Starts the services that scenarios need, each a process on a free port of this computer. */
export async function startServices(
  folder: DemoFolder,
  wanted: ReadonlySet<keyof ServiceUrls>,
): Promise<RunningServices> {
  const files: Record<keyof ServiceUrls, readonly [file: string, ...args: string[]]> = {
    erp: ['erp.ts', join(folder.databases, 'erp.sqlite')],
    languageModel: ['language-model.ts'],
  };
  const running: SupervisedProcess[] = [];
  const stop = async () => {
    await Promise.all(running.map((service) => service.stop(STOP_GRACE_MS)));
  };
  const start = async (name: keyof ServiceUrls) => {
    if (!wanted.has(name)) return '';
    const [file, ...args] = files[name];
    const path = join(DEMO_SOURCES, 'services', file);
    const service = startProcess(file, path, args, join(folder.logs, `${file}.log`));
    running.push(service);
    return String((await service.message('ready'))['url']);
  };
  try {
    const [erp, languageModel] = await Promise.all([start('erp'), start('languageModel')]);
    return { urls: { erp, languageModel }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
