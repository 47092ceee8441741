// Schedules rendering: at most once per frame, and once a second while something is running.

let drawPage = () => {};
let after = () => {};
let asked = false;

export function drawWith(draws) {
  drawPage = draws;
}

export function onDraw(does) {
  after = does;
}

export function draw() {
  if (!asked) {
    asked = true;
    // A hidden tab gets no frames, and should still be up to date when it is shown.
    if (document.hidden) {
      setTimeout(now, 250);
    } else {
      requestAnimationFrame(now);
    }
  }
}

function now() {
  asked = false;
  drawPage();
  after();
}
