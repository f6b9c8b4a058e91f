/** Names of what never enters an audit record, whatever a caller hands over. */
const SECRET = /^(password|passphrase|secret|token|credential|privateKey|apiKey|totpSecret|recoveryCodes?)$/i;

/** A value with the text `left out` for everything that is named like a secret, at any depth. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET.test(name) && item !== undefined && item !== null ? 'left out' : withoutSecrets(item),
    ]),
  );
}
