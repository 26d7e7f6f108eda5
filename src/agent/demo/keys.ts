// The keyboard of the demo.

/** Calls back for each key until the returned function is called. Ctrl-C comes as `quit`. */
export function onKeys(stdin: NodeJS.ReadStream, press: (key: string) => void): () => void {
	if (!stdin.isTTY) return () => undefined;
	const onData = (text: string): void => {
		for (const key of text) press(key === '\x03' || key === '\x04' ? 'quit' : key);
	};
	stdin.setRawMode(true);
	stdin.setEncoding('utf8').resume().on('data', onData);
	return () => {
		stdin.off('data', onData).pause();
		stdin.setRawMode(false);
	};
}
