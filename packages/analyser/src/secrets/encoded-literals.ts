/** Text inside a base64 or hexadecimal literal of at least 20 characters; undefined where there is none. */
export function decodeLiteral(value: string): string | undefined {
  if (value.length < 20 || value.length > 20_000) return undefined;
  const text = /^(?:[0-9a-f]{2})+$/i.test(value)
    ? Buffer.from(value, 'hex').toString('latin1')
    : /^[A-Za-z0-9+/_-]+={0,2}$/.test(value) && value.replace(/=+$/, '').length % 4 !== 1
      ? Buffer.from(value, 'base64').toString('latin1')
      : undefined;
  return text !== undefined && text.length >= 8 && /^[\t\n\r\x20-\x7e]+$/.test(text) ? text : undefined;
}
