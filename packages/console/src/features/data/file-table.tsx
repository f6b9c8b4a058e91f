import type { listLabelledFiles } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { Badge } from '../../ui/badge.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { Labels } from '../../ui/labels.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import type { ListState } from './list-state.ts';
import { PagedPanel } from './paged-panel.tsx';

type LabelledFile = z.infer<(typeof listLabelledFiles)['response']>['items'][number];

const COLUMNS = [
  { title: 'File' },
  { title: 'Machine' },
  { title: 'Labels' },
  { title: 'Size', numeric: true },
  { title: 'Made by' },
  { title: 'Made' },
  { title: 'Last seen' },
  { title: 'State' },
];

/** Copies of labelled data that scripts made. */
export function FileTable(list: ListState<LabelledFile>) {
  return (
    <PagedPanel
      list={list}
      noun="copies"
      empty={{
        title: 'No copy of such data is known',
        text: 'A file that a script fills from labelled data appears here.',
      }}
    >
      {(rows) => (
        <Table label="Copies of labelled data" columns={COLUMNS}>
          {rows.map((file) => (
            <tr key={`${file.endpointId} ${file.path}`}>
              <td className="cell-path">
                <Link to="/runs/$runId" params={{ runId: file.runId }}>
                  {file.path}
                </Link>
              </td>
              <td>{file.hostName}</td>
              <td>
                <Labels labels={file.labels} />
              </td>
              <NumberCell value={file.bytes} text={formatBytes(file.bytes)} />
              <td>
                <Link to="/families/$familyId" params={{ familyId: file.familyId }}>
                  {file.scriptName}
                </Link>
              </td>
              <td>
                <Time iso={file.madeAt} />
              </td>
              <td>
                <Ago iso={file.seenAt} />
              </td>
              <td>
                {file.goneAt === undefined ? (
                  <Badge tone="warn">not known to be gone</Badge>
                ) : (
                  <Badge tone="ok">gone</Badge>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </PagedPanel>
  );
}
