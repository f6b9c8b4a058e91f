import { namedCallRule } from '../named-call-rule.ts';

/** YAML loaded with a loader that can build any object. */
export const weakYamlLoad = namedCallRule(
  { id: 'weak-yaml-load', runs: 'without-ruff', hints: ['yaml'], misses: 'Loaders that reach the call as a variable.' },
  ['yaml.load', 'yaml.load_all', 'yaml.unsafe_load', 'yaml.unsafe_load_all'],
  (call, facts) => {
    const loader = call.keywords.get('Loader') ?? call.positional[1];
    return loader === undefined || !/(?:^|\.)C?(?:Safe|Base)Loader$/.test(facts.nameOf(loader));
  },
);
