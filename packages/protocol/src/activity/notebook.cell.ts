import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'notebook.cell',
  title: 'Notebook cell run',
  description: 'A cell of a notebook or of an IPython session was run; its failures are the errors.',
  ocsf: { classUid: 1007, activityId: 1 },
  target: ['sentinel.notebook.cell'],
  required: ['sentinel.notebook.cell'],
  optional: ['sentinel.notebook.cell_lines', 'sentinel.notebook.execution_count'],
  lane: 'processes',
});
