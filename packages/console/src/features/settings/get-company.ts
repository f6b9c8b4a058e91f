import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** Departments, who answers for which scripts, and settings of the whole company. */
export const companyQuery = queryOptions({ queryKey: ['company'], queryFn: () => client.getCompany() });
