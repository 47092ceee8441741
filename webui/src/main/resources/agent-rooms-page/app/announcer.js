// Announcements for screen readers: progress politely, errors assertively, each once.

function speaker(id) {
  let waiting = [];
  let timer = 0;
  return (text) => {
    waiting.push(text);
    // A burst of steps becomes one sentence, of which the last few words matter.
    clearTimeout(timer);
    timer = setTimeout(() => {
      document.getElementById(id).textContent = waiting.slice(-3).join('. ');
      waiting = [];
    }, 150);
  };
}

export const say = speaker('polite');
export const warn = speaker('urgent');
