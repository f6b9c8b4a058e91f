import type { getRun } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { CopyButton } from '../../ui/copy.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { WarnIcon } from '../../ui/icons.tsx';
import { Panel } from '../../ui/panel.tsx';
import { runOutcome } from '../../ui/run-outcome.tsx';
import { Time } from '../../ui/time.tsx';

type Run = z.infer<(typeof getRun)['response']>;

/** Facts of a run, with what the probe missed said first. */
export function RunFacts({ run }: { readonly run: Run }) {
  const { probe, totals } = run;
  return (
    <>
      {probe.dropped > 0 || probe.errors > 0 ? (
        <div className="notice notice--warn">
          <WarnIcon />
          <div>
            <span className="notice__title">The record of this run is not complete</span>
            <span>
              The probe could not keep {formatCounted(probe.dropped, 'activity', 'activities')} and survived{' '}
              {formatCounted(probe.errors, 'fault')} of its own. Numbers on this page are lower bounds.
            </span>
          </div>
        </div>
      ) : null}
      <Panel title="Facts">
        <dl className="facts panel__body">
          <Fact name="Machine">
            <Link to="/runs" search={{ endpointId: run.endpointId }}>
              {run.hostName}
            </Link>
          </Fact>
          <Fact name="User">
            <Link to="/runs" search={{ userName: run.user.name }}>
              {run.user.name}
            </Link>
          </Fact>
          <Fact name="Started">
            <Time iso={run.startedAt} />
          </Fact>
          <Fact name="Duration">{run.durationMs === undefined ? 'still running' : formatDuration(run.durationMs)}</Fact>
          <Fact name="End">{runOutcome(run).detail}</Fact>
          <Fact name="Exit code">{run.status === 'running' ? 'still running' : (run.exitCode ?? 'not known')}</Fact>
          <Fact name="Ended">
            {run.endedAt === undefined ? (
              run.status === 'running' ? (
                'still running'
              ) : (
                'not known'
              )
            ) : (
              <Time iso={run.endedAt} />
            )}
          </Fact>
          <Fact name="CPU time, user + system">{cpuText(run)}</Fact>
          <Fact name="Peak memory">
            {run.peakMemoryBytes === undefined ? 'not known' : formatBytes(run.peakMemoryBytes)}
          </Fact>
          <Fact name="Network, sent / received">
            {formatBytes(totals.bytesOut)} / {formatBytes(totals.bytesIn)}
          </Fact>
          <Fact name="Database rows">{formatCount(totals.rows)}</Fact>
          <Fact name="Process">
            {run.pid}, started by {run.parentPid}
            {run.startKind === 'fork' ? ' as a fork' : ''}
            {run.startKind === 'attach' ? ', seen only from here on: the probe came while it went on' : ''}
          </Fact>
          <Fact name="Arguments">
            {run.argumentCount === 0
              ? 'none'
              : `${formatCount(run.argumentCount)}: ${run.argumentShape || 'shape not known'}`}
          </Fact>
          <Fact name="Parent run">
            {run.parentRunId === undefined ? (
              'none known'
            ) : (
              <Link to="/runs/$runId" params={{ runId: run.parentRunId }}>
                {run.parentRunId.slice(0, 13)}
              </Link>
            )}
          </Fact>
          <Fact name="Interpreter">
            {run.interpreter.implementation} {run.interpreter.version}
            <code className="fact__path">{run.interpreter.path}</code>
          </Fact>
          <Fact name="Environment">
            {run.environment.kind}
            <code className="fact__path">{run.environment.prefix}</code>
          </Fact>
          <Fact name="Probe">
            {probe.version}, {formatCount(probe.dropped)} dropped, {formatCounted(probe.errors, 'fault')}
          </Fact>
          <Fact name="Run id">
            <span className="copy-inline">
              <code title={run.id}>{run.id.slice(0, 13)}…</code>
              <CopyButton text={run.id} label="Copy the whole run id" />
            </span>
          </Fact>
          <Fact name="Script path">{run.script.path === undefined ? 'none' : <code>{run.script.path}</code>}</Fact>
          <Fact name="Working directory">
            {run.workingDirectory === undefined ? 'not known' : <code>{run.workingDirectory}</code>}
          </Fact>
        </dl>
      </Panel>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function cpuText(run: Run): string {
  if (run.cpuUserMs === undefined && run.cpuSystemMs === undefined) return 'not known';
  return `${formatDuration(run.cpuUserMs ?? 0)} + ${formatDuration(run.cpuSystemMs ?? 0)}`;
}
