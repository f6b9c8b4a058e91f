import type { AuditQuestion } from '@sentinel/protocol';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { DEFAULT_SPAN, resolveMoment } from '../../api/moment.ts';
import type { AuditSearch } from './audit-search.ts';

/** Rows of an answer on the page; an export takes more. */
const SHOWN = 500;

/** Who accessed what, when. Each asking stands in the audit trail, so it is asked once and not again by itself. */
export function answerQuery(search: AuditSearch) {
  return queryOptions({
    queryKey: ['audit-answer', search],
    queryFn: () => client.answerAudit({ query: { ...questionOf(search), limit: SHOWN } }),
    enabled: isQuestion(search),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

/** Whether the link asks about somebody or something. */
export function isQuestion({ who, what, kind, script, endpointId }: AuditSearch): boolean {
  return [who, what, kind, script, endpointId].some((part) => part !== undefined);
}

/** The question of a link as the API takes it. */
export function questionOf({ who, what, kind, script, endpointId, since, until }: AuditSearch): AuditQuestion {
  return {
    ...(who === undefined ? {} : { who }),
    ...(what === undefined ? {} : { what }),
    ...(kind === undefined ? {} : { kind }),
    ...(script === undefined ? {} : { script }),
    ...(endpointId === undefined ? {} : { endpointId }),
    since: resolveMoment(since ?? DEFAULT_SPAN),
    ...(until === undefined ? {} : { until: resolveMoment(until) }),
  };
}
