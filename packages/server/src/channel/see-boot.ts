/** An agent's life, from one start to the next, as its heartbeats show it. */
export interface LiveBoot {
  readonly bootId: string;
  readonly hostName: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Boots that are remembered of an endpoint. */
const MOST_BOOTS = 8;
/** A request of an agent that was just replaced may still be on its way. */
const ON_THE_WAY_MS = 3000;

/**
 * Adds a sign of life. An agent that starts again leaves its old boot behind for good: when an older boot
 * speaks after a newer one did, two agents live with one key.
 * @param boots - The boot that spoke last is the last.
 */
export function seeBoot(
  boots: readonly LiveBoot[],
  { bootId, hostName }: { readonly bootId: string; readonly hostName: string },
  nowMs: number,
): { readonly boots: LiveBoot[]; readonly isCloned: boolean } {
  const known = boots.find((boot) => boot.bootId === bootId);
  const others = boots.filter((boot) => boot !== known);
  const isCloned =
    known !== undefined && others.some((boot) => boot.firstMs > known.firstMs && nowMs - boot.firstMs > ON_THE_WAY_MS);
  const seen = { bootId, hostName, firstMs: known?.firstMs ?? nowMs, lastMs: nowMs };
  return { boots: [...others, seen].slice(-MOST_BOOTS), isCloned };
}
