// Transports: packets and streams between real hosts, or in memory.
export type { FaultReason, Faults } from './faults.ts';
export { canReach, defaultAdvertiseHost, isLoopback, isOwnHost, isWildcard } from './interfaces.ts';
export { MemoryNetwork, type MemoryNetworkOptions, type MemoryPacket } from './memory-transport.ts';
export { createNodeTransport, type NodeTransportOptions } from './node-transport.ts';
export type { StreamOptions } from './streams.ts';
export { type Transport, TransportError } from './transport.ts';
