import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CommandLine } from '../../ui/copy.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { CheckIcon } from '../../ui/icons.tsx';

interface Props {
  readonly endpoints: { readonly known: number; readonly reporting: number };
  readonly demo: ReactNode;
  readonly isDemoRunning: boolean;
}

/** What to do on a fresh install; each step ticks itself off. */
export function FirstSteps({ endpoints, demo, isDemoRunning }: Props) {
  const hasMachine = endpoints.reporting > 0;
  return (
    <div className="steps panel">
      <h2>No script has run under Sentinel yet</h2>
      <p className="muted">This page fills by itself as soon as the first one does.</p>
      <ol className="steps__list">
        <Step number={1} isDone={hasMachine} title="A machine reports">
          {hasMachine ? (
            <p>
              {formatCounted(endpoints.reporting, 'machine')} of {endpoints.known}{' '}
              {endpoints.reporting === 1 ? 'gives' : 'give'} signs of life. <Link to="/machines">See the machines</Link>
            </p>
          ) : (
            <>
              <p>
                <code>sentinel up</code> starts an agent on this computer by itself. For another computer, make an
                enrolment token and start the agent there.
              </p>
              <p>
                <Link to="/machines" search={{ add: '1' }} className="button">
                  Add a machine
                </Link>
              </p>
            </>
          )}
        </Step>
        <Step number={2} isDone={false} title="A script runs under the probe">
          <p>On a computer whose agent reports to this server:</p>
          <CommandLine command="npx sentinel run -- python3 your_script.py" />
        </Step>
        {demo === undefined ? null : (
          <Step number={3} isDone={false} title="Or see it with the demo">
            <p>Plays sample scripts as real processes on the computer of this server, against local stand-ins only.</p>
            <div>{demo}</div>
            {isDemoRunning ? <progress className="steps__progress" aria-label="The demo plays" /> : null}
          </Step>
        )}
      </ol>
    </div>
  );
}

interface StepProps {
  readonly number: number;
  readonly isDone: boolean;
  readonly title: string;
  readonly children: ReactNode;
}

function Step({ number, isDone, title, children }: StepProps) {
  return (
    <li className={isDone ? 'step step--done' : 'step'}>
      <span className="step__mark" aria-hidden="true">
        {isDone ? <CheckIcon size={14} /> : number}
      </span>
      <div className="stack">
        <h3>
          {title}
          {isDone ? <span className="visually-hidden">, done</span> : null}
        </h3>
        {children}
      </div>
    </li>
  );
}
