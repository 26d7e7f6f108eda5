// An address: IP literal and port, and its forms on the wire (4 or 16 bytes) and in text.

/** Where packets go. `host` is always an IP literal: the machine never resolves a name. */
export interface Address {
	readonly host: string;
	readonly port: number;
}

/** `10.0.0.1:7946`, `[fd00::1]:7946`. */
export function formatAddress(address: Address): string {
	return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** Whether host and port are equal. Hosts are compared as texts: IP literals in their shortest form. */
export function sameAddress(a: Address, b: Address): boolean {
	return a === b || (a.port === b.port && a.host === b.host);
}

/** Text of a 4-byte or 16-byte IP; an IPv4-mapped IPv6 address is shown as IPv4. `undefined` for any other length. */
export function ipText(bytes: Uint8Array): string | undefined {
	// In one piece: a text that V8 has put together of parts is slow to compare, and each ack compares it.
	if (bytes.length === 4) return bytes.join('.');
	if (bytes.length !== 16) return undefined;
	if (isMapped(bytes)) return ipText(bytes.subarray(12));
	const groups: number[] = [];
	for (let i = 0; i < 16; i += 2) groups.push(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
	return compressGroups(groups);
}

/** The 4 or 16 bytes of an IP literal; `undefined` when the text is no IP literal. A zone (`%eth0`) is dropped. */
export function ipBytes(host: string): Uint8Array | undefined {
	return host.includes(':') ? ipv6Bytes(host.split('%', 1)[0] as string) : ipv4Bytes(host);
}

function isMapped(bytes: Uint8Array): boolean {
	for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
	return bytes[10] === 0xff && bytes[11] === 0xff;
}

// RFC 5952: the longest run of two or more zero groups becomes `::`, the first of equals.
function compressGroups(groups: readonly number[]): string {
	let best = -1;
	let bestLength = 1;
	for (let start = 0; start < groups.length; start++) {
		let end = start;
		while (end < groups.length && groups[end] === 0) end++;
		if (end - start > bestLength) {
			best = start;
			bestLength = end - start;
		}
	}
	const hex = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(':');
	if (best < 0) return hex(groups);
	return `${hex(groups.slice(0, best))}::${hex(groups.slice(best + bestLength))}`;
}

function ipv4Bytes(host: string): Uint8Array | undefined {
	const parts = host.split('.');
	if (parts.length !== 4) return undefined;
	const bytes = new Uint8Array(4);
	for (let i = 0; i < 4; i++) {
		const part = parts[i] as string;
		// No leading zeros: some systems read them as octal, and Node takes such a text for a host name.
		if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
		bytes[i] = Number(part);
	}
	return bytes;
}

function ipv6Bytes(host: string): Uint8Array | undefined {
	const halves = host.split('::');
	if (halves.length > 2) return undefined;
	const head = groupBytes(halves[0] as string, halves.length === 1);
	const tail = groupBytes(halves[1] ?? '', true);
	if (!head || !tail) return undefined;
	const length = head.length + tail.length;
	if (halves.length === 1 ? length !== 16 : length > 14) return undefined;
	const bytes = new Uint8Array(16);
	bytes.set(head);
	bytes.set(tail, 16 - tail.length);
	return bytes;
}

/** Only what stands at the end of an address may end in a dotted quad. */
function groupBytes(text: string, atEnd: boolean): number[] | undefined {
	if (text === '') return [];
	const bytes: number[] = [];
	const groups = text.split(':');
	for (const [index, group] of groups.entries()) {
		if (atEnd && group.includes('.') && index === groups.length - 1) {
			const v4 = ipv4Bytes(group);
			if (!v4) return undefined;
			bytes.push(...v4);
		} else {
			if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
			const value = Number.parseInt(group, 16);
			bytes.push(value >> 8, value & 0xff);
		}
	}
	return bytes;
}
