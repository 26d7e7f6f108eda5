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
	[
		'a goodbye that comes after the death, from a foreign member, disturbs no view',
		'{"seed":2309,"durationMs":15000,"weather":{"nodes":10,"link":{"loss":0.039611246134154496,"burstStart":0,"burstLoss":0.568741499632597,"burstPackets":14.29049226641655,"delayMs":13.113276435667647,"jitterMs":0,"reorder":0.15624133753590286,"reorderMs":36.90908122062683,"duplication":0.14743017652072013,"mtuBytes":65507},"streams":true,"badLinks":0.03265684796497226,"badLinkLoss":0.6410713996738195,"packetlessLinks":0.04862522736657411,"streamlessLinks":0,"clockSkew":0,"foreign":2,"partitions":4.1101857321336865,"cuts":2.593550131190568,"cutMs":22463.931864360347,"stalls":0,"stallMs":2969.6770198410377,"slowness":0,"slowMs":20.609592132968828,"crashes":4.702319672796875,"restarts":0.1863792717922479,"leaves":1.235331354662776,"rollingRestart":0,"burstJoin":5,"tagUpdates":6.800581798888743},"history":[{"type":"partition","at":1986,"forMs":13014,"side":["n2","j4","j3","n9","n7"],"flapMs":0},{"type":"crash","at":7285,"host":"n1","back":{"afterMs":4720,"moves":false}},{"type":"leave","at":8368,"host":"n3"},{"type":"tags","at":9051,"host":"j2","tags":{"v":"1","note":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}},{"type":"join","at":12506,"hosts":["j0","j1","j2","j3","j4"]},{"type":"crash","at":12776,"host":"n1","back":{"afterMs":2224,"moves":false}},{"type":"tags","at":12778,"host":"n8","tags":{"v":"0","note":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","w":"1"}}]}',
	],
	[
		'whom the leaving node did not know when it began was not told',
		'{"seed":9973,"durationMs":15000,"weather":{"nodes":5,"link":{"loss":0.06401935229077935,"burstStart":0.005184845163021237,"burstLoss":0.8919019412249327,"burstPackets":47.506798665970564,"delayMs":15.841644051903858,"jitterMs":14.026419329456985,"reorder":0.05470547298900783,"reorderMs":39.71614242391661,"duplication":0,"mtuBytes":1293.4291677626316},"streams":false,"badLinks":0,"badLinkLoss":0.15684209072496744,"packetlessLinks":0,"streamlessLinks":0,"clockSkew":0,"foreign":0,"partitions":0.08061760012060404,"cuts":0.9572149054147303,"cutMs":29793.77735068556,"stalls":0.7334702904336154,"stallMs":2873.6758282175288,"slowness":0,"slowMs":17.327490360476077,"crashes":0,"restarts":0.8722356813959777,"leaves":5.114949433598667,"rollingRestart":1,"burstJoin":1,"tagUpdates":11.402817415073514},"history":[{"type":"join","at":412,"hosts":["j0"]},{"type":"leave","at":2500,"host":"n0","back":{"afterMs":3430,"moves":false}},{"type":"leave","at":5000,"host":"n1","back":{"afterMs":4282,"moves":false}},{"type":"leave","at":5611,"host":"n1","back":{"afterMs":2425,"moves":false}},{"type":"cut","at":7184,"forMs":7816,"from":"n0"},{"type":"tags","at":7240,"host":"n1","tags":{"v":"1","note":"x","w":"0"}},{"type":"leave","at":7500,"host":"n2","back":{"afterMs":1689,"moves":false}},{"type":"leave","at":10000,"host":"n3","back":{"afterMs":3016,"moves":false}},{"type":"tags","at":10915,"host":"n1","tags":{"v":"0","note":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","w":"4"}},{"type":"tags","at":11182,"host":"n4","tags":{"v":"2","note":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}},{"type":"leave","at":12500,"host":"n4","back":{"afterMs":2500,"moves":false}},{"type":"leave","at":14342,"host":"n4","back":{"afterMs":658,"moves":true}}]}',
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
