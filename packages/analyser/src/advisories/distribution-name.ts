/**
 * Name of a distribution in the form in which two spellings of it are equal.
 *
 * Source: PEP 503, https://peps.python.org/pep-0503/#normalized-names
 */
export function normaliseName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[-_.]+/g, '-');
}
