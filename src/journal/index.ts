// journal: a node's inputs on record, and their replay.
export { createFileJournal, DEFAULT_JOURNAL_BYTES, type FileJournal, type FileJournalOptions } from './file-journal.ts';
export { JournalError, type JournalErrorCode } from './journal-error.ts';
export { type JournalHeader, type JournalSink, RecordedMemberlist, type RecordedOptions } from './recorder.ts';
export { Replay, type ReplayedStep, type ReplayOptions } from './replay.ts';
export { JournalWriter, type JournalWriterOptions } from './writer.ts';
