// A link that the page follows itself, unless somebody wants it in another tab.
export function linkTo(go) {
  return (click) => {
    if (click.button === 0 && !click.ctrlKey && !click.metaKey && !click.shiftKey && !click.altKey) {
      click.preventDefault();
      go();
    }
  };
}
