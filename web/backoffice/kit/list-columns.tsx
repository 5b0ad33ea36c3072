/** Which columns of a list are shown: chosen from a menu, kept in the browser. */
import CheckBoxIcon from '@mui/icons-material/CheckBox';
import CheckBoxOutlineBlankIcon from '@mui/icons-material/CheckBoxOutlineBlank';
import ViewWeekIcon from '@mui/icons-material/ViewWeekOutlined';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import ListItemIcon from '@mui/material/ListItemIcon';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useStore } from 'ra-core';
import { useRef, useState } from 'react';
import type { ListColumn } from './list-types.ts';
import { useT } from './text.ts';

type Listed = Pick<ListColumn<never>, 'key' | 'label' | 'hidden'>;

/** Where the choice is kept: keys of hidden columns. */
export function columnsKept(path: string): string {
  return `columns.${path.replace(/\d+/g, ':id')}`;
}

/** Keys of columns that are not shown unless somebody chooses them. */
export function hiddenOf(columns: readonly Listed[]): string[] {
  return columns.filter(({ hidden }) => hidden).map(({ key }) => key);
}

interface ListColumnsProps {
  readonly path: string;
  readonly columns: readonly Listed[];
}

/** The first column is always there: it says what a row is. */
export function ListColumns({ path, columns }: ListColumnsProps) {
  const t = useT();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [hidden, setHidden] = useStore<string[]>(columnsKept(path), hiddenOf(columns));
  const toggle = (key: string) =>
    setHidden(hidden.includes(key) ? hidden.filter((each) => each !== key) : [...hidden, key]);
  return (
    <>
      <Button
        ref={button}
        startIcon={<ViewWeekIcon />}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        {t('kit.columns')}
      </Button>
      <Menu
        open={open}
        anchorEl={() => button.current}
        onClose={() => setOpen(false)}
        slotProps={{ list: { dense: true, 'aria-label': t('kit.columns') } }}
      >
        {columns.slice(1).map(({ key, label }) => {
          const shown = !hidden.includes(key);
          return (
            <MenuItem key={key} role="menuitemcheckbox" aria-checked={shown} onClick={() => toggle(key)}>
              <ListItemIcon>
                {shown ? (
                  <CheckBoxIcon fontSize="small" color="primary" />
                ) : (
                  <CheckBoxOutlineBlankIcon fontSize="small" />
                )}
              </ListItemIcon>
              {t(label)}
            </MenuItem>
          );
        })}
        <Divider />
        <MenuItem onClick={() => setHidden(hiddenOf(columns))}>{t('kit.standard_columns')}</MenuItem>
      </Menu>
    </>
  );
}
