package dev.agentrooms.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.Story;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.protocol.Submission;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.ToolResult;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
@net.jqwik.api.Tag("unit")
class SleepingSessionTest {

  private Story story = new Story();

  /// Sessions after any commands, with any content.
  @Property(tries = 1000)
  void everySessionIsTheSameWhenItWakes(
      @ForAll @Size(max = 40) List<@IntRange(max = 21) Integer> commands,
      @ForAll("specs") RunSpec spec,
      @ForAll("texts") String key,
      @ForAll("answers") JsonNode answer) {
    story = new Story();
    tell(new SessionCommand.Start(spec, OnBusy.ENQUEUE, List.of(new Key(key, "b")), Turn.NOW));
    if (story.state().inFlight().isPresent()) {
      story.toolAnswers(new ToolResult.Succeeded(answer));
    }
    commands.forEach(number -> tell(story.any(number)));
    assertSameWhenAwake();
  }

  @Test
  void whatTheLimitsOfReadingLetInComesOutAsItWas() {
    String digits = "123456789".repeat(111);
    int depth = Json.MAX_DEPTH - 1;
    String nested = "[".repeat(depth) + "]".repeat(depth);
    JsonNode answer =
        Given.json(
            """
            {"a":%se-5,"b":0.0000001,"c":1.50,"d":1e5,"e":-%s,"f":%s,"g":null,"%s":2147483648,
             "h":1E-400,"i":"\\u0000\\u2028\uD83C\uDF31"}"""
                .formatted(digits, digits, nested, "n".repeat(40_000)));
    story.with(Given.spec("r-1", Given.ASK)).toolAnswers(new ToolResult.Succeeded(answer));
    assertThat(story.state().lastEnded().orElseThrow().view().result()).isEqualTo(answer);
    assertSameWhenAwake();
  }

  @Test
  void aSmallRunTakesLittle() {
    RunRequest request = RunRequest.of("quiz1", Given.ASK, OnBusy.REJECT);
    String runId = "r-" + UUID.randomUUID();
    story.with(RunSpec.of(runId, "quiz1", request, Given.T0, Trace.from(null))).toTheEnd();
    assertThat(packed().length).isLessThan(400);
  }

  @Test
  void aSessionThatIsTooLargeIsNotPutAway() {
    String text = "x".repeat(SleepingSession.MAX_BYTES);
    story.with(Given.spec("r-1", Given.ASK));
    story.toolAnswers(new ToolResult.Succeeded(Json.object().put("answer", text)));
    assertThat(asleep().pack()).isNull();
  }

  @Provide
  Arbitrary<RunSpec> specs() {
    Arbitrary<Submission> submissions =
        Arbitraries.maps(texts(), texts())
            .ofMaxSize(3)
            .map(answers -> new Submission("ex-1", answers));
    return Combinators.combine(
            texts(),
            Arbitraries.integers().between(1, 50).injectNull(0.5),
            submissions.injectNull(0.7))
        .as((question, count, submission) -> Given.spec("r-0", question, count, submission));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(40),
            Arbitraries.of(
                Given.QUIZ, Given.ASK, "Проверь мои ответы", "\uD83C\uDF31", "a\u0000\"\\"))
        .filter(Text::isWellFormed);
  }

  @Provide
  Arbitrary<JsonNode> answers() {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            texts().map(Object.class::cast),
            Arbitraries.longs().map(Object.class::cast),
            Arbitraries.bigIntegers().map(Object.class::cast),
            Arbitraries.bigDecimals().ofScale(30).map(Object.class::cast),
            Arbitraries.of(true, false));
    Arbitrary<Object> value =
        Arbitraries.lazyOf(
            () -> leaf,
            () -> leaf.list().ofMaxSize(4).map(Object.class::cast),
            () -> Arbitraries.maps(texts(), leaf).ofMaxSize(4).map(Object.class::cast));
    // As tools' answers come in.
    return Arbitraries.maps(texts(), value)
        .ofMaxSize(5)
        .map(answer -> Json.parse(Json.encode(answer)));
  }

  private void tell(SessionCommand command) {
    story.tell(command);
  }

  private SleepingSession asleep() {
    return new SleepingSession(story.state(), story.progress());
  }

  private byte[] packed() {
    return Objects.requireNonNull(asleep().pack());
  }

  private void assertSameWhenAwake() {
    SleepingSession awake = SleepingSession.unpack(packed());
    assertThat(awake.state()).isEqualTo(story.state());
    // Values that were made here may be of another class of numbers when read; what is shown is
    // not.
    assertThat(Json.encode(awake.events())).isEqualTo(Json.encode(story.progress()));
    assertThat(Json.encode(view(awake))).isEqualTo(Json.encode(view(asleep())));
  }

  private static Object view(SleepingSession session) {
    return Map.of(
        "session", SessionViews.session(Given.SESSION, session.state(), session.events()),
        "entry", SessionViews.entry(Given.SESSION, session.state()));
  }
}
