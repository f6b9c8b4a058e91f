/** Version of the scan report; raised only by additions within a protocol major. */
export const SCAN_REPORT_VERSION = 1;
