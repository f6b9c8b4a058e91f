import { CommandLine } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

/** What stands where no inventory has arrived: how one comes here. */
export function NoInventory({ title }: { readonly title: string }) {
  return (
    <EmptyState title={title}>
      <p>
        A library appears as soon as a run imports it. What is installed, and which of it has known holes, comes with
        the inventory of a computer: a scan, with or without an agent there.
      </p>
      <CommandLine command={`npx sentinel scan --upload ${location.origin} --token TOKEN`} />
      <p className="muted">A token is made under Machines, Add a machine.</p>
    </EmptyState>
  );
}
