/** How text may look where it goes. */
export interface TextStyle {
  readonly hasColour: boolean;
  /** Columns. */
  readonly width: number;
  /** Whether signs beyond ASCII can be shown. */
  readonly isUnicode: boolean;
}

/** Looks of a part of a text. */
export type Look = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Source: ECMA-48, SGR. */
const CODES: Readonly<Record<Look, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

const DEFAULT_WIDTH = 100;

/**
 * Style for a stream. Source: no-color.org and force-color.org.
 * @param isTerminal - Whether the stream is one.
 * @param columns - Its width, where known.
 */
export function terminalStyle(env: NodeJS.ProcessEnv, isTerminal: boolean, columns: number | undefined): TextStyle {
  const forced = env['FORCE_COLOR'];
  const isForced = forced !== undefined && forced !== '' && forced !== '0';
  const isForbidden = (env['NO_COLOR'] ?? '') !== '' || forced === '0' || env['TERM'] === 'dumb';
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return {
    hasColour: isForced || (isTerminal && !isForbidden),
    width: isTerminal && columns !== undefined && columns > 0 ? Math.max(40, Math.min(columns, 160)) : DEFAULT_WIDTH,
    isUnicode: process.platform === 'win32' || /utf-?8/i.test(locale),
  };
}

/** Gives a text a look, where the style has any. */
export function paint(text: string, look: Look, style: TextStyle): string {
  if (!style.hasColour || text === '') return text;
  const [on, off] = CODES[look];
  return `\u001B[${on}m${text}\u001B[${off}m`;
}
