/** Rest after an answer, as a multiple of the time that it took. */
const REST_FACTOR = 10;

/**
 * Does costly work at most once at a time and gives its answer again for ten times as long as it
 * took: a quick answer is always fresh, a slow one takes at most a tenth of the time however many ask.
 */
export function remembered<T>(work: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let staleAt = 0;
  return () => {
    if (answer !== undefined && performance.now() < staleAt) return answer;
    const started = performance.now();
    staleAt = Number.POSITIVE_INFINITY;
    const current = work();
    answer = current;
    current.then(
      () => {
        const now = performance.now();
        staleAt = now + (now - started) * REST_FACTOR;
      },
      () => {
        answer = undefined;
      },
    );
    return current;
  };
}
