/** Which failures of PostgreSQL pass by themselves: connection, resources, operator, system. Source: PostgreSQL, Appendix A. */
const PASSING_CLASSES = new Set(['08', '53', '57', '58', '40', '55']);

/** The control store did not do what it was asked; tells neither values nor statements. */
export class ControlStoreFailure extends Error {
  /** SQLSTATE, or the system's code of a connection that failed. */
  readonly code: string | undefined;
  readonly constraint: string | undefined;

  constructor(message: string, { code, constraint }: { code?: string | undefined; constraint?: string | undefined }) {
    super(constraint === undefined ? message : `${message.split('\n', 1)[0]} (${constraint})`);
    this.name = 'ControlStoreFailure';
    this.code = code;
    this.constraint = constraint;
  }

  /** Whether the same question may be answered later. */
  get isPassing(): boolean {
    return this.code === undefined || !/^[0-9A-Z]{5}$/.test(this.code) || PASSING_CLASSES.has(this.code.slice(0, 2));
  }
}
