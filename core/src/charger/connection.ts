import { isUtf8 } from 'node:buffer';
import type { Adapter, Answer, Call, Deviation, Instant, Log, StationId, Timing } from '@plugga/kit';
import { newId } from '../id.ts';
import type { Clock, Link, Random } from '../ports.ts';
import { Answered, type Asked } from './answered.ts';
import { Assembly, MESSAGE_SECONDS } from './assembly.ts';
import { CallLine } from './call-line.ts';
import { closeReason } from './close-reason.ts';
import type { Conversation, FrameRecorder, Said, StationActor, StationCredentials } from './face.ts';
import { Liveness } from './liveness.ts';
import { Oddities } from './oddities.ts';
import {
  encodeCall,
  encodeError,
  encodeResult,
  NO_ID,
  parse,
  versionOf,
  type Frame,
  type MessageId,
  type Unreadable,
  type Version,
} from './ocppj.ts';
import type { Bounds } from './storable.ts';

/** What all connections of a server share. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly frames: FrameRecorder;
  readonly heartbeatSeconds: number;
  count(what: string, labels?: Readonly<Record<string, string>>): void;
}

export interface Opened {
  readonly link: Link;
  readonly credentials: StationCredentials;
  readonly adapter: Adapter;
  readonly actor: StationActor;
  readonly generation: number;
  readonly bounds: Bounds;
  /** Until a CALL of it was answered, this is the longest frame of a station that nobody knew before. */
  readonly firstFrameBytes: number | undefined;
  /** A frame was longer than this connection takes. */
  tooLarge(): void;
  ended(connection: Connection): void;
}

const MAX_UNANSWERED = 8;
const CALLS_PER_SECOND = 1000;
const CALL_TIMEOUT_SECONDS = 30;
const UNREADABLE_PER_MINUTE = 10;
const PINGS_PER_TEN_SECONDS = 100;
const UNREAD_BYTES = 1024 * 1024;
const UNREAD_SECONDS = 30;
/** Below the time-outs of stations: a CALL that comes later may come from one that has given up waiting. */
const ANSWER_SEEN_MS = 30_000;
const FORGET_ANSWERS_BEATS = 300;

/** The id is answered as it came; what is kept of it must be storable like the rest. */
const storableId = (id: MessageId): string => String(id).toWellFormed().replaceAll('\u0000', '\uFFFD');

/** One socket of one station. */
export class Connection implements Conversation {
  readonly station: StationId;
  readonly generation: number;
  readonly adapter: Adapter;
  readonly #around: Surroundings;
  readonly #o: Opened;
  readonly #link: Link;
  readonly #version: Version;
  readonly #liveness: Liveness;
  readonly #calls: CallLine;
  readonly #answered = new Answered();
  readonly #assembly = new Assembly();
  readonly #oddities: Oddities;
  #open = true;
  #ending: { readonly code: number; readonly reason: string } | undefined;
  #timeoutSeconds = CALL_TIMEOUT_SECONDS;
  /** CALLs and SENDs that the actor works on. */
  #unanswered = 0;
  #callsThisSecond = 0;
  #paused = false;
  #draining = false;
  #proven: boolean;
  /** Sends its next CALL before it has the answer to the one before: then a CALL proves nothing. */
  #pipelines = false;
  #lastAnswer: { readonly id: string; readonly asked: Asked; readonly at: Instant } | undefined;
  #unreadable = 0;
  #pings = 0;
  #unreadSeconds = 0;
  #seconds = 0;

  constructor(around: Surroundings, o: Opened) {
    this.#around = around;
    this.#o = o;
    this.#link = o.link;
    this.station = o.credentials.station;
    this.generation = o.generation;
    this.adapter = o.adapter;
    this.#version = versionOf(o.adapter.protocol) ?? '2.1';
    this.#proven = o.firstFrameBytes === undefined;
    this.#liveness = new Liveness(around.heartbeatSeconds);
    this.#oddities = new Oddities(o.actor, (kind) => around.count('oddity', { kind }));
    this.#calls = new CallLine(around.clock, (id, call) => this.#send(encodeCall(id, call.action, call.payload)));
    o.link.listen({
      bytes: (count) => this.#assembly.came(count),
      message: (data, isBinary) => {
        try {
          this.#received(data, isBinary);
        } catch (error) {
          this.#failed('', error);
        }
      },
      pinged: (bytes) => this.#pinged(bytes),
      ponged: (bytes) => {
        this.#assembly.control(bytes);
        this.#liveness.ponged();
      },
      tooLong: () => this.#tooLarge(),
      broken: (why) => this.#oddities.note('websocket-error', why),
      closed: (code, reason) => this.#closed(code, reason),
    });
  }

  get open(): boolean {
    return this.#open;
  }

  call(call: Call, o: { readonly timeoutSeconds?: number; readonly messageId?: string } = {}): Promise<Answer> {
    if (!this.#open) return Promise.resolve({ kind: 'closed' });
    const seconds = Math.ceil(o.timeoutSeconds ?? this.#timeoutSeconds);
    return this.#calls.add(o.messageId ?? newId(this.#around.random), call, { beat: this.#liveness.beat, seconds });
  }

  retime(timing: Timing & { readonly heartbeatSeconds?: number | undefined }): void {
    if (timing.heartbeatSeconds !== undefined) this.#liveness.heartbeatSeconds = timing.heartbeatSeconds;
    if (timing.pingSeconds !== undefined) this.#liveness.pingSeconds = timing.pingSeconds;
    if (timing.callTimeoutSeconds !== undefined) this.#timeoutSeconds = timing.callTimeoutSeconds;
    if (timing.callSpacingMs !== undefined) this.#calls.spacingMs = timing.callSpacingMs;
  }

  close(code: number, reason: string): void {
    if (!this.#leave(code, reason)) return;
    // What the peer says to the close is read also from a socket that was paused.
    this.#link.resume();
    this.#link.close(code, closeReason(reason));
  }

  /** Stops listening, and closes once everything that was said is answered. */
  drain(): void {
    this.#draining = true;
    this.#pace();
    if (this.#unanswered === 0) this.close(1012, 'the platform restarts');
  }

  terminate(reason: string): void {
    this.#leave(1006, reason);
    this.#link.terminate();
  }

  /** Once a second. All waiting is counted here; no message has a timer of its own. */
  tick(): void {
    this.#seconds += 1;
    this.#oddities.tick();
    if (!this.#open) return;
    this.#callsThisSecond = Math.max(0, this.#callsThisSecond - CALLS_PER_SECOND);
    this.#unreadSeconds = this.#link.unsent === 0 ? 0 : this.#unreadSeconds + 1;
    if (this.#unreadSeconds > UNREAD_SECONDS) return this.#end('slow-reader', `nothing read for ${UNREAD_SECONDS} s`);
    if (this.#seconds % 10 === 0) this.#pings = 0;
    if (this.#seconds % 60 === 0) this.#unreadable = 0;
    // While we do not read, the station cannot be late.
    if (this.#paused) return this.#pace();
    if (this.#assembly.tick()) {
      this.#oddities.note('message-too-slow', `a message took longer than ${MESSAGE_SECONDS} s`);
      return this.close(1008, 'the message takes too long');
    }
    const pulse = this.#liveness.tick();
    if (pulse === 'dead') return this.#end('gone', 'nothing heard from it');
    if (pulse === 'ping') this.#link.ping();
    if (this.#liveness.stoodPing()) this.#o.actor.pinged(this.generation, 'stood');
    this.#calls.tick(this.#liveness.beat);
    if (this.#liveness.beat % FORGET_ANSWERS_BEATS === 0) this.#answered.clear();
  }

  #received(data: Uint8Array, isBinary: boolean): void {
    this.#assembly.complete();
    if (!this.#open) return this.#around.count('late_frame');
    this.#liveness.heard();
    if (isBinary) return this.close(1003, 'OCPP-J is text');
    const receivedAt = this.#around.clock.now();
    this.#record('in', data, receivedAt);
    if (!this.#proven && data.length > (this.#o.firstFrameBytes ?? Infinity)) return this.#tooLarge();
    const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');
    let frame = parse(text, this.#version, this.#o.bounds);
    if (frame.kind === 'unreadable' && frame.why === 'not JSON') frame = this.#repaired(text) ?? frame;
    switch (frame.kind) {
      case 'call':
      case 'send':
        return this.#asked(frame, data, receivedAt);
      case 'result':
        return this.#answer(frame.id, { kind: 'result', payload: frame.payload });
      case 'error':
        return this.#answer(frame.id, frame);
      case 'resultError':
        return this.#oddities.note('answer-refused', `${frame.code}: ${frame.description.slice(0, 200)}`);
      case 'refused':
        this.#oddities.note('malformed-frame', frame.description);
        return this.#refuse(frame);
      case 'unreadable':
        return this.#unreadableFrame(frame.why);
      case 'ignored':
        return this.#oddities.note('frame-ignored', frame.why);
      default:
        frame satisfies never;
    }
  }

  #asked(frame: Extract<Frame, { kind: 'call' | 'send' }>, data: Uint8Array, receivedAt: Instant): void {
    this.#callsThisSecond += 1;
    const earlier = this.#answered.find(frame.id, data);
    if (earlier?.same === true && frame.kind === 'call') return this.#repeated(earlier.asked);
    const deviations: Deviation[] = [...frame.deviations];
    if (earlier !== undefined) {
      this.#oddities.note('message-id-reused', String(frame.id).slice(0, 36));
      deviations.push({ code: 'message-id-reused' });
    }
    if (!isUtf8(data)) deviations.push({ code: 'invalid-utf8', detail: 'replaced by U+FFFD' });
    const messageId = deviations.length === 0 ? String(frame.id) : storableId(frame.id);
    if (frame.kind === 'call') this.#proveLastAnswer(receivedAt);
    const asked = frame.kind === 'call' ? this.#answered.add(frame.id, data) : undefined;
    this.#unanswered += 1;
    this.#pace();
    this.#o.actor
      .received({
        messageId,
        action: frame.action,
        payload: frame.payload,
        raw: data,
        receivedAt,
        generation: this.generation,
        deviations,
      })
      .finally(() => {
        this.#unanswered -= 1;
      })
      .then((said) => this.#said(asked, messageId, said))
      .catch((error: unknown) => {
        if (asked !== undefined) this.#answered.drop(asked);
        this.#failed(frame.action, error);
      });
  }

  #said(asked: Asked | undefined, messageId: string, said: Said): void {
    if (asked !== undefined && said.kind === 'silent') this.#answered.drop(asked);
    else if (asked !== undefined && said.kind !== 'silent') {
      if (said.kind === 'result') this.#proven = true;
      asked.answer = this.#encoded(asked.id, said);
      for (let times = 0; times <= asked.again; times += 1) this.#send(asked.answer);
      this.#lastAnswer = { id: messageId, asked, at: this.#around.clock.now() };
    }
    this.#pace();
    if (this.#draining && this.#unanswered === 0) this.close(1012, 'the platform restarts');
  }

  #encoded(id: MessageId, said: Exclude<Said, { kind: 'silent' }>): string {
    return said.kind === 'result' ? encodeResult(id, said.payload) : encodeError(this.#version, { id, ...said });
  }

  /** A fault of ours is no answer: the station keeps the message and brings it again when it comes back. */
  #failed(action: string, error: unknown): void {
    this.#around.log.error('a message was not handled', { station: this.station, action: action.slice(0, 50), error });
    this.close(1013, 'try again later');
  }

  #repeated(asked: Asked): void {
    this.#around.count('repeated_call');
    // It asks again, so the answer did not arrive.
    if (this.#lastAnswer?.asked === asked) this.#lastAnswer = undefined;
    if (asked.answer === undefined) asked.again += 1;
    else this.#send(asked.answer);
  }

  #proveLastAnswer(at: Instant): void {
    if (this.#unanswered > 0) this.#pipelines = true;
    const last = this.#lastAnswer;
    this.#lastAnswer = undefined;
    if (last === undefined || this.#pipelines || at - last.at > ANSWER_SEEN_MS) return;
    this.#o.actor.answerSeen(last.id, this.generation);
  }

  #answer(id: string, answer: Answer): void {
    const taken = this.#calls.answered(id, answer);
    if (taken !== 'taken') this.#oddities.note(`${taken}-answer`, id.slice(0, 36));
  }

  #refuse(o: { readonly id: MessageId; readonly code: string; readonly description: string }): void {
    this.#send(encodeError(this.#version, o));
  }

  #repaired(text: string): Frame | undefined {
    const repaired = this.#o.actor.repair(text);
    return repaired === undefined ? undefined : parse(repaired, this.#version, this.#o.bounds);
  }

  #unreadableFrame(why: Unreadable): void {
    this.#unreadable += 1;
    this.#oddities.note('unreadable-frame', why);
    // 1.6 has no answer to a frame that does not name itself.
    if (this.#version !== '1.6') this.#refuse({ id: NO_ID, code: 'RpcFrameworkError', description: why });
    if (this.#unreadable >= UNREADABLE_PER_MINUTE) this.close(1002, 'too many frames that are not OCPP-J');
  }

  #pinged(length: number): void {
    this.#assembly.control(length);
    this.#liveness.heard();
    this.#pings += 1;
    if (this.#pings <= PINGS_PER_TEN_SECONDS || !this.#open) return;
    this.#oddities.note('ping-flood', `more than ${PINGS_PER_TEN_SECONDS} pings in 10 s`);
    this.close(1008, 'too many pings');
  }

  /** Reads on, or waits until the station's CALLs of this second and those before are dealt with. */
  #pace(): void {
    if (!this.#open) return;
    const tooFast = this.#callsThisSecond > CALLS_PER_SECOND || this.#unanswered >= MAX_UNANSWERED;
    const pause = tooFast || this.#draining;
    if (pause === this.#paused) return;
    this.#paused = pause;
    if (pause) {
      if (tooFast) this.#around.count('paced');
      return this.#link.pause();
    }
    this.#liveness.resumed();
    this.#link.resume();
  }

  #send(text: string): boolean {
    if (!this.#open || !this.#link.open) return false;
    if (this.#link.unsent > UNREAD_BYTES) {
      this.#end('slow-reader', `${UNREAD_BYTES} bytes not read`);
      return false;
    }
    const bytes = Buffer.from(text, 'utf8');
    this.#record('out', bytes, this.#around.clock.now());
    this.#link.send(bytes);
    return true;
  }

  #record(direction: 'in' | 'out', bytes: Uint8Array, at: Instant): void {
    const { tenant } = this.#o.credentials;
    this.#around.frames.record({ tenant, station: this.station, at, direction, generation: this.generation, bytes });
  }

  #tooLarge(): void {
    this.#o.tooLarge();
    this.#oddities.note('frame-too-large', 'closed with 1009; its next connection takes longer ones');
    this.close(1009, 'the message is too long');
  }

  #end(kind: string, why: string): void {
    this.#oddities.note(kind, why);
    this.terminate(why);
  }

  /** From here on nothing is taken and nothing sent; what waits for the station learns it at once. */
  #leave(code: number, reason: string, dropped = false): boolean {
    if (!this.#open) return false;
    this.#open = false;
    this.#ending = { code, reason };
    this.#calls.close(dropped);
    return true;
  }

  #closed(code: number, reason: string): void {
    if (this.#leave(code, reason, true) && this.#liveness.droppedAtPing())
      this.#o.actor.pinged(this.generation, 'dropped');
    const ending = this.#ending ?? { code, reason };
    this.#o.actor.disconnected(this.generation, ending.code, ending.reason);
    this.#o.ended(this);
  }
}
