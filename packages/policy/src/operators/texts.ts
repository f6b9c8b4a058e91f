import { type Operator, sqlAny, sqlText } from './operator.ts';

const alternatives = (test: (value: string, text: string) => boolean): NonNullable<Operator['ofText']> => {
  return ({ texts = [] }) =>
    (value) =>
      texts.some((text) => test(value, text));
};

/** `==` and `in` of texts. */
export const isIn: Operator = {
  about: 'text',
  ofText({ texts = [] }) {
    const set = new Set(texts);
    return (value) => set.has(value);
  },
  sql: (value, { texts = [] }) => (texts.length === 0 ? '0' : `${value} IN (${texts.map(sqlText).join(', ')})`),
};

/** `.startsWith()`. */
export const startsWith: Operator = {
  about: 'text',
  ofText: alternatives((value, text) => value.startsWith(text)),
  sql: (value, { texts = [] }) => sqlAny(texts.map((text) => `startsWith(${value}, ${sqlText(text)})`)),
};

/** `.endsWith()`. */
export const endsWith: Operator = {
  about: 'text',
  ofText: alternatives((value, text) => value.endsWith(text)),
  sql: (value, { texts = [] }) => sqlAny(texts.map((text) => `endsWith(${value}, ${sqlText(text)})`)),
};

/** `.contains()`. */
export const contains: Operator = {
  about: 'text',
  ofText: alternatives((value, text) => value.includes(text)),
  sql: (value, { texts = [] }) =>
    sqlAny(texts.map((text) => (text === '' ? '1' : `position(${value}, ${sqlText(text)}) > 0`))),
};

/** `.under()`: the host is one of the domains or below one; case and a dot at the end do not count. */
export const under: Operator = {
  about: 'text',
  ofText({ texts = [] }) {
    return (value) => {
      const host = value.endsWith('.') ? value.slice(0, -1) : value;
      return texts.some((domain) => host === domain || host.endsWith(`.${domain}`));
    };
  },
  sql(value, { texts = [] }) {
    const host = `if(endsWith(${value}, '.'), substring(${value}, 1, length(${value}) - 1), ${value})`;
    return sqlAny(texts.map((domain) => `${host} = ${sqlText(domain)} OR endsWith(${host}, ${sqlText(`.${domain}`)})`));
  },
};
