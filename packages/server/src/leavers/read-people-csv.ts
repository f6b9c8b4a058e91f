import type { PersonFacts } from '../store/person.ts';

/** Rows of a personnel list, and the lines that are none. */
export interface PeopleList {
  readonly people: readonly PersonFacts[];
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
}

/** Headings as personnel systems write them, in small letters without anything but letters. */
const HEADINGS: Readonly<Record<string, keyof Columns>> = {
  username: 'userName',
  user: 'userName',
  login: 'userName',
  userprincipalname: 'userName',
  samaccountname: 'userName',
  employeeid: 'userName',
  displayname: 'displayName',
  name: 'displayName',
  fullname: 'displayName',
  department: 'department',
  abteilung: 'department',
  costcenter: 'department',
  manager: 'manager',
  supervisor: 'manager',
  accounts: 'accounts',
  account: 'accounts',
  status: 'status',
  active: 'status',
  lastday: 'leftAt',
  leftat: 'leftAt',
  leavingdate: 'leftAt',
  terminationdate: 'leftAt',
  enddate: 'leftAt',
  austritt: 'leftAt',
};

interface Columns {
  userName: number;
  displayName: number;
  department: number;
  manager: number;
  accounts: number;
  status: number;
  leftAt: number;
}

const LEFT = new Set(['left', 'inactive', 'terminated', 'disabled', 'false', 'no', '0', 'ausgeschieden']);
const ACTIVE = new Set(['active', 'true', 'yes', '1', 'employed', 'aktiv', '']);

/**
 * Reads a personnel list: comma, semicolon or tab between fields, quotes as in RFC 4180, a first line of headings.
 * A last day in the future leaves somebody active.
 * @throws Error with a sentence if no column names people.
 */
export function readPeopleCsv(text: string, nowMs: number): PeopleList {
  const rows = readRows(text.replace(/^\uFEFF/, ''));
  const [head] = rows;
  if (head === undefined) throw new Error('the file is empty');
  const columns: Partial<Columns> = {};
  head.fields.forEach((field, at) => {
    const column = HEADINGS[field.toLowerCase().replaceAll(/[^\p{L}]/gu, '')];
    if (column !== undefined) columns[column] ??= at;
  });
  if (columns.userName === undefined)
    throw new Error('no column names people: one heading must be userName, login or userPrincipalName');
  const people: PersonFacts[] = [];
  const rejected: { line: number; reason: string }[] = [];
  for (const row of rows.slice(1)) {
    if (row.fields.every((field) => field.trim() === '')) continue;
    const person = personOf(row.fields, columns, nowMs);
    if (typeof person === 'string') rejected.push({ line: row.line, reason: person });
    else people.push(person);
  }
  return { people, rejected };
}

function personOf(fields: readonly string[], columns: Partial<Columns>, nowMs: number): PersonFacts | string {
  const of = (column: keyof Columns): string => {
    const at = columns[column];
    return at === undefined ? '' : (fields[at]?.trim() ?? '');
  };
  const userName = of('userName');
  if (userName === '') return 'there is no user name';
  if (userName.length > 255) return 'the user name is longer than 255 characters';
  const leftText = of('leftAt');
  const leftAtMs = leftText === '' ? undefined : readDay(leftText);
  if (leftText !== '' && leftAtMs === undefined) return `"${leftText}" is no date: write 2026-11-30 or 30.11.2026`;
  const word = of('status').toLowerCase();
  if (!LEFT.has(word) && !ACTIVE.has(word)) return `the status "${word}" is neither active nor left`;
  const isGone = LEFT.has(word) || (leftAtMs !== undefined && leftAtMs <= nowMs);
  const saysStatus = columns.status !== undefined || columns.leftAt !== undefined;
  return {
    userName,
    displayName: present(of('displayName')),
    department: present(of('department')),
    manager: present(of('manager')),
    accounts:
      of('accounts') === ''
        ? undefined
        : of('accounts')
            .split(/[ ,;|]+/)
            .filter((name) => name !== ''),
    ...(saysStatus ? { status: isGone ? ('left' as const) : ('active' as const) } : {}),
    ...(isGone && leftAtMs !== undefined ? { leftAtMs } : {}),
  };
}

/** End of a day, in UTC: on their last day somebody still works. */
function readDay(text: string): number | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:$|[T ])/.exec(text);
  const local = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  const [year, month, day] = iso !== null ? iso.slice(1, 4) : local !== null ? local.slice(1, 4).toReversed() : [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const start = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const isReal = new Date(start).getUTCDate() === Number(day) && new Date(start).getUTCMonth() === Number(month) - 1;
  return isReal ? start + 24 * 60 * 60 * 1000 - 1 : undefined;
}

function readRows(text: string): { line: number; fields: string[] }[] {
  const separator = [',', ';', '\t']
    .map((mark) => ({ mark, count: (text.split('\n', 1)[0] ?? '').split(mark).length }))
    .reduce((best, one) => (one.count > best.count ? one : best)).mark;
  const rows: { line: number; fields: string[] }[] = [];
  let fields: string[] = [];
  let field = '';
  let isQuoted = false;
  let line = 1;
  let start = 1;
  const endRow = () => {
    rows.push({ line: start, fields: [...fields, field] });
    fields = [];
    field = '';
    start = line;
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === '\n') line++;
    if (isQuoted) {
      if (letter !== '"') field += letter;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else isQuoted = false;
    } else if (letter === '"' && field === '') isQuoted = true;
    else if (letter === separator) {
      fields.push(field);
      field = '';
    } else if (letter === '\n') endRow();
    else if (letter !== '\r') field += letter;
  }
  if (field !== '' || fields.length > 0) endRow();
  return rows;
}

function present(text: string): string | undefined {
  return text === '' ? undefined : text.slice(0, 255);
}
