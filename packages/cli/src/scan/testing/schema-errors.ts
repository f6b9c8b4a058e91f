import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

type PublishedSchema = 'sarif-2.1.0' | 'cyclonedx-1.6';

const FOLDER = join(import.meta.dirname, 'published-schemas');
const SHOWN = 20;
const validators = new Map<PublishedSchema, ValidateFunction>();

/** What a document has against the schema that its publisher prints; empty where nothing. */
export function schemaErrors(schema: PublishedSchema, text: string): string[] {
  let validate = validators.get(schema);
  if (validate === undefined) {
    validate = compile(schema);
    validators.set(schema, validate);
  }
  if (validate(JSON.parse(text))) return [];
  return (validate.errors ?? []).slice(0, SHOWN).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

function compile(name: PublishedSchema): ValidateFunction {
  // The publishers' own key words, such as meta:enum, are no mistakes; a pattern of SARIF is none in Unicode mode.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  // Formats of internationalised text, which the library does not know; the pattern of a URI covers what reports use.
  ajv.addFormat('iri-reference', true);
  ajv.addFormat('idn-email', true);
  // Draft 4 names its address `id`; everything else that the schema of SARIF uses means the same in draft 7.
  const { $schema: _draft, id: _id, ...schema } = read(`${name}.json`);
  if (name === 'cyclonedx-1.6')
    for (const part of ['spdx', 'jsf-0.82'])
      ajv.addSchema(read(`${part}.json`), `http://cyclonedx.org/schema/${part}.SNAPSHOT.schema.json`);
  return ajv.compile(schema);
}

function read(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Record<string, unknown>;
}
