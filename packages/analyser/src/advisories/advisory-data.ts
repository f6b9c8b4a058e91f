import { Severity } from '@sentinel/protocol';
import { z } from 'zod';

/** Versions from `introduced` on; up to but without `fixed`, or up to and with `last`. `0` is the very first. */
export const VersionRange = z.object({
  introduced: z.string(),
  fixed: z.string().optional(),
  last: z.string().optional(),
});
export type VersionRange = z.infer<typeof VersionRange>;

/** One advisory on one distribution. */
export const Advisory = z.object({
  id: z.string(),
  aliases: z.array(z.string()),
  ranges: z.array(VersionRange),
  /** Affected versions that no range covers, as they are written. */
  versions: z.array(z.string()),
  severity: Severity.optional(),
  isMalicious: z.boolean(),
  isKnownExploited: z.boolean(),
  /** Probability of exploitation within 30 days. Source: EPSS, https://www.first.org/epss/ */
  epss: z.number().min(0).max(1).optional(),
});
export type Advisory = z.infer<typeof Advisory>;

/** All that is known of packages, as it stands in a bundle. */
export const AdvisoryData = z.object({
  schema: z.literal(1),
  /** Day of the newest record of each kind. */
  dates: z.object({ advisories: z.iso.date().optional(), malicious: z.iso.date().optional() }),
  /** Advisories by normalised name. */
  packages: z.record(z.string(), z.array(Advisory)),
  /** Legitimate names, normalised, the most downloaded first. */
  names: z.array(z.string()),
});
export type AdvisoryData = z.infer<typeof AdvisoryData>;
