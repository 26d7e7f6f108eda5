// sim/checkers: what always holds, one small file each.

import { admission } from './admission.ts';
import { caps } from './caps.ts';
import type { CheckerKind } from './checker.ts';
import { conflicts } from './conflicts.ts';
import { detection } from './detection.ts';
import { dissemination } from './dissemination.ts';
import { events } from './events.ts';
import { falseDeaths } from './false-deaths.ts';
import { goodbyes } from './goodbyes.ts';
import { incarnations } from './incarnations.ts';
import { load } from './load.ts';
import { packets } from './packets.ts';
import { rings } from './rings.ts';
import { stalls } from './stalls.ts';
import { suspicionTerms } from './suspicion-terms.ts';
import { verdicts } from './verdicts.ts';

export { type Checker, type CheckerKind, RunCutShort, type Trial, type Violation } from './checker.ts';
export { Convergence } from './convergence.ts';
export { Lives } from './lives.ts';
export { convergenceBoundMs, Promises, WEATHER_CLASSES, type WeatherClass } from './promises.ts';

/** All that watch from the start of a run. Convergence is judged by the run itself, after the heal. */
export const CHECKERS: readonly CheckerKind[] = [
	incarnations,
	verdicts,
	admission,
	suspicionTerms,
	falseDeaths,
	detection,
	dissemination,
	caps,
	packets,
	rings,
	events,
	load,
	goodbyes,
	stalls,
	conflicts,
];
