// The chart as helm renders it: text for the goldens, objects for everything else.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { toolPath } from '../../support/kube-tools.ts';

export const CHART: string = fileURLToPath(new URL('../../../deploy/helm/longbow', import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: objects of Kubernetes, whose types are checked by their own validators
export type KubeObject = any;

export interface Release {
	/** Default `longbow`. */
	readonly name?: string;
	/** Default `default`. */
	readonly namespace?: string;
	/** Path of a file with values. */
	readonly file?: string;
	/** Values on top, nested as in values.yaml. */
	readonly values?: object;
	/** Version of Kubernetes that is rendered for. */
	readonly kubeVersion?: string;
}

/** What `helm template` prints. @throws {Error} with what helm wrote to stderr. */
export function renderText({ kubeVersion = '1.33.0', ...release }: Release = {}): Promise<string> {
	return helm(['template', ...releaseArgs(release), '--kube-version', kubeVersion], release.values);
}

/** The rendered objects, hooks included. */
export async function render(release: Release = {}): Promise<readonly KubeObject[]> {
	return objectsOf(await renderText(release));
}

/** What helm says after an installation. */
export async function renderNotes(release: Release = {}): Promise<string> {
	const text = await helm(['install', ...releaseArgs(release), '--dry-run=client'], release.values);
	return text.slice(text.indexOf('\nNOTES:\n') + 1);
}

/** The objects in a text of YAML documents. */
export function objectsOf(text: string): readonly KubeObject[] {
	return parseAllDocuments(text).flatMap((document) => {
		if (document.errors.length > 0) throw new Error(`${document.errors[0]?.message}\n${text}`);
		return (document.toJS() as KubeObject) ?? [];
	});
}

/** The one object of a kind, and of a name where the kind has several. @throws {Error} when it is not exactly one. */
export function only(objects: readonly KubeObject[], kind: string, name?: string): KubeObject {
	const found = objects.filter((each) => each.kind === kind && (name === undefined || each.metadata.name === name));
	if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name ?? ''}`);
	return found[0];
}

/** Runs helm; `values` goes to it over stdin as one more file of values. */
export function helm(args: readonly string[], values?: object): Promise<string> {
	return new Promise((resolve, reject) => {
		const all = values === undefined ? args : [...args, '--values', '-'];
		const child = execFile(toolPath('helm'), all, { maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
			if (error) reject(new Error(stderr, { cause: error }));
			else resolve(stdout);
		});
		child.stdin?.end(JSON.stringify(values ?? {})); // JSON is YAML
	});
}

function releaseArgs({ name = 'longbow', namespace = 'default', file }: Release): string[] {
	return [name, CHART, '--namespace', namespace, ...(file === undefined ? [] : ['--values', file])];
}
