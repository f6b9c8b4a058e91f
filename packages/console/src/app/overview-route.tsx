import { PlayDemo } from '../features/demo/play-demo.tsx';
import { OverviewPage } from '../features/overview/overview-page.tsx';

/** The overview with the demo in it: features do not import one another, so they meet here. */
export function OverviewRoute() {
  return <OverviewPage demoButton={PlayDemo} />;
}
