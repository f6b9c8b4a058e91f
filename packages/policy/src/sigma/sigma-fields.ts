/** How a category of Sigma's rules is seen here. Source: SigmaHQ, sigma-specification 2.1, taxonomy appendix. */
export interface SigmaCategory {
  /** Our activity types. */
  readonly activities: readonly string[];
  /** Our facts by Sigma's field; a text says why a field does not fit. */
  readonly fields: Readonly<Record<string, { readonly fact: string } | { readonly always: string } | string>>;
  /** What a rule of this category asks besides its own condition. */
  readonly guard?: string;
}

const NO_IMAGE = 'the program is always Python here';
const NO_COMMAND_LINE = 'command lines are not collected, only how many arguments there are and of which shape';
const NO_PARENT = 'the parent is always the Python that is watched';
const USER = { fact: 'user.name' } as const;

const FILE_FIELDS = {
  TargetFilename: { fact: 'file.path' },
  Image: NO_IMAGE,
  User: USER,
} as const;

/** Categories that fit. */
export const sigmaCategories: Readonly<Record<string, SigmaCategory>> = {
  process_creation: {
    activities: ['process.spawn'],
    fields: {
      Image: { fact: 'process.executable.path' },
      OriginalFileName: { fact: 'process.executable.name' },
      CurrentDirectory: { fact: 'process.working_directory' },
      User: USER,
      CommandLine: NO_COMMAND_LINE,
      ParentImage: NO_PARENT,
      ParentCommandLine: NO_PARENT,
      ParentUser: USER,
    },
  },
  file_event: {
    activities: ['file.open'],
    fields: FILE_FIELDS,
    guard: 'sentinel.file.operation != "read"',
  },
  file_access: {
    activities: ['file.open'],
    fields: { ...FILE_FIELDS, FileName: { fact: 'file.path' } },
    guard: 'sentinel.file.operation == "read"',
  },
  file_delete: {
    activities: ['file.change'],
    fields: FILE_FIELDS,
    guard: 'sentinel.file.operation == "delete"',
  },
  file_rename: {
    activities: ['file.change'],
    fields: {
      ...FILE_FIELDS,
      SourceFilename: { fact: 'file.path' },
      TargetFilename: { fact: 'sentinel.file.path.target' },
    },
    guard: 'sentinel.file.operation == "rename"',
  },
  file_change: { activities: ['file.change'], fields: FILE_FIELDS },
  network_connection: {
    activities: ['net.connect'],
    fields: {
      DestinationHostname: { fact: 'server.address' },
      DestinationIp: { fact: 'network.peer.address' },
      DestinationPort: { fact: 'server.port' },
      Protocol: { fact: 'network.transport' },
      Initiated: { always: 'true' },
      User: USER,
      Image: NO_IMAGE,
      CommandLine: NO_COMMAND_LINE,
      SourceIp: 'the own address of a connection is not collected',
      SourcePort: 'the own port of a connection is not collected',
    },
  },
  dns_query: {
    activities: ['dns.resolve'],
    fields: {
      QueryName: { fact: 'dns.question.name' },
      User: USER,
      Image: NO_IMAGE,
      QueryResults: 'answers of name servers are not collected',
      QueryStatus: 'states of name servers are not collected',
    },
  },
};
