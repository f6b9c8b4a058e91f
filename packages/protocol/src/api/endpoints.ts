import { z } from 'zod';
import { Endpoint } from '../endpoint.ts';
import { defineOperation } from '../operation.ts';

/** An endpoint as the list shows it. */
export const EndpointRow = Endpoint.extend({
  reporting: z.boolean().meta({ description: 'Whether it gave a sign of life within the last three minutes.' }),
  runs24h: z.int().nonnegative(),
  running: z.int().nonnegative(),
  scripts: z.int().nonnegative(),
  interpreters: z.array(z.object({ path: z.string(), version: z.string(), runs: z.int().nonnegative() })),
});
export type EndpointRow = z.infer<typeof EndpointRow>;

/** Name of a department. */
export const DepartmentName = z.string().trim().min(1).max(128);

export const setEndpointDepartment = defineOperation({
  id: 'setEndpointDepartment',
  method: 'PUT',
  path: '/endpoints/:endpointId/department',
  permission: 'data.manage',
  summary: 'Put a machine into a department, or into none. It decides who sees its runs.',
  params: z.object({ endpointId: z.uuid() }),
  body: z.object({ department: DepartmentName.optional() }),
  response: z.object({ department: DepartmentName.optional() }),
});

export const listEndpoints = defineOperation({
  id: 'listEndpoints',
  method: 'GET',
  path: '/endpoints',
  permission: 'read',
  summary: 'Managed computers.',
  query: z.object({ q: z.string().max(200).optional() }),
  response: z.object({ items: z.array(EndpointRow), total: z.int().nonnegative() }),
});
