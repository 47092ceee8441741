package dev.agentrooms.agent.flow;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.UNICODE_CASE;
import static java.util.regex.Pattern.UNICODE_CHARACTER_CLASS;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the intent of a question by keywords, English or Russian; the default is `answer`.
///
/// A request is a verb with its object (`create … quiz`, `проверь … ответы`); where a question has
/// both kinds of request, the first verb counts. All gaps and repetitions in a pattern are
/// bounded, so that matching takes linear time and little stack.
final class RulePlanner {

  /// What a question wants.
  ///
  /// @param intent one of [QuizAgent]'s
  /// @param topic what it is about: the question without the words that ask
  /// @param numQuestions how many questions its words ask for
  record Wish(String intent, String topic, @Nullable Integer numQuestions) {}

  private static final String POLITE =
      "(?:(?:please|can you|could you|would you|i want you to|пожалуйста|можешь|можете)[\\s,]{1,8}){0,4}";

  private static final String QUIZ =
      "(?:quiz(?:zes)?|tests?|exams?|questions|questionnaire"
          + "|тест\\p{L}*|викторин\\p{L}*|квиз\\p{L}*|экзамен\\p{L}*|вопрос\\p{L}*|опрос\\p{L}*)";

  // "about", and other words between the quiz and its topic.
  private static final String LEADS_TO =
      "(?:about|on|covering|regarding|for|of|по\\s+теме|на\\s+тему|по|про|об|о)";

  private static final Pattern CREATE =
      pattern(
          POLITE
              + "\\b(?:create|make|generate|build|prepare|write|compose|design|draft|give(?:\\s+me)?"
              + "|созда\\p{L}*|состав\\p{L}*|сгенерир\\p{L}*|сдела\\p{L}*|подготов\\p{L}*"
              + "|придума\\p{L}*|напиш\\p{L}*|дай(?:те)?)\\b"
              + "[^.?!]{0,80}?\\b"
              + QUIZ
              + "\\b(?:[^.?!]{0,60}?\\b"
              + LEADS_TO
              + "\\b)?");

  private static final Pattern BARE_QUIZ =
      pattern("^\\W*(?:an?\\s+)?(?:quiz(?:\\s+me)?|тест|викторина|квиз)\\s+" + LEADS_TO + "\\b");

  private static final Pattern EVALUATE =
      pattern(
          "\\b(?:grade|evaluate|check|score|mark|assess|провер\\p{L}*|оцен\\p{L}*)\\b"
              + "[^.?!]{0,80}?\\b(?:answers?|submission|solutions?|responses?|quiz|test|exam|homework"
              + "|ответ\\p{L}*|решени\\p{L}*|работ\\p{L}*|тест\\p{L}*|экзамен\\p{L}*"
              + "|викторин\\p{L}*)\\b");

  private static final Pattern ASKS =
      pattern(
          "^\\W*(?:how|what|why|when|where|who|whom|whose|which|explain"
              + "|как|какой|какая|какое|какие|что|почему|зачем|когда|где|кто|чей|объясни\\p{L}*"
              + "|расскажи\\p{L}*)\\b");

  private static final Pattern COUNT =
      pattern("\\b([1-9][0-9]?)[\\s-]+(?:\\p{L}+\\s+)?(?:questions?|вопрос\\p{L}*)\\b");

  static final List<Pattern> PATTERNS = List.of(CREATE, BARE_QUIZ, EVALUATE, ASKS, COUNT);

  Wish plan(String question) {
    if (ASKS.matcher(question).find()) {
      return new Wish(QuizAgent.ANSWER, question.strip(), null);
    }
    Matcher create = CREATE.matcher(question);
    Matcher evaluate = EVALUATE.matcher(question);
    boolean creates = create.find();
    boolean evaluates = evaluate.find();
    if (evaluates && (!creates || evaluate.start() < create.start())) {
      return new Wish(QuizAgent.EVALUATE, question.strip(), null);
    }
    if (creates) {
      return quiz(question, create);
    }
    Matcher bare = BARE_QUIZ.matcher(question);
    return bare.find() ? quiz(question, bare) : new Wish(QuizAgent.ANSWER, question.strip(), null);
  }

  private static Wish quiz(String question, Matcher request) {
    String topic =
        trimmed(question.substring(0, request.start()) + question.substring(request.end()));
    return new Wish(
        QuizAgent.CREATE_QUIZ, topic.isBlank() ? question.strip() : topic, count(question));
  }

  // No regex: one anchored at the end would start again at every space, which takes quadratic time.
  private static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isMargin(text.charAt(from))) {
      from++;
    }
    while (from < to && isMargin(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isMargin(char c) {
    return Character.isWhitespace(c) || ":,.!?«»\"-".indexOf(c) >= 0;
  }

  private static @Nullable Integer count(String question) {
    Matcher count = COUNT.matcher(question);
    if (!count.find()) {
      return null;
    }
    int number = Integer.parseInt(count.group(1));
    return number <= 50 ? number : null;
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, CASE_INSENSITIVE | UNICODE_CASE | UNICODE_CHARACTER_CLASS);
  }
}
