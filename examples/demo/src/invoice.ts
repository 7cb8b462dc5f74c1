/** What a receipt shows of a bill: the billing plugin's own shape, which the API's document leaves open. */
export interface Invoice {
  readonly number: string;
  readonly energyWh: number;
  readonly currency: string;
  readonly inclVat: string;
  readonly lines: readonly {
    readonly text: string;
    readonly quantity: string;
    readonly unit: string;
    readonly unitPrice: string;
    readonly net: string;
    readonly vatPercent: string;
  }[];
  readonly vatByRate: readonly { readonly percent: string; readonly base: string; readonly amount: string }[];
}
