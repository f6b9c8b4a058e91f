export { basePack } from './base-pack.ts';
export { type PackSetup, type PackSubject, RulePacks } from './rule-packs.ts';
export { type OpenedOverlay, openOverlay, PackRefused, readOverlay, signOverlay } from './signed-overlay.ts';
