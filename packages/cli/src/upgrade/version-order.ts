/** Whether a version comes after another. Source: Semantic Versioning 2.0.0, section 11. */
export function isNewer(version: string, than: string): boolean {
  const [left, right] = [parts(version), parts(than)];
  for (let place = 0; place < 3; place++) {
    const difference = (left.numbers[place] ?? 0) - (right.numbers[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  if (left.before.length === 0 || right.before.length === 0) return left.before.length < right.before.length;
  for (let place = 0; ; place++) {
    const [one, other] = [left.before[place], right.before[place]];
    if (one === undefined || other === undefined) return one !== undefined;
    if (one === other) continue;
    const [isOneNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isOneNumber && isOtherNumber) return Number(one) > Number(other);
    return isOneNumber === isOtherNumber ? one > other : isOtherNumber;
  }
}

function parts(version: string): { numbers: number[]; before: string[] } {
  const [core = '', ...rest] = version.split('+')[0]?.split('-') ?? [];
  const before = rest.join('-');
  return { numbers: core.split('.').map(Number), before: before === '' ? [] : before.split('.') };
}
