import type { ActionOrder, ActionTarget } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { client } from '../api/client.ts';
import { sessionQuery } from '../api/get-session.ts';
import { Button } from './button.tsx';

// A page shows many of these buttons; the dialog is seldom needed.
const ReasonDialog = lazy(() => import('./reason-dialog.tsx').then((module) => ({ default: module.ReasonDialog })));

interface Props {
  /** Words on the button. */
  readonly label: string;
  /** What comes of it on endpoints. */
  readonly hint: string;
  /** What is asked for, once somebody has confirmed. */
  readonly order: () => ActionOrder;
  readonly target: ActionTarget;
  /** What it is about in words. */
  readonly about?: string;
  /** Fields above the reason. */
  readonly children?: ReactNode;
}

/** A button that asks for an action on endpoints, for who may; an operator signs it on their own computer. */
export function AskAction({ label, hint, order, target, about, children }: Props) {
  const session = useQuery(sessionQuery);
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  if (session.data?.permissions.includes('action.send') !== true) return null;
  const perform = async (reason: string) => {
    const body = { order: order(), target, reason, ...(about === undefined ? {} : { about }) };
    await client.createActionRequest({ body });
    await navigate({ to: '/actions' });
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{label}</Button>
      {isOpen ? (
        <Suspense>
          <ReasonDialog
            title={label}
            hint={`${hint} It waits for the signature of an operator: the server holds no key.`}
            verb="Ask for it"
            changes={['action-requests']}
            perform={perform}
            onClose={() => setOpen(false)}
          >
            {children}
          </ReasonDialog>
        </Suspense>
      ) : null}
    </>
  );
}
