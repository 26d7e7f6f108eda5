// A certificate for 127.0.0.1 that signs itself, made by openssl for one run of the tests.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
	readonly key: string;
	/** The certificate, and the authority that signed it: they are one. */
	readonly cert: string;
}

/** Writes `key.pem` and `cert.pem` into the folder. @throws when openssl is missing */
export function makeCertificate(folder: string): Certificate {
	const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
	const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
	const name = ['-subj', '/CN=kube-apiserver', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
	execFileSync('openssl', ['req', '-x509', ...kind, ...name, '-keyout', keyFile, '-out', certFile], { stdio: 'pipe' });
	return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') };
}
