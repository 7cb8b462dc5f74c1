/** A rational number, kept in lowest terms: slow, exact, and nothing to do with how the platform reckons. */
export class Fraction {
  readonly over: bigint;
  readonly under: bigint;

  constructor(over: bigint, under = 1n) {
    const sign = under < 0n ? -1n : 1n;
    const by = common(over < 0n ? -over : over, under * sign) * sign;
    this.over = over / by;
    this.under = under / by;
  }

  /** `0.25`, `4`, `2/15`. */
  static of(value: string | number | bigint): Fraction {
    if (typeof value === 'bigint') return new Fraction(value);
    const text = String(value);
    const [over = '0', under] = text.split('/');
    if (under !== undefined) return Fraction.of(over).by(Fraction.of(under));
    const [, sign = '', whole = '0', decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
    const parts = BigInt(`${whole}${decimals}`);
    return new Fraction(sign === '-' ? -parts : parts, 10n ** BigInt(decimals.length));
  }

  plus(other: Fraction): Fraction {
    return new Fraction(this.over * other.under + other.over * this.under, this.under * other.under);
  }
  minus(other: Fraction): Fraction {
    return new Fraction(this.over * other.under - other.over * this.under, this.under * other.under);
  }
  times(other: Fraction): Fraction {
    return new Fraction(this.over * other.over, this.under * other.under);
  }
  by(other: Fraction): Fraction {
    return new Fraction(this.over * other.under, this.under * other.over);
  }
  compare(other: Fraction): number {
    const apart = this.over * other.under - other.over * this.under;
    return apart < 0n ? -1 : apart > 0n ? 1 : 0;
  }
  get isZero(): boolean {
    return this.over === 0n;
  }

  /** To so many decimals, half away from zero. */
  rounded(places: number): Fraction {
    const scale = 10n ** BigInt(places);
    const doubled = (this.over < 0n ? -this.over : this.over) * scale * 2n + this.under;
    const parts = doubled / (2n * this.under);
    return new Fraction(this.over < 0n ? -parts : parts, scale);
  }

  toString(): string {
    return this.under === 1n ? `${this.over}` : `${this.over}/${this.under}`;
  }
}

function common(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}
