import { z } from 'zod';
import { Problem } from './errors.ts';
import type { Operation } from './operation.ts';

/**
 * OpenAPI 3.1 document of operations.
 * @param operations - Operations, in the order of the document.
 * @param version - Version of the product.
 */
export function openApiDocument(operations: readonly Operation[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = `/api/v1${operation.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    paths[path] ??= {};
    paths[path][operation.method.toLowerCase()] = {
      operationId: operation.id,
      summary: operation.summary,
      'x-permission': operation.permission,
      security: security(operation),
      parameters: [...parameters(operation.params, 'path'), ...parameters(operation.query, 'query')],
      ...(operation.body === undefined
        ? {}
        : {
            requestBody: {
              required: true,
              content: { 'application/json': { schema: schemaOf(operation.body, 'input') } },
            },
          }),
      responses: {
        200: {
          description: 'Done.',
          content: {
            [operation.stream === true ? 'text/event-stream' : 'application/json']: {
              schema: schemaOf(operation.response, 'output'),
            },
          },
        },
        default: {
          description: 'Problem details.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Sentinel', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'sentinel_session' },
        agent: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

/** JSON Schema 2020-12 of a shape. */
export function schemaOf(shape: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' });
  return schema;
}

function security(operation: Operation): Record<string, unknown>[] {
  if (operation.permission === 'public') return [];
  return [operation.permission === 'agent' || operation.permission === 'upload' ? { agent: [] } : { session: [] }];
}

function parameters(shape: z.ZodType | undefined, place: 'path' | 'query'): Record<string, unknown>[] {
  if (!(shape instanceof z.ZodObject)) return [];
  return Object.entries(shape.shape as Record<string, z.ZodType>).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || !schema.safeParse(undefined).success,
    schema: schemaOf(schema, 'input'),
  }));
}
