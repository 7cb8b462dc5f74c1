import { useId } from 'react';

/** One of a few, with its label: a value and its text each. */
export function Choose<V extends string>({
  label,
  value,
  set,
  of,
}: {
  readonly label: string;
  readonly value: V;
  readonly set: (value: V) => void;
  readonly of: readonly (readonly [value: V, text: string])[];
}) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => set(target.value as V)}>
        {of.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
