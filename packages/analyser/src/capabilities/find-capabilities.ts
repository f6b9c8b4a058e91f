import type { Capability, SourcePlace } from '@sentinel/protocol';
import type { SyntaxNode } from '../parse.ts';
import type { CallFact, Facts } from '../semantics/facts.ts';
import { NamePatterns } from '../semantics/name-patterns.ts';
import type { CapabilityRule } from './capability-rule.ts';
import { desktopAndSystemCapabilities } from './desktop-and-system.ts';
import { fileAndDataCapabilities } from './files-and-data.ts';
import { mailAndCloudCapabilities } from './mail-and-cloud.ts';
import { networkCapabilities } from './network.ts';

/** Every capability there is. */
export const capabilityRules: readonly CapabilityRule[] = [
  ...networkCapabilities,
  ...mailAndCloudCapabilities,
  ...fileAndDataCapabilities,
  ...desktopAndSystemCapabilities,
];

const modules = new NamePatterns<CapabilityRule>();
const calls = new NamePatterns<CapabilityRule>();
/** Calls into a module that shows a capability: further places where it shows. */
const moduleCalls = new NamePatterns<CapabilityRule>();
const attributes = new NamePatterns<CapabilityRule>();
for (const rule of capabilityRules) {
  for (const name of [...(rule.modules ?? []), ...(rule.names ?? [])]) {
    modules.add(name, rule);
    modules.add(`${name}.**`, rule);
    moduleCalls.add(`${name}.**`, rule);
  }
  for (const pattern of rule.calls ?? []) calls.add(pattern, rule);
  for (const pattern of rule.attributes ?? []) attributes.add(pattern, rule);
}

/** Most places and names kept for one capability. */
const MAX_EVIDENCE = 50;

interface Shown {
  readonly places: Map<number, SourcePlace>;
  readonly detail: Set<string>;
}

/** Capabilities of a file, sorted by name, each with where and through what it shows. */
export function findCapabilities(facts: Facts, placeOf: (node: SyntaxNode) => SourcePlace): Capability[] {
  const shown = new Map<string, Shown>();
  const add = (id: string, node: SyntaxNode, detail: string): void => {
    let entry = shown.get(id);
    if (entry === undefined) {
      entry = { places: new Map(), detail: new Set() };
      shown.set(id, entry);
    }
    if (entry.detail.size < MAX_EVIDENCE) entry.detail.add(detail);
    if (entry.places.size >= MAX_EVIDENCE) return;
    const place = placeOf(node);
    const key = (place.cell ?? 0) * 10_000_000 + place.line;
    if (!entry.places.has(key)) entry.places.set(key, place);
  };
  for (const fact of facts.imports) {
    if (fact.module.startsWith('.')) continue;
    const name = fact.name === undefined || fact.name === '*' ? fact.module : `${fact.module}.${fact.name}`;
    for (const rule of modules.find(name)) add(rule.id, fact.node, `import ${name}`);
  }
  for (const call of facts.calls) {
    for (const rule of calls.find(call.name)) {
      if (isAccepted(rule, call, facts)) add(rule.id, call.node, call.name);
    }
  }
  for (const call of facts.calls) {
    for (const rule of moduleCalls.find(call.name)) {
      if (shown.has(rule.id)) add(rule.id, call.node, call.name);
    }
  }
  for (const fact of facts.attributes) {
    for (const rule of attributes.find(fact.name)) add(rule.id, fact.node, fact.name);
  }
  return [...shown]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, entry]) => ({
      id,
      evidence: [...entry.places.values()].sort((a, b) => (a.cell ?? 0) - (b.cell ?? 0) || a.line - b.line),
      detail: [...entry.detail].sort(),
    }));
}

function isAccepted(rule: CapabilityRule, call: CallFact, facts: Facts): boolean {
  return rule.accepts === undefined || rule.accepts(call, facts);
}
