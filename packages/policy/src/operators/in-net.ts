import { type Operator, sqlAny, sqlText } from './operator.ts';

/** A block of addresses. */
interface Net {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly shift: bigint;
}

/** `.inNet()`: the text is an IP address inside one of the blocks; what is no address is in none. */
export const inNet: Operator = {
  about: 'text',
  ofText({ texts = [] }) {
    const nets = texts.map(parseNet).filter((net) => net !== undefined);
    return (value) => {
      const address = parseAddress(value);
      return (
        address !== undefined &&
        nets.some(({ family, first, shift }) => family === address.family && address.number >> shift === first >> shift)
      );
    };
  },
  sql(value, { texts = [] }) {
    const is = (family: 4 | 6) =>
      `match(${value}, ${sqlText(PLAIN[family])}) AND isIPv${family}String(${value}) AND position(${value}, ':::') = 0`;
    return sqlAny(
      texts.map((text) => {
        const family = text.includes(':') ? 6 : 4;
        return `(${is(family)} AND isIPAddressInRange(if(${is(family)}, ${value}, ${family === 4 ? "'0.0.0.0'" : "'::'"}), ${sqlText(text.includes('/') ? text : `${text}/${family === 4 ? 32 : 128}`)}))`;
      }),
    );
  },
};

/** Writings that all three languages take: no leading zeros, no zone, no IPv4 inside IPv6. */
const PLAIN = {
  4: '^(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})$',
  6: '^[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,8}$',
} as const;

/** A block such as 10.0.0.0/8, or a single address; undefined where it is none. */
export function parseNet(text: string): Net | undefined {
  const [base = '', length] = text.split('/');
  const address = parseAddress(base);
  if (address === undefined) return undefined;
  const bits = address.family === 4 ? 32 : 128;
  const kept = length === undefined ? bits : /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) : -1;
  if (kept < 0 || kept > bits || text.split('/').length > 2) return undefined;
  return { family: address.family, first: address.number, shift: BigInt(bits - kept) };
}

/** An address as a number; undefined where the text is none. */
export function parseAddress(text: string): { family: 4 | 6; number: bigint } | undefined {
  if (/^[0-9.]+$/.test(text)) {
    const parts = text.split('.');
    if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
      return undefined;
    return { family: 4, number: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
  }
  if (!/^[0-9a-fA-F:]+$/.test(text)) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = groups.reduce((sum, half) => sum + half.length, 0);
  if (!groups.flat().every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  if (halves.length === 2 ? given > 7 : given !== 8) return undefined;
  const all = [...(groups[0] ?? []), ...Array<string>(8 - given).fill('0'), ...(groups[1] ?? [])];
  return { family: 6, number: all.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n) };
}
