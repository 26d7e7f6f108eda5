// status: the read model that every view renders.
export type { Asked } from './asked.ts';
export { LIKELY_CODES, type LikelyCode, type NextStep } from './causes/likely.ts';
export { SELF_CODES, type SelfCode } from './causes/self.ts';
export { digestText } from './digest-text.ts';
export { type DiscoveryObject, discoveryObject, type ProviderHealth } from './discovery-object.ts';
export { durationText } from './duration.ts';
export { EventLog } from './event-log.ts';
export { type EventObject, type EventPage, eventObject, eventPage, tellEvent } from './event-object.ts';
export { Evidence, type EvidenceView } from './evidence.ts';
export { type ExplainContext, explainWhy } from './explain.ts';
export { changeOf, fold } from './fold.ts';
export { healthWord, type NodeHealth, nodeHealth } from './health.ts';
export { type InfoObject, infoObject, type ProcessFacts } from './info-object.ts';
export type {
	LiveBeat,
	LiveChange,
	LiveDelta,
	LiveDetection,
	LiveHealth,
	LiveMember,
	LiveMesh,
	LiveNode,
	LiveProvider,
	LiveRing,
	LiveSecond,
	LiveSnapshot,
	LiveSplit,
	LiveViews,
	WallMs,
} from './live.ts';
export { LiveHistory, type LiveHistoryView } from './live-history.ts';
export { LIVE_LIMITS, type LiveBytes } from './live-limits.ts';
export type { LiveAbout } from './live-parts.ts';
export { type LiveCursor, LiveView } from './live-view.ts';
export { type MemberObject, memberObject, memberObjects, userTags } from './member-object.ts';
export { NodeStatus } from './node-status.ts';
export {
	type LivePlayback,
	PLAYBACK_SPEEDS,
	type PlaybackCommand,
	type PlaybackDiffering,
	type PlaybackDocument,
	type PlaybackMark,
} from './playback.ts';
export { MARKS, markRttMs, type ProbeFigures, probeFigures, probeMark } from './probe-mark.ts';
export type { Rejection, RejectionsView } from './rejections.ts';
export { parseRfc3339, rfc3339 } from './rfc3339.ts';
export { type RingDifference, type RingObject, type RingOwner, ringObject } from './ring-object.ts';
export type { StatusSource } from './source.ts';
export { countStates, type MeshSummary, meshSummary } from './summary.ts';
export type { TimelineKind } from './timeline.ts';
export type { OtherView, ViewsSummary } from './views.ts';
export { type MemberView, memberView, type ViewsObject, viewsObject } from './views-object.ts';
export { type LostProbe, type Observer, type TimelineLine, type WhyDocument, whyDocument } from './why.ts';
