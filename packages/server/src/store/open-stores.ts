import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ServerConfig } from '../settings.ts';
import { ChdbEventStore } from './chdb-event-store.ts';
import { claimEventStore } from './claim-event-store.ts';
import { ClickhouseEventStore } from './clickhouse-event-store.ts';
import { type ControlStore, openControlStore } from './control-store.ts';
import type { EventStore } from './event-store.ts';

const MB = 1024 * 1024;

/** Both stores of a server, brought up to date. */
export interface OpenStores {
  readonly control: ControlStore;
  readonly events: EventStore;
  close(): Promise<void>;
}

/** Opens both stores where the settings say they are; the data folder must be held. */
export async function openStores(
  config: ServerConfig,
  log: Logger,
  onProgress: (text: string) => void = () => {},
): Promise<OpenStores> {
  const folder = join(config.data, 'server');
  onProgress('opening the control store');
  const claim =
    config.control === undefined ? undefined : await claimEventStore(config.control, config.events === undefined, log);
  const control = await openControlStore(config.control ?? join(folder, 'control.sqlite'), log).catch(
    async (error: unknown) => {
      await claim?.release();
      throw error;
    },
  );
  try {
    onProgress('starting the event store');
    const events = await openEvents(config, folder, log);
    try {
      await events.migrate();
    } catch (error) {
      await events.close();
      throw error;
    }
    return {
      control,
      events,
      async close() {
        await events.close();
        await control.destroy();
        await claim?.release();
      },
    };
  } catch (error) {
    await control.destroy();
    await claim?.release();
    throw error;
  }
}

function openEvents(config: ServerConfig, folder: string, log: Logger): Promise<EventStore> {
  return config.events === undefined
    ? ChdbEventStore.open({ folder: join(folder, 'events'), memoryBytes: config.engineMemoryMb * MB }, log)
    : ClickhouseEventStore.open({ url: config.events, cluster: config.eventsCluster }, log);
}
