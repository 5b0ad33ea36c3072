/** One of a few: radio buttons that look like tabs or chips, so that arrows and readers know them. */
import { useId } from 'react';

export interface ChoiceProps<Option extends string> {
  readonly label: string;
  readonly options: readonly Option[];
  readonly names: Readonly<Record<Option, string>>;
  readonly value: Option;
  readonly onChange: (option: Option) => void;
  readonly look: 'tabs' | 'chips';
}

export function Choice<Option extends string>({
  label,
  options,
  names,
  value,
  onChange,
  look,
}: ChoiceProps<Option>) {
  const name = useId();
  return (
    <fieldset className={`choice ${look}`}>
      <legend className="unseen">{label}</legend>
      {options.map((option) => (
        <label key={option}>
          <input
            type="radio"
            name={name}
            className="unseen"
            checked={option === value}
            onChange={() => onChange(option)}
          />
          <span>{names[option]}</span>
        </label>
      ))}
    </fieldset>
  );
}
