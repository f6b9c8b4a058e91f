import { readFileSync } from 'node:fs';
import { JudgeContext } from '@sentinel/detector';

/**
 * What rules may know besides the run: the company's calendar, map of data, lists and limits.
 * @param file - JSON of it; without one, nothing is known: no hours, labels or approvals are judged.
 * @throws Error that says what is wrong with the file.
 */
export function readJudgeContext(file: string | undefined): JudgeContext {
  if (file === undefined) return JudgeContext.parse({});
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`--context ${file}: ${(error as Error).message}`, { cause: error });
  }
  const parsed = JudgeContext.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`--context ${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a context'}`);
}
