/** Row of a subject's risk on a day. */
export interface RiskDayTable {
  /** script, machine, department or company. */
  kind: string;
  subject: string;
  day: string;
  score: number;
  name: string;
}
