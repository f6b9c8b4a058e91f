import { z } from 'zod';

/**
 * The part of SARIF 2.1.0 that reports use, closed: a property that the standard does not know is refused.
 * Source: OASIS SARIF 2.1.0 errata 01, sections 3.13 to 3.49.
 */
const Message = z.strictObject({ text: z.string().min(1) });
const Level = z.enum(['none', 'note', 'warning', 'error']);
const PropertyBag = z.looseObject({ tags: z.array(z.string()).optional() });
const UtcTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
/** A URI reference: no blank, no backslash, nothing that must be escaped. Source: RFC 3986. */
const UriReference = z.string().regex(/^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/);

const Region = z
  .strictObject({
    startLine: z.int().min(1),
    endLine: z.int().min(1).optional(),
    startColumn: z.int().min(1).optional(),
    endColumn: z.int().min(1).optional(),
  })
  .refine(({ startLine, endLine }) => endLine === undefined || endLine >= startLine, 'endLine before startLine');

const Rule = z.strictObject({
  id: z.string(),
  name: z.string().optional(),
  shortDescription: Message.optional(),
  fullDescription: Message.optional(),
  helpUri: UriReference.optional(),
  help: Message.optional(),
  defaultConfiguration: z
    .strictObject({ enabled: z.boolean().optional(), level: Level.optional(), rank: z.number().optional() })
    .optional(),
  properties: PropertyBag.optional(),
});

const Result = z.strictObject({
  ruleId: z.string().optional(),
  ruleIndex: z.int().min(-1).optional(),
  kind: z.enum(['notApplicable', 'pass', 'fail', 'review', 'open', 'informational']).optional(),
  level: Level.optional(),
  message: Message,
  locations: z
    .array(
      z.strictObject({
        physicalLocation: z.strictObject({
          artifactLocation: z.strictObject({ uri: UriReference, uriBaseId: z.string().optional() }),
          region: Region.optional(),
        }),
      }),
    )
    .optional(),
  partialFingerprints: z.record(z.string(), z.string()).optional(),
  suppressions: z
    .array(
      z.strictObject({
        kind: z.enum(['inSource', 'external']),
        status: z.enum(['accepted', 'underReview', 'rejected']).optional(),
        justification: z.string().optional(),
        properties: PropertyBag.optional(),
      }),
    )
    .optional(),
  properties: PropertyBag.optional(),
});

const Run = z
  .strictObject({
    tool: z.strictObject({
      driver: z.strictObject({
        name: z.string(),
        version: z.string().optional(),
        semanticVersion: z.string().optional(),
        informationUri: UriReference.optional(),
        rules: z.array(Rule).optional(),
        properties: PropertyBag.optional(),
      }),
    }),
    columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']).optional(),
    invocations: z
      .array(
        z.strictObject({
          executionSuccessful: z.boolean(),
          startTimeUtc: UtcTime.optional(),
          endTimeUtc: UtcTime.optional(),
        }),
      )
      .optional(),
    results: z.array(Result).optional(),
    properties: PropertyBag.optional(),
  })
  .superRefine(({ tool, results = [] }, context) => {
    const rules = tool.driver.rules ?? [];
    if (new Set(rules.map(({ id }) => id)).size < rules.length) context.addIssue('rules are not unique');
    for (const { ruleId, ruleIndex } of results)
      if (ruleIndex !== undefined && ruleIndex >= 0 && rules[ruleIndex]?.id !== ruleId)
        context.addIssue(`ruleIndex ${ruleIndex} is not ${ruleId}`);
  });

/** A log as the standard has it. */
export const SarifLog = z.strictObject({
  $schema: z.url().optional(),
  version: z.literal('2.1.0'),
  runs: z.array(Run),
});
