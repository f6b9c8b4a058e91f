import type { AuditAnswer } from '@sentinel/protocol';

/** An answer as lines for a terminal: when, who, how, what, by which script on which machine. */
export function formatAnswers(answer: {
  readonly items: readonly AuditAnswer[];
  readonly total: number;
  readonly since: string;
  readonly until: string;
  readonly coverage: {
    readonly endpoints: number;
    readonly reporting: number;
    readonly oldestActivityAt?: string | undefined;
  };
}): string {
  const { items, total, coverage } = answer;
  const lines = items.map((item) =>
    [
      item.at.replace('T', ' ').slice(0, 19),
      item.who === '' ? '(unknown account)' : item.who,
      item.detail === '' ? item.how : `${item.how} ${item.detail}`,
      item.what,
      item.script === undefined ? '' : `by ${item.script.name}`,
      item.hostName === undefined ? '' : `on ${item.hostName}`,
      item.rows > 0 ? `${item.rows} rows` : '',
      item.count > 1 ? `${item.count} times` : '',
      item.recordNumber === undefined ? '' : `record ${item.recordNumber}`,
    ]
      .filter((part) => part !== '')
      .join('  '),
  );
  const oldest =
    coverage.oldestActivityAt === undefined
      ? 'no activity is kept'
      : `activities are kept since ${coverage.oldestActivityAt}`;
  return [
    ...lines,
    `${items.length} of ${total} accesses, ${answer.since} to ${answer.until} (UTC)`,
    `From ${coverage.reporting} of ${coverage.endpoints} machines that report now; ${oldest}.`,
    '',
  ].join('\n');
}
