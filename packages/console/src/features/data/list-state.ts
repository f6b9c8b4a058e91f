/** A list that comes page after page. */
export interface ListState<Row> {
  /** Undefined while nothing has come. */
  readonly rows: readonly Row[] | undefined;
  readonly total: number;
  readonly error: unknown;
  readonly updatedAtMs: number;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly onMore: () => void;
  readonly onRetry: () => void;
}
