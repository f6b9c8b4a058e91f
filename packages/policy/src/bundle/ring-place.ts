/** Places of the circle that endpoints are spread over. */
export const RING_PLACES = 10_000;

/**
 * The place of an endpoint for one policy, 0 to 9,999: always the same, evenly spread, and another one for another policy, so that
 * it is not the same people who get every change first. FNV-1a over UTF-16 units, then the finaliser of MurmurHash3.
 * Source: draft-eastlake-fnv; MurmurHash3 fmix32, public domain.
 */
export function ringPlace(policyId: string, endpointId: string): number {
  let hash = 0x811c9dc5;
  const text = `${policyId}\n${endpointId}`;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    if (unit > 0xff) hash = Math.imul(hash ^ (unit >> 8), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) % RING_PLACES;
}

/** Whether an endpoint is among the first so many percent for a policy. Who is in a smaller ring is in every larger one. */
export function isInRing(policyId: string, endpointId: string, percent: number): boolean {
  return ringPlace(policyId, endpointId) * 100 < percent * RING_PLACES;
}
