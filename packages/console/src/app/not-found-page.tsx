import { Link } from '@tanstack/react-router';
import { Page } from '../ui/page.tsx';

/** Answers a path that leads nowhere. */
export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <p>The address may be mistyped, or the page has moved.</p>
      <p>
        <Link to="/">Go to the overview</Link>
      </p>
    </Page>
  );
}
