package dev.agentrooms.tools.notes;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A year, a number or a person that a sentence names.
///
/// @param text verbatim
/// @param at where it stands in the sentence
record Mention(Kind kind, String text, int at) {

  /// What an answer is. Options of a question are all of one kind.
  enum Kind {
    TERM,
    PERSON,
    YEAR,
    NUMBER
  }

  private static final Pattern YEAR =
      Pattern.compile(
          "(?:\\b(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Ff]rom|[Oo]f|[Aa]round|[Aa]fter|[Bb]efore|and|to) |\\b[ВвСсКкОо]о? )"
              + "(1\\d{3}|20\\d{2})(?![\\p{L}\\d°%]|[.,]\\d| (?!год|г\\.)[\\p{Ll}]+(?:s|ов|ей|ий)\\b)"
              + "|\\b(1\\d{3}|20\\d{2})(?= (?:год|г\\.))");

  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<![\\p{L}\\d.,/:–—-])(\\d{1,3}(?:[ ,\u00A0]\\d{3})+|\\d+(?:[.,]\\d+)?)(?![\\p{L}\\d/:–—-]|[.,]\\d)");

  private static final Pattern EARLY_YEAR =
      Pattern.compile("(?:\\byear|\\bAD|\\bin|\\b[Вв]|\\bпод) $");
  private static final Pattern YEAR_FOLLOWS = Pattern.compile(" (?:год|г\\.|AD|BC|CE|век|до н)");

  private static final String NAME = "\\p{Lu}[\\p{Ll}'’-]+";
  private static final String PERSON_NAME =
      "(" + NAME + "(?: (?:" + NAME + "|\\p{Lu}\\.|von|van|de)){0,2} " + NAME + ")";
  // In Russian any verb in the past tense; English ones look like too much else.
  private static final String DEEDS =
      "(?:discovered|published|invented|wrote|proposed|described|showed|built|won|died|proved|demonstrated"
          + "|introduced|developed|observed|found|formulated|coined|predicted|explained|measured|painted"
          + "|composed|founded|created|suggested|became|was born|made|designed|used|noticed|led|sailed"
          + "|defeated|conquered|crossed|ruled|crowned|printed|planted|sent|received|taught|travelled|signed"
          + "|translated|calculated|realised|realized|argued|believed|named|called|declared|ordered|directed"
          + "|(?:впервые )?[а-яё]{2,}(?:л|ла|лся|лась))";
  private static final Pattern PERSON =
      Pattern.compile(
          "(?<![\\p{L}-])"
              + PERSON_NAME
              + " (?:(?:first|later|also|independently) )?"
              + DEEDS
              + "(?![\\p{L}])");

  // "Красная Армия" is none.
  private static final Pattern ADJECTIVE =
      Pattern.compile("^\\p{L}+(?:ая|яя|ое|ее|ые|ие|ий|ый|ой) .*");

  /// @param thisYear a year lies in the past
  static List<Mention> in(String sentence, int thisYear) {
    List<Mention> mentions = new ArrayList<>();
    Matcher years = YEAR.matcher(sentence);
    while (years.find()) {
      int group = years.group(1) != null ? 1 : 2;
      if (Integer.parseInt(years.group(group)) < thisYear) {
        mentions.add(new Mention(Kind.YEAR, years.group(group), years.start(group)));
      }
    }
    Matcher numbers = NUMBER.matcher(sentence);
    while (numbers.find()) {
      String text = numbers.group(1);
      boolean isYear = text.matches("1\\d{3}|20\\d{2}");
      // An early year, such as 79, is neither a number of things nor clearly a year.
      boolean isEarlyYear =
          EARLY_YEAR.matcher(sentence.substring(0, numbers.start(1))).find()
              || YEAR_FOLLOWS.matcher(sentence.substring(numbers.end(1))).lookingAt();
      if (!isYear && !isEarlyYear && numbers.start() > 0 && !text.equals("1")) {
        mentions.add(new Mention(Kind.NUMBER, text, numbers.start(1)));
      }
    }
    Matcher persons = PERSON.matcher(sentence);
    while (persons.find()) {
      if (!ADJECTIVE.matcher(persons.group(1)).matches()) {
        mentions.add(new Mention(Kind.PERSON, persons.group(1), persons.start(1)));
      }
    }
    return mentions;
  }
}
