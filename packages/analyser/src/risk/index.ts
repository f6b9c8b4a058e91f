export { dataPlaceWord } from './data-place-word.ts';
export { REACH_WORDS } from './reach-words.ts';
export { bandOf, RISK_METHOD, type RiskFacts, riskOf } from './risk-of.ts';
