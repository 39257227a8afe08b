import { orThrow } from '@backtest-jobs/client';
import { useMutation } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { client } from '../api.ts';
import { DialogBox } from '../parts/DialogBox.tsx';
import { say } from '../parts/notices.tsx';
import { Trouble } from '../parts/Trouble.tsx';

interface SaveBoxProps {
  readonly name: string;
  readonly template: object;
  readonly onClose: () => void;
}

/** Asks for a name and saves the variant as a strategy. */
export function SaveBox({ name: suggested, template, onClose }: SaveBoxProps): JSX.Element {
  const [name, setName] = useState(suggested);
  const save = useMutation({
    mutationFn: () => orThrow(client.POST('/strategies', { body: { name: name.trim(), template: template as never } })),
    onSuccess: (saved) => {
      say(`Saved as the strategy “${saved.name}”.`);
      onClose();
    },
  });
  return (
    <DialogBox title="Save as strategy" onClose={onClose}>
      <form
        className="save"
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate();
        }}
      >
        <label>
          Name
          <input
            className="input"
            value={name}
            maxLength={200}
            required
            aria-invalid={save.isError}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <p className="ink-3">It has the values of this variant alone. A job names it instead of a template.</p>
        {save.error && <Trouble what="It was not saved" error={save.error} />}
        <div className="acts">
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="btn primary" disabled={name.trim() === '' || save.isPending}>
            Save
          </button>
        </div>
      </form>
    </DialogBox>
  );
}
