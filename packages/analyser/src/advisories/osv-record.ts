import { z } from 'zod';

/** What Sentinel reads of an OSV record. Source: https://ossf.github.io/osv-schema/ */
export const OsvRecord = z.object({
  id: z.string().min(1).max(200),
  modified: z.string().optional(),
  withdrawn: z.string().optional(),
  aliases: z.array(z.string().max(200)).nullish(),
  severity: z.array(z.object({ type: z.string(), score: z.string() })).nullish(),
  affected: z
    .array(
      z.object({
        package: z.object({ ecosystem: z.string(), name: z.string() }).optional(),
        ranges: z
          .array(
            z.object({
              type: z.string(),
              events: z.array(
                z.object({
                  introduced: z.string().optional(),
                  fixed: z.string().optional(),
                  last_affected: z.string().optional(),
                  limit: z.string().optional(),
                }),
              ),
            }),
          )
          .nullish(),
        versions: z.array(z.string()).nullish(),
        severity: z.array(z.object({ type: z.string(), score: z.string() })).nullish(),
      }),
    )
    .nullish(),
  database_specific: z.object({ severity: z.string().optional() }).loose().nullish(),
});
export type OsvRecord = z.infer<typeof OsvRecord>;
