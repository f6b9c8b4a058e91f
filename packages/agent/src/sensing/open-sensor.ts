import { openPollingSensor } from './polling-sensor.ts';
import { noSensor, type ProcessSensor, type SensorListener } from './process-sensor.ts';
import { openTracefsSensor } from './tracefs-sensor.ts';

/** Why nothing is sensed on a system; the seam where its sensor goes. */
const NOT_SENSED: Readonly<Record<string, string>> = {
  darwin:
    'process starts are not sensed on macOS: the Endpoint Security client needs an entitlement that this build does not have',
  win32: 'process starts are not sensed on Windows: the Win32_ProcessStartTrace reader is not built yet',
};

/** What {@link openSensor} needs. */
export interface SensorOptions {
  /** Programs that carry an interpreter, by path. */
  readonly hosts: readonly string[];
  readonly listener: SensorListener;
  readonly platform?: NodeJS.Platform;
}

/** Opens the best sensor that this system allows; its health says which, and why no better. */
export async function openSensor(options: SensorOptions): Promise<ProcessSensor> {
  const { platform = process.platform, hosts, listener } = options;
  if (platform !== 'linux') return noSensor(NOT_SENSED[platform] ?? `process starts are not sensed on ${platform}`);
  try {
    return await openTracefsSensor(hosts, listener);
  } catch (error) {
    try {
      return openPollingSensor(`short runs are missed: ${(error as Error).message}`, hosts, listener);
    } catch {
      return noSensor('neither tracing nor /proc can be read');
    }
  }
}
