package dev.agentrooms.adapters.langgraph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Happening.Written;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What LangGraph's streams show of a run. The files are written anew with `-Dgolden.write=true`.
@Tag("unit")
class LangGraphMapperTest {

  private static final Path FILES = Path.of("src/test/resources/langgraph");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "success",
        "failed tool",
        "retry",
        "cancelled",
        "text",
        "other text",
        "person",
        "queued"
      })
  void aRunIsShownAsTheFileSays(String name) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Shown each : shown(run(name))) {
      String data = new String(Json.encode(each.data()), StandardCharsets.UTF_8);
      text.append(each.id()).append(' ').append(each.kind()).append(' ').append(data).append('\n');
    }
    Path file = FILES.resolve(name.replace(' ', '-') + ".txt");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, text);
    }
    assertThat(text.toString()).isEqualTo(Files.readString(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"success", "failed tool", "retry", "cancelled", "text", "person", "queued"})
  void everyIdIsThereOnceAndIsACursor(String name) {
    List<Shown> all = shown(run(name));
    assertThat(all.stream().map(Shown::id)).doesNotHaveDuplicates();
    assertThat(all.stream().map(Shown::number)).isSorted();
    for (int i = 0; i < all.size(); i++) {
      Cursor seen = Objects.requireNonNull(Cursor.of(all.get(i).id()));
      assertThat(all.stream().filter(shown -> !seen.covers(shown)))
          .isEqualTo(all.subList(i + 1, all.size()));
    }
  }

  @Test
  void aCursorOfAnotherEpochCoversNothing() {
    Cursor other = Objects.requireNonNull(Cursor.of("other:99.0"));
    assertThat(shown(run("success"))).noneMatch(other::covers);
  }

  @Test
  void whoSawATextThatACrashEndedReadsOnAsThoseWhoComeLater() {
    List<Shown> live = shown(crashed(begun().wrote("Be").wrote("bop")));
    List<Shown> replay = shown(crashed(begun()));
    assertThat(behindCrash(live)).isEqualTo(behindCrash(replay));
    Cursor before =
        Objects.requireNonNull(
            Cursor.of(live.get(live.size() - behindCrash(live).size() - 1).id()));
    assertThat(replay.stream().filter(each -> !before.covers(each)).map(Shown::id).toList())
        .isEqualTo(behindCrash(replay).stream().map(Shown::id).toList());
  }

  private static Story begun() {
    return new Story()
        .told("intent_determined", "question", "Why?")
        .call("start_draft", "input", "why");
  }

  private static List<Happening> crashed(Story story) {
    return story
        .call("tool_retry", "reason", "server_restarted", "part", "draft")
        .wrote("Because.")
        .call("draft_done", "text", "Because.", "part", "draft-2")
        .ended("succeeded", "Because.")
        .all;
  }

  private static List<Shown> behindCrash(List<Shown> all) {
    return all.stream().filter(each -> each.seq() >= 9).toList();
  }

  @Test
  void theEndIsLastAndOnce() {
    for (String name : List.of("success", "failed tool", "cancelled", "text", "queued")) {
      List<Shown> all = shown(run(name));
      assertThat(all.getFirst().kind()).isEqualTo(Shown.Kind.METADATA);
      assertThat(all.stream().filter(shown -> shown.kind() == Shown.Kind.END))
          .containsExactly(all.getLast());
    }
  }

  private static List<Shown> shown(List<Happening> run) {
    LangGraphMapper mapper = new LangGraphMapper("t1", "r1");
    List<Shown> all = new ArrayList<>();
    for (Happening each : run) {
      if (mapper.wantsMessages(each)) {
        mapper.messages(
            Messages.none()
                .add(Messages.human("r0", "Before?"))
                .add(Messages.ai("r0", "Before."))
                .add(Messages.human("r1", "Why?")));
      }
      all.addAll(mapper.on(each));
    }
    return all;
  }

  private static List<Happening> run(String name) {
    Story story = new Story();
    if (name.equals("queued")) {
      return story.told("queued").told("cancelled", "reason", "requested").all;
    }
    story.told("intent_determined", "question", "Why?").call("start_retrieval", "input", "why");
    return switch (name) {
      case "success" ->
          story.call("retrieval_done", "output", "because").ended("succeeded", "Because.").all;
      case "failed tool" ->
          story.call("tool_error", "reason", "http_status").ended("failed", "").all;
      case "retry" ->
          story
              .call("tool_retry", "reason", "http_status")
              .call("retrieval_done", "output", "because")
              .ended("succeeded", "Because.")
              .all;
      case "cancelled" -> story.told("cancelled", "reason", "requested").all;
      case "text" ->
          story
              .wrote("Be")
              .wrote("cause.")
              .call("retrieval_done", "text", "Because.")
              .ended("succeeded", "Because. Now you know.")
              .all;
      case "other text" ->
          story
              .wrote("I look.")
              .call("retrieval_done", "text", "I look.")
              .ended("succeeded", "Because.")
              .all;
      case "person" ->
          story
              .call("input_required", "input_id", "r1.input.1")
              .call("input_received", "input_id", "r1.input.1")
              .call("retrieval_done", "output", "because")
              .ended("succeeded", "Because.")
              .all;
      default -> throw new AssertionError(name);
    };
  }

  /// A run as it happens.
  private static final class Story {

    private final List<Happening> all = new ArrayList<>();
    private int n;
    private int pieces;
    private long offset;

    private Story told(String step, String... meta) {
      return add(step, null, Json.object(), meta);
    }

    private Story call(String step, String... meta) {
      ObjectNode call = Json.object().put("call_id", "r1.retrieval.1").put("prompt", "Really?");
      return add(step, "rag_search", call, meta);
    }

    private Story ended(String status, String text) {
      ObjectNode meta = Json.object().put("status", status);
      if (status.equals("failed")) {
        return add("final_answer", null, meta.put("reason", "http_status"));
      }
      meta.putObject("result").put("answer", text);
      return add("final_answer", null, meta.put("text", text));
    }

    private Story add(
        String step,
        @org.jspecify.annotations.Nullable String tool,
        ObjectNode meta,
        String... more) {
      n++;
      for (int i = 0; i < more.length; i += 2) {
        meta.put(more[i], more[i + 1]);
      }
      ObjectNode event = Json.object().put("type", "progress").put("event_id", "r1." + n);
      event.put("ts", "2026-11-27T10:00:00Z").put("session_id", "t1").put("run_id", "r1");
      event.put("step", step).put("message", "It is " + step);
      if (tool != null) {
        event.put("tool", tool);
      }
      event.set("meta", meta);
      all.add(new Told(n, "e1", 6 + n, event.put("seq", 6 + n)));
      return this;
    }

    private Story wrote(String text) {
      all.add(new Written("draft", pieces, offset, text));
      pieces++;
      offset += text.length();
      return this;
    }
  }
}
