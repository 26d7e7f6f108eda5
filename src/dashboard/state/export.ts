// Tables as files: CSV by RFC 4180.

import type { LiveMember } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';

const HEAD = ['name', 'state', 'since', 'address', 'zone', 'rttMs', 'share', 'incarnation', 'path', 'tags'];

export function membersCsv(members: readonly LiveMember[]): string {
	const rows = members.map(({ ID, Status, since, Addr, zone, rttMs, share, Incarnation, path, Tags }) => [
		ID,
		STATE_NAMES[Status]!,
		new Date(since).toISOString(),
		Addr,
		zone ?? '',
		rttMs === null ? '' : String(rttMs),
		String(share),
		String(Incarnation),
		path,
		Object.entries(Tags)
			.map(([tag, value]) => `${tag}=${value}`)
			.join(' '),
	]);
	return [HEAD, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A table program must not take a name or a tag for a formula. */
function cell(text: string): string {
	const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export function download(name: string, type: string, text: string): void {
	const link = document.createElement('a');
	link.href = URL.createObjectURL(new Blob([text], { type }));
	link.download = name;
	link.click();
	URL.revokeObjectURL(link.href);
}
