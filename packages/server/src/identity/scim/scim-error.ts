/** A refusal in SCIM's own words. Source: RFC 7644, section 3.12. */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: string | undefined;

  constructor(
    status: number,
    detail: string,
    scimType?: 'uniqueness' | 'invalidFilter' | 'invalidValue' | 'invalidPath',
  ) {
    super(detail);
    this.name = 'ScimError';
    this.status = status;
    this.scimType = scimType;
  }
}
