import type { Services } from '../services.ts';
import type { Handlers } from './handler.ts';

/** The demo on the server's computer. */
export function demo({ demo }: Services): Handlers<'startDemo'> {
  return {
    async startDemo() {
      await demo.start();
      return { running: demo.running };
    },
  };
}
