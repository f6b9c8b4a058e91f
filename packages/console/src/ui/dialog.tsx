import { type ReactNode, useEffect, useRef } from 'react';
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { CrossIcon } from './icons.tsx';

interface Props {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog: keeps the focus, closes with Escape or a press outside, gives the focus back. */
export function Dialog({ title, isOpen, onClose, children }: Props) {
  useKeptInside(isOpen, onClose);
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => (open ? undefined : onClose())}
      isDismissable
      className="dialog-scrim"
    >
      <Modal className="dialog-frame">
        <AriaDialog className="dialog">
          <div className="dialog__head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <button type="button" className="icon-button" onClick={onClose} aria-label="Close" title="Close (Esc)">
              <CrossIcon />
            </button>
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/**
 * Keeps a dialog usable by keyboard when the control that had the focus goes away: a step that replaces
 * its form leaves the focus on the page's body, where the overlay hears no key.
 */
function useKeptInside(isOpen: boolean, onClose: () => void): void {
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (document.activeElement !== document.body) return;
      if (event.key === 'Escape') close.current();
      if (event.key === 'Tab') {
        event.preventDefault();
        document.querySelector<HTMLElement>('[role="dialog"]')?.focus();
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [isOpen]);
}
