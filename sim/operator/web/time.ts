/** Instants are written by the server in Korean time; here they become the reader's own. */
export function localiseTimes(root: ParentNode): void {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  for (const time of root.querySelectorAll('time')) time.textContent = format.format(new Date(time.dateTime));
}

/** A menu closes when something outside it is touched, or by Escape. */
function closeMenus(event: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')) {
    const outside = event.target instanceof Node && !menu.contains(event.target);
    const escaped = event instanceof KeyboardEvent && event.key === 'Escape';
    if (!(event instanceof KeyboardEvent) && !outside) continue;
    if (event instanceof KeyboardEvent && !escaped) continue;
    menu.open = false;
    if (escaped) menu.querySelector('summary')?.focus();
  }
}

localiseTimes(document);
document.addEventListener('pointerdown', closeMenus);
document.addEventListener('keydown', closeMenus);
