import { z } from 'zod';
import { Timestamp } from '../activity.ts';
import { defineOperation } from '../operation.ts';

const COUNT = z.int().nonnegative();

/** A number with the list that it stands for. */
const Linked = z.object({
  count: COUNT,
  list: z.string().meta({ description: 'Path and query in the console that lists exactly these.' }),
});

const Answer = z.object({
  scripts: Linked.meta({ description: 'Script families that read such data.' }),
  approved: Linked.meta({ description: 'Of them sanctioned by a person.' }),
  notApproved: Linked,
  machines: COUNT,
  people: COUNT,
});

export const getBoardAnswer = defineOperation({
  id: 'getBoardAnswer',
  method: 'GET',
  path: '/board/:category',
  permission: 'read',
  summary: 'How many scripts process such data on endpoints, right now and in 30 days, and who approved them.',
  params: z.object({
    category: z
      .enum(['customer', 'personal', 'financial', 'health', 'any'])
      .meta({ description: 'any: data with any label.' }),
  }),
  response: z.object({
    generatedAt: Timestamp,
    now: Answer,
    days30: Answer,
    approvers: z
      .array(z.object({ who: z.string(), scripts: COUNT }))
      .meta({ description: 'Who sanctioned the approved ones of 30 days, most first.' }),
    coverage: z.object({
      endpointsKnown: COUNT,
      endpointsReporting: COUNT,
      runsWaiting: COUNT.meta({ description: 'Runs that are not judged yet.' }),
      placesLabelled: COUNT.meta({ description: 'Without labels nothing is known to be such data.' }),
    }),
  }),
});
