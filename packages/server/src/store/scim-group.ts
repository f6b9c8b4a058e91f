/** Row of a group of the company's directory. */
export interface ScimGroupTable {
  id: string;
  display_name: string;
  external_id: string | null;
  created_at: number;
  updated_at: number;
}

/** Row of an account in a group. */
export interface ScimGroupMemberTable {
  group_id: string;
  account_id: string;
}
