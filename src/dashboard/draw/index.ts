// Everything that the dashboard draws, as pure functions of a pen, data, a size and tokens.
export { contrast, mix } from './colour.ts';
export { drawField, fieldHits, fieldText, isTiny } from './field.ts';
export type { ColourBy, FieldData, FieldMember } from './field-data.ts';
export {
	FIELD_MARGIN,
	type FieldBand,
	type FieldGroup,
	type FieldLayout,
	layoutField,
	type Tier,
} from './field-layout.ts';
export { drawHeat, type HeatBucket, type HeatData, heatText } from './heat.ts';
export { type Direction, hitAt, neighbour } from './hits.ts';
export { drawLanes, type Lane, type LaneSpan, type LanesData, type LanesHits, lanesText } from './lanes.ts';
export { commonPrefix } from './names.ts';
export { drawProbeLine, PROBES_SHOWN, type ProbeLineStyle, probeLineText } from './probe-line.ts';
export { drawProbePaths, type ProbeHelper, type ProbePaths, probePathsHeight, probePathsText } from './probe-paths.ts';
export {
	drawRing,
	fingerprintText,
	type RingData,
	type RingHits,
	type RingSummary,
	ringBinAt,
	ringText,
	takeoverText,
} from './ring.ts';
export { drawShares, type ShareDatum, type SharesData, sharesText } from './shares.ts';
export { byName, NO_SLOTS, placeMembers, type Slot, type SlotMember, type Slots } from './slots.ts';
export { clockText, type TimeSpan } from './time-axis.ts';
export { readTokens, type Tokens } from './tokens.ts';
export { drawTraffic, type TrafficData, type TrafficKind, type TrafficPoint, trafficText } from './traffic.ts';
export type { Box, Hit, Pen, Size } from './types.ts';
export {
	ageText,
	agoText,
	countText,
	leftText,
	msText,
	percentText,
	plural,
	rateText,
	spanText,
	wholeSecond,
} from './units.ts';
export type { ViewShare } from './view-split.ts';
