// YAML in a module of its own, which is loaded by whoever has a file to read: the bundle keeps the names of a package only where they are imported by name.

import { parse } from 'yaml';

/** @throws {Error} where `text` is no YAML; JSON is. */
export function parseYaml(text: string): unknown {
	return parse(text);
}
