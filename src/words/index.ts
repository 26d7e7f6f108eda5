// words: what texts for people have in common, wherever they are written.
export { nearest } from './nearest.ts';
