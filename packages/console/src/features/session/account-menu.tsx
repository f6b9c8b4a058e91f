import type { Session } from '@sentinel/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import { CheckIcon, PersonIcon } from '../../ui/icons.tsx';
import { type Theme, useTheme } from '../../ui/theme.ts';
import { signOut } from './sign-out.ts';

const SetPasswordDialog = lazy(() =>
  import('./set-password-dialog.tsx').then((module) => ({ default: module.SetPasswordDialog })),
);

const THEMES: readonly { readonly id: Theme; readonly text: string }[] = [
  { id: 'system', text: 'As the system' },
  { id: 'light', text: 'Light' },
  { id: 'dark', text: 'Dark' },
];

/** Who is signed in, with the settings of the person. */
export function AccountMenu({ session }: { readonly session: Session }) {
  const [theme, setTheme] = useTheme();
  const [isPasswordOpen, setPasswordOpen] = useState(false);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      queryClient.clear();
    },
  });
  return (
    <>
      <MenuTrigger>
        <Button className="account">
          <PersonIcon />
          <span className="account__name">{session.userName}</span>
          {session.hasPassword ? null : (
            <span className="account__mark">
              <span className="visually-hidden">, no password set</span>
            </span>
          )}
        </Button>
        <Popover className="menu-popover" placement="top start">
          <Menu
            className="menu"
            aria-label="Account"
            onAction={(key) => {
              if (key === 'password') setPasswordOpen(true);
              if (key === 'settings') void navigate({ to: '/settings' });
              if (key === 'sign-out') leave.mutate();
            }}
          >
            <MenuSection
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[theme]}
              onSelectionChange={(keys) => {
                const chosen = keys === 'all' ? undefined : THEMES.find(({ id }) => keys.has(id));
                if (chosen !== undefined) setTheme(chosen.id);
              }}
            >
              <Header className="menu__header">Colours</Header>
              {THEMES.map(({ id, text }) => (
                <MenuItem key={id} id={id} className="menu__item" textValue={text}>
                  {({ isSelected }) => (
                    <>
                      {isSelected ? (
                        <span className="menu__check">
                          <CheckIcon size={14} />
                        </span>
                      ) : null}
                      {text}
                    </>
                  )}
                </MenuItem>
              ))}
            </MenuSection>
            <Separator className="menu__separator" />
            <MenuSection>
              <Header className="menu__header">
                Signed in as {session.userName}, role {session.roles.join(', ')}
              </Header>
              <MenuItem id="password" className="menu__item">
                {session.hasPassword ? 'Change the password …' : 'Set a password …'}
              </MenuItem>
              <MenuItem id="settings" className="menu__item">
                Settings
              </MenuItem>
              <MenuItem id="sign-out" className="menu__item">
                Sign out
              </MenuItem>
            </MenuSection>
          </Menu>
        </Popover>
      </MenuTrigger>
      <Suspense>
        {isPasswordOpen ? <SetPasswordDialog session={session} onClose={() => setPasswordOpen(false)} /> : null}
      </Suspense>
    </>
  );
}
