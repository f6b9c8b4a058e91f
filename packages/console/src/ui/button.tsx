import type { ComponentProps } from 'react';

interface Props extends ComponentProps<'button'> {
  readonly look?: 'plain' | 'primary' | 'quiet';
}

/** A button; never submits unless told so. */
export function Button({ look = 'plain', className, type = 'button', ...rest }: Props) {
  // oxlint-disable-next-line react/button-has-type -- the type has a default
  return <button type={type} className={`button button--${look} ${className ?? ''}`} {...rest} />;
}
