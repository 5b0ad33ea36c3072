/** A window over the page: the browser's own dialog, so that focus stays in it and comes back where it was. */
import { type ReactNode, useEffect, useRef } from 'react';
import { useSpeech } from '../speech.tsx';
import { Icon } from './icons.tsx';

export interface WindowProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Also pressed by Escape and beside the window. */
  readonly onClose: () => void;
  readonly look?: 'sheet' | 'box';
}

export function Window({ title, children, onClose, look = 'box' }: WindowProps) {
  const { say } = useSpeech();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, which the browser tells as onCancel
    <dialog
      ref={ref}
      className={`window ${look}`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      <div className="window-body">
        <header className="window-head">
          <h2 tabIndex={-1}>{title}</h2>
          <button type="button" className="round" onClick={onClose} aria-label={say('close')}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
