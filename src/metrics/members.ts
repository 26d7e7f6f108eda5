// Metrics of the view: members by state and path, their changes, agreement of views, the ring.

import { countStates } from '../status/index.ts';
import { STATE_CHANGES } from '../swim/index.ts';
import { each, type Metric, one } from './metric.ts';

export const MEMBER_METRICS: readonly Metric[] = [
	{
		name: 'gossip_active_members',
		type: 'gauge',
		help: 'Members of the mesh that are alive or suspect, as this node sees it, itself included.',
		labels: [],
		read: ({ status }) => {
			const { alive, suspect } = countStates(status);
			return one(alive + suspect);
		},
	},
	{
		name: 'gossip_members',
		type: 'gauge',
		help: 'Members by state, as this node sees it, itself included; dead and left ones while they are shown.',
		labels: ['state'],
		read: ({ status }) => each('state', countStates(status)),
	},
	{
		name: 'gossip_members_by_path',
		type: 'gauge',
		help: 'Other active members by how this node reaches them: udp, or stream where packets to them are lost.',
		labels: ['path'],
		read: ({ status }) => {
			const paths = { udp: 0, stream: 0 };
			for (const { name, state } of status.members) {
				if (name !== status.config.name && (state === 'alive' || state === 'suspect')) paths[status.path(name)]++;
			}
			return each('path', paths);
		},
	},
	{
		name: 'gossip_member_state_changes_total',
		type: 'counter',
		help: 'Steps of other members from one state to another, as this node sees it.',
		labels: ['from', 'to'],
		read: ({ status }) =>
			STATE_CHANGES.map(([from, to]) => ({
				labels: { from, to },
				value: status.counters.stateChanges[`${from}>${to}`] ?? 0,
			})),
	},
	{
		name: 'gossip_accusations_total',
		type: 'counter',
		help: 'Members that this node accused because its own probe of them failed; a node that accuses many is slow or cut off itself.',
		labels: [],
		read: ({ status }) => one(status.counters.accusations),
	},
	{
		name: 'gossip_suspicion_confirmations_total',
		type: 'counter',
		help: 'Further members that accused a suspect, which shortens its time to refute.',
		labels: [],
		read: ({ status }) => one(status.counters.confirmations),
	},
	{
		name: 'gossip_refutations_total',
		type: 'counter',
		help: 'Times that this node was accused and refuted under a new incarnation.',
		labels: [],
		read: ({ status }) => one(status.counters.refutations),
	},
	{
		name: 'gossip_views',
		type: 'gauge',
		help: 'Views of live members that were heard, this node included, by whether they agree with its own.',
		labels: ['verdict'],
		read: ({ status: { views } }) => each('verdict', { agree: views.agree, differ: views.of - views.agree }),
	},
	{
		name: 'gossip_ring_owners',
		type: 'gauge',
		help: 'Members on the ring of this node.',
		labels: [],
		read: ({ status }) => one(status.ring.size),
	},
	{
		name: 'gossip_ring_fingerprint_changes_total',
		type: 'counter',
		help: 'Times that the set of owners or their weights changed.',
		labels: [],
		read: ({ fingerprintChanges }) => one(fingerprintChanges),
	},
];
