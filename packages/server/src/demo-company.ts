import { CompanyDocument } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { importCompany } from './store/company.ts';
import type { ControlStore } from './store/control-store.ts';

/** Takes what the demo's company says of itself; it can replace nothing that another document or a person said. */
export async function takeDemoCompany(control: ControlStore, document: unknown, log: Logger): Promise<void> {
  const parsed = CompanyDocument.safeParse(document);
  if (!parsed.success || parsed.data.source !== 'demo') {
    log.warn('what the demo says of its company is no such document');
    return;
  }
  try {
    const known = await control.selectFrom('company_setting').select('name').execute();
    const demo = await control.selectFrom('department').select('id').where('source', '=', 'demo').execute();
    // Settings that somebody made stay.
    const { settings, ...rest } = parsed.data;
    const isOurs = known.length === 0 || demo.length > 0;
    await importCompany(control, isOurs && settings !== undefined ? { ...rest, settings } : rest, Date.now());
  } catch (error) {
    log.warn({ err: error }, "the demo's company could not be stored");
  }
}
