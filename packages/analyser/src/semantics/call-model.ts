/** What a call of a library does with data. */
export interface CallModel {
  /** Kind of the data that its result carries, such as `network.http`. */
  readonly source?: string;
  /** Kind of the place to which its arguments go. */
  readonly sink?: string;
  /** Positions of the arguments that go there; all without it. */
  readonly positions?: readonly number[];
  /** Keywords of the arguments that go there; all but those of authentication without it. */
  readonly keywords?: readonly string[];
  /** Positions and keywords of what only says to whom it goes: no content by itself. */
  readonly addresses?: readonly (number | string)[];
  /** Whether what the receiver carries goes there too, as with `workbook.save()`. */
  readonly sendsReceiver?: boolean;
  /** Position and keywords of a path that it writes. */
  readonly writes?: readonly [number, ...string[]];
  /** Position and keywords of a path whose content it takes along. */
  readonly reads?: readonly [number, ...string[]];
  /** Whether its arguments become part of the receiver. */
  readonly builds?: boolean;
  /** Whether its result is a part of the receiver: what the part gets, the whole has. */
  readonly isPart?: boolean;
  /** Whether the result carries nothing of the arguments. */
  readonly isCleaner?: boolean;
  /** Dotted name of what it returns, where the default (its own name) does not serve. */
  readonly returns?: string;
  /** Source is the literal text's location: shown as the detail. */
  readonly detail?: readonly [number, ...string[]];
}

/** What the interpreter asks about libraries. */
export interface LibraryKnowledge {
  /** The model of a call, most specific first. */
  modelOf(name: string): CallModel | undefined;
  /** Kind of sink that setting an attribute is, such as a field of SAP. */
  attributeModelOf(name: string): CallModel | undefined;
}
