export { readRecording, type RecordedFrame } from './frame.ts';
export { makeQuirk } from './make-quirk.ts';
export { replayRecording, type Replayed } from './replay.ts';
