import { scorePackages } from './score-packages.ts';
import type { Row } from './table.ts';

/** Advisory queries, squats and benign look-alikes. */
export async function packagesRows(showError?: (line: string) => void): Promise<Row[]> {
  const { queries, squats, asked, wrong, benignCalledMalicious } = await scorePackages();
  for (const query of wrong) showError?.(`query wrong: ${JSON.stringify(query)}`);
  const counted = (isAffected: boolean): string => {
    const of = (some: readonly { readonly affected: boolean }[]) =>
      some.filter(({ affected }) => affected === isAffected).length;
    return `${of(asked)} queries, ${of(wrong)} wrong`;
  };
  return [
    {
      set: 'advisory queries',
      measure: 'affected, right',
      value: queries.affected,
      target: 1,
      note: counted(true),
    },
    {
      set: 'advisory queries',
      measure: 'not affected, right',
      value: queries.notAffected,
      target: 0.999,
      note: counted(false),
    },
    { set: 'squats', measure: 'recall', value: squats.recall, target: 0.98 },
    {
      set: 'squats',
      measure: 'near legitimate flagged',
      value: squats.nearLegitimateFlagged,
      target: 0.02,
      isAtMost: true,
    },
    { set: 'squats', measure: 'legitimate flagged', value: squats.legitimateFlagged, target: 0.005, isAtMost: true },
    {
      set: 'packages of look-alikes',
      measure: 'called malicious',
      value: benignCalledMalicious,
      target: 0,
      isAtMost: true,
      unit: 'count',
    },
  ];
}
