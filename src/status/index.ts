// status: the read model that every view renders.
export { durationText } from './duration.ts';
export { type ExplainContext, explainWhy } from './explain.ts';
export { type MemberObject, memberObject, memberObjects, rfc3339 } from './member-object.ts';
export type { StatusSource } from './source.ts';
export { countStates, digestText, type MeshSummary, meshSummary } from './summary.ts';
