import { type ChildProcess, fork } from 'node:child_process';

/** Longest time for one question, the loading of the engines on a busy computer included. */
const TIME_MS = 30_000;
/** The engines' memory is given back after so much rest. */
const REST_MS = 4_000;

/** The process broke or took too long: another time may go better. */
export interface WorkFailed {
  readonly kind: 'failed';
  readonly reason: string;
}

/**
 * Answers questions one at a time in a process that is there only while there is something to do: its memory is never the
 * agent's.
 */
export class BriefWorker<Question extends object, Reply extends object> {
  readonly #program: URL;
  #worker: ChildProcess | undefined;
  #rest: NodeJS.Timeout | undefined;
  #number = 0;

  /** @param program - Gets each question with a `number`, and sends its answer with that number. */
  constructor(program: URL) {
    this.#program = program;
  }

  /** The answer; never rejects. */
  async ask(question: Question): Promise<Reply | WorkFailed> {
    clearTimeout(this.#rest);
    this.#worker ??= fork(this.#program, {
      execArgv: ['--max-old-space-size=256'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const worker = this.#worker;
    const number = ++this.#number;
    const { promise, resolve } = Promise.withResolvers<Reply | WorkFailed>();
    let hasFailed = false;
    const fail = (reason: string) => {
      hasFailed = true;
      resolve({ kind: 'failed', reason });
    };
    const onMessage = (message: unknown) => {
      const answer = message as Reply & { number: number };
      if (answer.number === number) resolve(answer);
    };
    const onError = (error: Error) => fail(`analysis failed: ${error.message}`);
    const onExit = () => fail('analysis ended');
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    const limit = setTimeout(() => fail('analysis takes too long'), TIME_MS);
    if (!worker.send({ ...question, number }) && !worker.connected) fail('analysis ended');
    const answer = await promise;
    clearTimeout(limit);
    worker.off('message', onMessage).off('exit', onExit);
    if (hasFailed) await this.close();
    else {
      worker.off('error', onError);
      this.#rest = setTimeout(() => void this.close(), REST_MS);
      this.#rest.unref();
    }
    return answer;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    clearTimeout(this.#rest);
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined || worker.exitCode !== null || worker.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.kill('SIGKILL');
    await ended;
  }
}
