import type { LeftOut } from '@sentinel/protocol';

/** What a walk must know about the machine; plain data, so that workers can have it. */
export interface MachineFacts {
  readonly platform: 'linux' | 'macos' | 'windows';
  /** Folder that stands for the machine's own root: `/`, or a recorded tree in tests. */
  readonly systemRoot: string;
  /** Account names by user id. */
  readonly users: Readonly<Record<number, string>>;
  /** Home folders, as the machine sees them. */
  readonly homes: readonly { readonly path: string; readonly user: string }[];
  /** Folders that users gave a meaning to, such as a localised desktop; as the machine sees them. */
  readonly userFolders: readonly { readonly path: string; readonly class: 'desktop' | 'documents' | 'downloads' }[];
  readonly networkMounts: readonly string[];
  /** Folders that are not entered, with the reason. */
  readonly leftOut: ReadonlyMap<string, LeftOut['reason']>;
}
