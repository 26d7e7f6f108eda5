// Transports: packets and streams between real hosts, or in memory.
export { type Transport, TransportError } from './transport.ts';
