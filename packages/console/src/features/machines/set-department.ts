import { client } from '../../api/client.ts';

/** Puts a machine into a department, or into none. */
export function setDepartment({ endpointId, department }: { endpointId: string; department: string }) {
  const name = department.trim();
  return client.setEndpointDepartment({ params: { endpointId }, body: name === '' ? {} : { department: name } });
}
