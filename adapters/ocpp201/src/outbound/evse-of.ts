interface Where {
  readonly evse?: number;
  readonly connector?: number;
}

/** Where a command holds, as 2.x writes it; nothing for the whole station. */
export const evseOf = ({
  evse,
  connector,
}: Where): { readonly evse?: { readonly id: number; readonly connectorId?: number } } =>
  evse === undefined || evse <= 0
    ? {}
    : { evse: { id: evse, ...(connector !== undefined && connector > 0 && { connectorId: connector }) } };
