export { bandOf, RISK_METHOD, type RiskFacts, riskOf } from './risk-of.ts';
