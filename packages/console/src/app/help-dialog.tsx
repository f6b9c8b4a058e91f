import { type Action, useActionRegistry } from '../ui/actions.tsx';
import { Dialog } from '../ui/dialog.tsx';

const GROUPS: readonly Action['group'][] = ['Go to', 'This page', 'Everywhere'];

/** Every registered action with its keys, and the switch for single keys. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const { actions, areSingleKeysOn, setSingleKeys } = useActionRegistry();
  return (
    <Dialog title="Keyboard" isOpen onClose={onClose}>
      <div className="keys">
        {GROUPS.map((group) => {
          const members = actions.filter((action) => action.group === group);
          return members.length === 0 ? null : (
            <section key={group}>
              <h3>{group}</h3>
              <dl>
                {members.map((action) => (
                  <div key={action.id}>
                    <dt>{action.title}</dt>
                    <dd>
                      {action.keys.map((key) => (
                        <kbd key={key}>{key === ' ' ? 'Space' : key}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
                {group === 'Everywhere' ? (
                  <div>
                    <dt>Close a dialog or a menu</dt>
                    <dd>
                      <kbd>Esc</kbd>
                    </dd>
                  </div>
                ) : null}
              </dl>
            </section>
          );
        })}
        <label className="switch">
          <input type="checkbox" checked={areSingleKeysOn} onChange={(event) => setSingleKeys(event.target.checked)} />
          <span>
            Single keys are on
            <span className="field__hint" style={{ display: 'block' }}>
              Switch them off if speech input or another tool presses them by mistake. Everything has a button as well.
            </span>
          </span>
        </label>
      </div>
    </Dialog>
  );
}
