/** The core's events. Fields that are absent were not said. Times of stations are trusted times as ISO text; `rawTime` is kept where the station's own was not usable. */
export * from './events/charging.ts';
export * from './events/command.ts';
export * from './events/device.ts';
export * from './events/installation.ts';
export type { LoggedReading, Place, TokenRef } from './events/pieces.ts';
export * from './events/session.ts';
export * from './events/station.ts';
