package dev.agentrooms.tools.notes;

/// One of the two languages of notes and questions, told by the script that most letters have.
enum Language {
  ENGLISH,
  RUSSIAN;

  static Language of(String text) {
    int cyrillic = 0;
    int others = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isLetter(c)) {
        if (Character.UnicodeScript.of(c) == Character.UnicodeScript.CYRILLIC) {
          cyrillic++;
        } else {
          others++;
        }
      }
    }
    return cyrillic > others ? RUSSIAN : ENGLISH;
  }
}
