// journal: a node's inputs on record, and their replay.
export { createFileJournal, type FileJournal, type FileJournalOptions } from './file-journal.ts';
export { JournalError } from './journal-error.ts';
export { type JournalSink, RecordedMemberlist } from './recorder.ts';
export { Replay } from './replay.ts';
export { JournalWriter } from './writer.ts';
