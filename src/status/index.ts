// status: the read model that every view renders.
export type { StatusSource } from './source.ts';
