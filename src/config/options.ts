// Every option once: its names, kind, default and description. Parsing, help and docs/configuration.md are made of this table.

import {
	advertised,
	boolean,
	duration,
	durationOrAuto,
	hostPort,
	integer,
	ip,
	type Kind,
	keys,
	namePatterns,
	networks,
	oneOf,
	peers,
	port,
	recordName,
	servers,
	someOf,
	tags,
	text,
} from './kinds.ts';
import type { OptionName, OptionValue } from './types.ts';

/** Tags that the mesh itself puts into a member's metadata. */
const RESERVED_TAGS = ['lb', 'grpc', 'meta', 'w'];
const DAY_MS = 86_400_000;

export interface Option<V> {
	readonly env: string;
	/**
	 * Variables of others, such as the downward API of Kubernetes, that are read when nothing else is set,
	 * and only while the gossip port is bound to every address: who binds one address means that one.
	 */
	readonly fallback?: readonly string[];
	/** Absent for secrets: a command line is readable by every user of the host. */
	readonly flag?: string;
	readonly kind: Kind<Exclude<V, undefined>>;
	readonly default: V;
	/** What the default is, when it is not a fixed value. */
	readonly defaultText?: string;
	/** Never printed. */
	readonly secret?: true;
	readonly about: string;
}

export const OPTIONS: { readonly [N in OptionName]: Option<OptionValue<N>> } = {
	nodeId: {
		env: 'LONGBOW_NODE_ID',
		flag: '--node-id',
		kind: text(1, 128),
		default: '',
		defaultText: 'the host name',
		about: 'Name of this node, unique in the cluster.',
	},
	listenAddr: {
		env: 'LONGBOW_LISTEN_ADDR',
		flag: '--listen-addr',
		kind: hostPort(),
		default: { host: '0.0.0.0', port: 3000 },
		about: 'Where the data service listens; advertised to the others, not opened by the mesh.',
	},
	metaAddr: {
		env: 'LONGBOW_META_ADDR',
		flag: '--meta-addr',
		kind: hostPort(),
		default: { host: '0.0.0.0', port: 3001 },
		about: 'Arrow Flight status API: this CLI and grpcurl.',
	},
	metricsAddr: {
		env: 'LONGBOW_METRICS_ADDR',
		flag: '--metrics-addr',
		kind: hostPort({ anyPort: true }),
		default: { host: '0.0.0.0', port: 9090 },
		about: 'Prometheus metrics and health over HTTP.',
	},
	adminTokenFile: {
		env: 'LONGBOW_ADMIN_TOKEN_FILE',
		flag: '--admin-token-file',
		kind: text(1, 4_096),
		default: undefined,
		defaultText: 'none: only callers on this machine may change something',
		about: 'File with the token that join and leave need from another machine.',
	},
	metaTlsCert: {
		env: 'LONGBOW_META_TLS_CERT',
		flag: '--meta-tls-cert',
		kind: text(1, 4_096),
		default: undefined,
		defaultText: 'none: without TLS',
		about: 'PEM file with the certificate of the status API, and those that lead to its signer.',
	},
	metaTlsKey: {
		env: 'LONGBOW_META_TLS_KEY',
		flag: '--meta-tls-key',
		kind: text(1, 4_096),
		default: undefined,
		defaultText: 'none',
		about: 'PEM file with the private key of that certificate.',
	},
	metaTlsClientCa: {
		env: 'LONGBOW_META_TLS_CLIENT_CA',
		flag: '--meta-tls-client-ca',
		kind: text(1, 4_096),
		default: undefined,
		defaultText: 'none: callers show no certificate',
		about: 'PEM file of the signers of callers; who shows no certificate of theirs is refused (mTLS).',
	},
	metaTlsCa: {
		env: 'LONGBOW_META_TLS_CA',
		flag: '--meta-tls-ca',
		kind: text(1, 4_096),
		default: undefined,
		defaultText: 'those that Node trusts',
		about: 'PEM file of the signers of other members, for asking them; this CLI reads it too.',
	},
	metaTlsServerName: {
		env: 'LONGBOW_META_TLS_SERVER_NAME',
		flag: '--meta-tls-server-name',
		kind: text(1, 253),
		default: undefined,
		defaultText: 'the host of the address that is asked',
		about: 'Name that the certificates of other members are made for; this CLI reads it too.',
	},
	log: {
		env: 'LONGBOW_LOG',
		flag: '--log',
		kind: oneOf(['auto', 'text', 'json']),
		default: 'auto',
		about: 'Log lines for people, or one JSON object a line; auto is text on a terminal.',
	},
	journal: {
		env: 'LONGBOW_JOURNAL',
		flag: '--journal',
		kind: text(1, 4_096),
		default: undefined,
		defaultText: 'none',
		about: 'File that records all inputs, as clear text without keys, for longbow-mesh replay.',
	},
	journalBytes: {
		env: 'LONGBOW_JOURNAL_BYTES',
		flag: '--journal-bytes',
		kind: integer(65_536, 1_000_000_000_000),
		default: 67_108_864,
		about: 'Largest size of the journal; once it is full, recording ends.',
	},
	'gossip.enabled': {
		env: 'LONGBOW_GOSSIP_ENABLED',
		flag: '--gossip-enabled',
		kind: boolean(),
		default: true,
		about: 'False: a mesh of one, with status API and metrics but without gossip.',
	},
	'gossip.port': {
		env: 'LONGBOW_GOSSIP_PORT',
		flag: '--gossip-port',
		kind: port(),
		default: 7946,
		about: 'Gossip port: UDP, and TCP with streams.',
	},
	'gossip.bindAddr': {
		env: 'LONGBOW_GOSSIP_BIND_ADDR',
		flag: '--gossip-bind-addr',
		kind: ip(),
		default: '0.0.0.0',
		about: 'Address that the gossip port is opened on.',
	},
	'gossip.advertiseAddr': {
		env: 'LONGBOW_GOSSIP_ADVERTISE_ADDR',
		flag: '--gossip-advertise-addr',
		kind: advertised(),
		default: undefined,
		defaultText: 'the bound address, or that of the default interface',
		fallback: ['POD_IP', 'NODE_IP'],
		about: 'Address that the others are told, when it differs from the bound one (NAT, Kubernetes).',
	},
	'gossip.protocolPeriod': {
		env: 'LONGBOW_GOSSIP_PROTOCOL_PERIOD',
		flag: '--gossip-protocol-period',
		kind: duration(10, 60_000),
		default: 200,
		about: 'One member is probed a period.',
	},
	'gossip.ackTimeout': {
		env: 'LONGBOW_GOSSIP_ACK_TIMEOUT',
		flag: '--gossip-ack-timeout',
		kind: duration(1, 30_000),
		default: 100,
		about: 'A direct ping waits so long before helpers are asked; shorter than the period.',
	},
	'gossip.suspicionTimeout': {
		env: 'LONGBOW_GOSSIP_SUSPICION_TIMEOUT',
		flag: '--gossip-suspicion-timeout',
		kind: durationOrAuto(10, DAY_MS),
		default: 5_000,
		about: 'How long a confirmed suspicion waits before its member is dead; auto grows with log N.',
	},
	'gossip.indirectProbes': {
		env: 'LONGBOW_GOSSIP_INDIRECT_PROBES',
		flag: '--gossip-indirect-probes',
		kind: integer(0, 16),
		default: 3,
		about: 'Helpers that are asked when a direct ping gets no answer.',
	},
	'gossip.packetBytes': {
		env: 'LONGBOW_GOSSIP_PACKET_BYTES',
		flag: '--gossip-packet-bytes',
		kind: integer(1_100, 65_000),
		default: 1_400,
		about: 'Largest packet, in bytes.',
	},
	'gossip.streams': {
		env: 'LONGBOW_GOSSIP_STREAMS',
		flag: '--gossip-streams',
		kind: boolean(),
		default: true,
		about: 'TCP beside UDP: for serf and memberlist peers, and as a fallback.',
	},
	'gossip.compat': {
		env: 'LONGBOW_GOSSIP_COMPAT',
		flag: '--gossip-compat',
		kind: oneOf(['none', 'serf']),
		default: 'none',
		about: 'serf: take part in a Serf cluster as one of its own.',
	},
	'gossip.tags': {
		env: 'LONGBOW_GOSSIP_TAGS',
		flag: '--gossip-tags',
		kind: tags(RESERVED_TAGS),
		default: {},
		about: 'Tags of this member, seen by all; 512 bytes in all.',
	},
	'gossip.weight': {
		env: 'LONGBOW_GOSSIP_WEIGHT',
		flag: '--gossip-weight',
		kind: integer(0, 1_000),
		default: 1,
		about: 'Share of the ring relative to others; 0 owns nothing.',
	},
	'gossip.label': {
		env: 'LONGBOW_GOSSIP_LABEL',
		flag: '--gossip-label',
		kind: text(1, 255),
		default: undefined,
		defaultText: 'none',
		about: 'Keeps clusters apart that can reach each other.',
	},
	'gossip.keys': {
		env: 'LONGBOW_GOSSIP_KEYS',
		kind: keys(),
		default: [],
		defaultText: 'none: not encrypted',
		secret: true,
		about: 'Base64 keys; the first one encrypts, all of them decrypt.',
	},
	'gossip.keysFile': {
		env: 'LONGBOW_GOSSIP_KEYS_FILE',
		flag: '--gossip-keys-file',
		kind: text(1, 4_096),
		default: undefined,
		defaultText: 'none',
		about: 'File with the keys, one a line or as serf keeps them; read again when it changes.',
	},
	'gossip.verifyIncoming': {
		env: 'LONGBOW_GOSSIP_VERIFY_INCOMING',
		flag: '--gossip-verify-incoming',
		kind: boolean(),
		default: true,
		about: 'With keys: refuse clear text. False only while a mesh moves to encryption.',
	},
	'gossip.verifyOutgoing': {
		env: 'LONGBOW_GOSSIP_VERIFY_OUTGOING',
		flag: '--gossip-verify-outgoing',
		kind: boolean(),
		default: true,
		about: 'With keys: encrypt what is sent. False only while a mesh moves to encryption.',
	},
	'gossip.allowCidrs': {
		env: 'LONGBOW_GOSSIP_ALLOW_CIDRS',
		flag: '--gossip-allow-cidrs',
		kind: networks(),
		default: [],
		defaultText: 'any',
		about: 'Networks that packets, streams and members may come from; the same on all members.',
	},
	'gossip.allowNames': {
		env: 'LONGBOW_GOSSIP_ALLOW_NAMES',
		flag: '--gossip-allow-names',
		kind: namePatterns(),
		default: [],
		defaultText: 'any',
		about: 'Names that members may have, with * and ?; the same on all members.',
	},
	'gossip.discovery.provider': {
		env: 'LONGBOW_GOSSIP_DISCOVERY_PROVIDER',
		flag: '--gossip-discovery-provider',
		kind: someOf(['static', 'dns', 'k8s']),
		default: ['static'],
		about: 'Where the first peers come from: static, dns, k8s, or several of them.',
	},
	'gossip.discovery.staticPeers': {
		env: 'LONGBOW_GOSSIP_STATIC_PEERS',
		flag: '--join',
		kind: peers(),
		default: [],
		defaultText: 'none',
		about: "First peers to contact, whatever the provider; one is enough. Without a port: this node's own.",
	},
	'gossip.discovery.dnsRecord': {
		env: 'LONGBOW_GOSSIP_DNS_RECORD',
		flag: '--gossip-dns-record',
		kind: recordName(),
		default: undefined,
		defaultText: 'none',
		about: 'Record of the peers, for provider dns: SRV when it begins with _, else A and AAAA.',
	},
	'gossip.discovery.dnsServers': {
		env: 'LONGBOW_GOSSIP_DNS_SERVERS',
		flag: '--gossip-dns-servers',
		kind: servers(),
		default: [],
		defaultText: 'those of the system',
		about: 'Name servers to ask, for provider dns.',
	},
	'gossip.discovery.namespace': {
		env: 'LONGBOW_GOSSIP_NAMESPACE',
		flag: '--gossip-namespace',
		kind: text(1, 253),
		default: undefined,
		defaultText: "the pod's own",
		about: 'Kubernetes namespace of the peers, for provider k8s.',
	},
	'gossip.discovery.labelSelector': {
		env: 'LONGBOW_GOSSIP_LABEL_SELECTOR',
		flag: '--gossip-label-selector',
		kind: text(1, 1_024),
		default: 'app.kubernetes.io/name=longbow',
		about: 'Kubernetes label selector of the peers, for provider k8s.',
	},
};

export const OPTION_NAMES: readonly OptionName[] = Object.keys(OPTIONS) as OptionName[];

/** Variables that belong to the commands of the CLI rather than to the agent's configuration. */
export const CLI_ENVIRONMENT: Readonly<Record<string, { readonly flag?: string; readonly about: string }>> = {
	LONGBOW_ADDR: {
		flag: '--addr',
		about: 'Status API of the agent that a command asks, as host:port; without it localhost:3001.',
	},
	LONGBOW_DEBUG: { about: 'With 1 or true an error is followed by its stack, for a report.' },
};
