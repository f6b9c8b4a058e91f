/**
 * Repeats of one character, or characters that each follow the one before (and are most of the value), from
 * which a value is made up.
 */
const SAME_RUN = 12;
const RISING_RUN = 20;
/** Runs of A are zero bits in base64, which issued values hold; only long ones are made up. */
const ZERO_RUN = 24;

/** Parts that no issued credential has. */
const FILLERS = [
  'xxxx',
  '0000000',
  '1111111',
  '****',
  '....',
  'example',
  'placeholder',
  'changeme',
  'redacted',
  'dummy',
  'insert',
  'your_',
  'your-',
  'yourtoken',
  'yourkey',
  'put_your',
  'here_',
  // Secret access key that the AWS documentation shows.
  'wjalrxutnfemi',
];

/** `text` with A to Z in lower case and every other character, and so every index, unchanged. */
export function lowerAscii(text: string): string {
  const lowered = text.toLowerCase();
  return lowered.length === text.length ? lowered : text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

/** Shannon entropy of the characters of `value`, in bits per character. */
export function entropyBits(value: string): number {
  const counts = new Map<string, number>();
  let size = 0;
  for (const letter of value) {
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
    size += 1;
  }
  let total = 0;
  for (const count of counts.values()) total -= (count / size) * Math.log2(count / size);
  return total;
}

/** Whether somebody made the value up to show where one goes. */
export function isFiller(value: string): boolean {
  return hasFillerWord(value) || isRun(value);
}

/** Whether a value says of itself that it is none: `xxxx`, `example`, `your_`. */
export function hasFillerWord(value: string): boolean {
  const lowered = lowerAscii(value);
  return FILLERS.some((part) => lowered.includes(part));
}

/** Whether most of a value is one character, or the alphabet or the digits in order. */
function isRun(value: string): boolean {
  let same = 1;
  let rising = 1;
  let longest = 1;
  for (let index = 1; index < value.length; index += 1) {
    const step = value.charCodeAt(index) - value.charCodeAt(index - 1);
    same = step === 0 ? same + 1 : 1;
    rising = step === 1 ? rising + 1 : 1;
    if (rising > longest) longest = rising;
    if (same >= (value[index] === 'A' ? ZERO_RUN : SAME_RUN)) return true;
  }
  return longest >= RISING_RUN && longest * 5 > value.length * 3;
}

/** Whether half of a value and more are characters that stand four times and more in a row. */
export function isMostlyRepeats(value: string): boolean {
  let inRuns = 0;
  for (const { length } of value.match(/(.)\1{3,}/g) ?? []) inRuns += length;
  return inRuns * 2 >= value.length;
}

/** Whether the character code is one of A to Z, a to z, 0 to 9. */
export function isAlnumCode(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** Whether the character code may stand inside a token: alphanumeric, low line or hyphen. */
export function isTokenCode(code: number): boolean {
  return isAlnumCode(code) || code === 95 || code === 45;
}
