// Runs that once broke an invariant, a line each, as the hunt prints them (`caseLine`).
import { describe, expect, it } from 'vitest';
import { type SimulateOptions, simulate } from '../../src/sim/index.ts';

const CASES: readonly (readonly [what: string, line: string])[] = [
	[
		'two who agreed on a suspect answered each other without end, with duplication ever more',
		'{"durationMs":12882,"weather":{"nodes":37,"link":{"loss":0,"burstStart":0,"burstLoss":0,"burstPackets":10,"delayMs":6,"jitterMs":0,"reorder":0.2,"reorderMs":24,"duplication":0.14,"mtuBytes":65507},"streams":true,"badLinks":0,"badLinkLoss":0,"packetlessLinks":0,"streamlessLinks":0,"clockSkew":0,"foreign":0,"partitions":0,"cuts":0,"stalls":0,"stallMs":0,"slowness":0,"slowMs":0,"crashes":0,"restarts":0,"leaves":0,"rollingRestart":0,"burstJoin":0,"tagUpdates":0,"cutMs":0},"history":[{"type":"stall","at":8830,"forMs":4052,"host":"n20"},{"type":"join","at":12300,"hosts":["j0","j1","j2","j3","j4","j5","j6","j7","j8","j9","j10","j11","j12","j13","j14","j15","j16","j17"]}],"seed":3}',
	],
	[
		'a suspect that is accused at a higher incarnation takes no step',
		'{"durationMs":5038,"seed":30,"weather":{"nodes":12,"link":{"loss":0.011135407525580378,"burstStart":0.007559260232374072,"burstLoss":0.6389270301908254,"burstPackets":37.52028573304415,"delayMs":4.319631512416526,"jitterMs":0,"reorder":0,"reorderMs":48.773347773589194,"duplication":0,"mtuBytes":65507},"streams":false,"badLinks":0.07791225076653063,"badLinkLoss":0.795232538995333,"packetlessLinks":0,"streamlessLinks":0,"clockSkew":0.005573345581069589,"foreign":0,"partitions":0.7948290794156492,"cuts":0,"cutMs":13448.63812753465,"stalls":9.618095539044589,"stallMs":11069.742683973163,"slowness":0,"slowMs":8.422965866746381,"crashes":3.39946512831375,"restarts":0.4894159287214279,"leaves":1.006729235406965,"rollingRestart":0,"burstJoin":3,"tagUpdates":0},"history":[]}',
	],
	[
		'a stop that ended before any deadline fell due excuses nobody: what came meanwhile was read before the verdict',
		'{"seed":2770,"durationMs":15000,"weather":{"nodes":4,"link":{"loss":0,"burstStart":0,"burstLoss":0.8870898734778165,"burstPackets":2.492931332439184,"delayMs":18.85793989477679,"jitterMs":0,"reorder":0,"reorderMs":16.61169221671298,"duplication":0,"mtuBytes":65507},"streams":false,"badLinks":0,"badLinkLoss":0.34852733458392327,"packetlessLinks":0,"streamlessLinks":0,"clockSkew":0,"foreign":0,"partitions":0.9574635978788137,"cuts":3.9553411630913615,"cutMs":20526.05503401719,"stalls":9.442171335685998,"stallMs":14741.036243224517,"slowness":0,"slowMs":5.794247301761061,"crashes":0,"restarts":0.2042221303563565,"leaves":0,"rollingRestart":0,"burstJoin":2,"tagUpdates":4.270637254230678},"history":[{"type":"join","at":4082,"hosts":["j0","j1"]},{"type":"cut","at":6249,"forMs":8751,"to":"n3"},{"type":"stall","at":14184,"forMs":816,"host":"n3"}]}',
	],
	[
		'a verdict that is less than a period late after a stop stands',
		'{"seed":3839,"durationMs":13886,"weather":{"nodes":2,"link":{"loss":0,"burstStart":0,"burstLoss":0.7823023799806834,"burstPackets":48.67038232088089,"delayMs":7.587605164735577,"jitterMs":0,"reorder":0,"reorderMs":24.680497178807855,"duplication":0,"mtuBytes":65507},"streams":true,"badLinks":0,"badLinkLoss":0.25163204190321264,"packetlessLinks":0,"streamlessLinks":0,"clockSkew":0,"foreign":0,"partitions":0,"cuts":3.997513983864337,"cutMs":21968.799269990996,"stalls":9.489386635832489,"stallMs":4415.030692471191,"slowness":0,"slowMs":6.796237946255133,"crashes":1.4374837232753634,"restarts":0.7758188908919692,"leaves":0.9100523376837373,"rollingRestart":0,"burstJoin":0,"tagUpdates":0},"history":[{"type":"crash","at":6363,"host":"n1","back":{"afterMs":5250,"moves":false}},{"type":"cut","at":11868,"forMs":2018,"to":"n0"},{"type":"stall","at":13467,"forMs":419,"host":"n0"}]}',
	],
];

describe('regressions of the hunt', () => {
	it.each(CASES)(
		'%s',
		(_, line) => {
			const options: SimulateOptions = JSON.parse(line);
			expect(simulate(options).violations).toEqual([]);
		},
		30_000,
	);
});
