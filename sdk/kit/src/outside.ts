/** A request to somewhere that a station, a partner or an operator has named. */
export interface OutsideRequest {
  /** GET when left out. */
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Of the whole exchange. */
  readonly withinMs: number;
  /** Of the answer; 64 KiB when left out. */
  readonly mostBytes?: number;
  /** Plain http will do, as what comes is signed by itself (OCSP, revocation lists). */
  readonly plain?: boolean;
  readonly signal?: AbortSignal;
}
export interface OutsideAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/**
 * The world outside, as far as it may be reached: public addresses by https, and what PLUGGA_EGRESS_ALLOW names. Redirects are
 * not followed. Throws `outside-refused` where it may not be reached, `outside-failed` where nothing usable came in time.
 */
export interface Outside {
  request(url: string, request: OutsideRequest): Promise<OutsideAnswer>;
}
