// A notation for protocol-buffer files that reads like a .proto and needs no file at run time.

/** The JSON form that protobuf.js understands, as far as it is used here. */
export interface Namespace {
	nested: Record<string, Message | Enumeration | Service | Namespace>;
}

export interface Message {
	fields: Record<string, { type: string; id: number; rule?: 'repeated' }>;
	oneofs?: Record<string, { oneof: string[] }>;
	nested?: Record<string, Enumeration>;
}

export interface Enumeration {
	values: Record<string, number>;
}

export interface Service {
	methods: Record<
		string,
		{ requestType: string; responseType: string; requestStream: boolean; responseStream: boolean; comment: string }
	>;
}

/** One .proto file: a package and what it declares. */
export interface ProtoFile {
	readonly packageName: string;
	readonly declarations: Readonly<Record<string, Message | Enumeration | Service>>;
}

const FIELD = /^(repeated )?([\w.]+) (\w+) = (\d+)$/;
const METHOD = /^(\w+)\((stream )?(\w+)\) returns \((stream )?(\w+)\)$/;

/** `message('string type = 1', 'bytes body = 2')`. */
export function message(...fields: string[]): Message {
	const made: Message = { fields: {} };
	for (const text of fields) {
		const [, repeated, type, name, id] = match(FIELD, text);
		made.fields[name as string] = {
			type: type as string,
			id: Number(id),
			...(repeated ? { rule: 'repeated' as const } : {}),
		};
	}
	return made;
}

/** `service('DoAction(Action) returns (stream Result)')`. */
export function service(...methods: string[]): Service {
	const made: Service = { methods: {} };
	for (const text of methods) {
		const [, name, requestStream, requestType, responseStream, responseType] = match(METHOD, text);
		made.methods[name as string] = {
			requestType: requestType as string,
			responseType: responseType as string,
			requestStream: requestStream !== undefined,
			responseStream: responseStream !== undefined,
			comment: '', // asked for by the types of protobuf.js
		};
	}
	return made;
}

/** The file as one namespace of protobuf.js. */
export function toNamespace({ packageName, declarations }: ProtoFile): Namespace {
	let namespace: Namespace = { nested: { ...declarations } };
	for (const part of packageName.split('.').reverse()) namespace = { nested: { [part]: namespace } };
	return namespace;
}

/** Every name that a client may ask the file for: types, services, methods; fully qualified, without a leading dot. */
export function symbolsOf({ packageName, declarations }: ProtoFile): string[] {
	const symbols: string[] = [];
	for (const [name, declaration] of Object.entries(declarations)) {
		const qualified = `${packageName}.${name}`;
		const inner = 'methods' in declaration ? declaration.methods : 'nested' in declaration ? declaration.nested : {};
		symbols.push(qualified, ...Object.keys(inner ?? {}).map((key) => `${qualified}.${key}`));
	}
	return symbols;
}

function match(pattern: RegExp, text: string): RegExpExecArray {
	const found = pattern.exec(text);
	if (!found) throw new SyntaxError(`not a line of a .proto: ${text}`);
	return found;
}
