/** Where the company's directory keeps accounts and groups here. */
export const SCIM_PATH = '/scim/v2';
