package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.OnBusy;
import java.io.Console;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ask QUESTION`: starts a run and shows it to its end.
@Command(
    name = "ask",
    mixinStandardHelpOptions = true,
    description = "Ask a question and watch the run to its end.",
    footer = {
      "",
      "Exit codes: 0 succeeded, 1 failed or refused, 2 wrong usage or no server, 130 cancelled.",
      "Ctrl-C stops watching; the run goes on, unless --cancel-on-interrupt is given."
    })
public final class AskCommand extends ServerCommand {

  @Parameters(paramLabel = "QUESTION", arity = "1..*", description = "what to ask")
  private List<String> question = List.of();

  @Option(
      names = {"-s", "--session"},
      paramLabel = "SESSION",
      description = "the session; made up when absent")
  private @Nullable String session;

  @Option(
      names = {"-n", "--num-questions"},
      paramLabel = "N",
      description = "how many questions a quiz has")
  private @Nullable Integer numQuestions;

  @Option(
      names = {"-w", "--workflow"},
      paramLabel = "NAME",
      description = "the workflow; chosen by the question when absent")
  private @Nullable String workflow;

  @Option(
      names = {"-i", "--input"},
      paramLabel = "JSON",
      description = "what the workflow takes, such as '{\"order\": 4711}'")
  private @Nullable String input;

  @Option(
      names = "--on-busy",
      paramLabel = "HOW",
      description = "reject (the default), enqueue or interrupt when the session has a run already")
  private @Nullable OnBusy onBusy;

  @Option(
      names = {"-d", "--detach"},
      description = "do not wait: print the session and the run")
  private boolean detach;

  @Option(names = "--cancel-on-interrupt", description = "Ctrl-C cancels the run")
  private boolean cancelOnInterrupt;

  @Override
  public Integer call() {
    Client client = client();
    JsonNode accepted = client.run(request(), UUID.randomUUID().toString());
    String sessionId = accepted.path("session_id").asText();
    String runId = accepted.path("run_id").asText();
    if (detach) {
      out().println(json() ? accepted : sessionId + " " + runId);
      return ExitCode.DONE;
    }
    try (Screen screen = screen();
        Interrupt _ = Interrupt.then(() -> interrupted(client, screen, sessionId, runId))) {
      Outcome outcome =
          new Follower(
                  client,
                  sessionId,
                  runId,
                  EventStream.START,
                  screen,
                  Follower.Patience.USUAL,
                  asked -> asked(client, screen, sessionId, runId))
              .follow();
      if (outcome.hasResult()) {
        screen.result(outcome);
      }
      return outcome.exitCode();
    }
  }

  /// Somebody at a terminal is asked here; a reader of a file or pipe is told how to answer.
  private void asked(Client client, Screen screen, String sessionId, String runId) {
    Console console = json() ? null : terminal();
    if (console == null) {
      screen.notice(howToAnswer(sessionId));
      return;
    }
    Optional<Question> question =
        client
            .run(sessionId, runId)
            .map(run -> run.path("waiting_for"))
            .filter(JsonNode::isObject)
            .map(Question::new);
    question.ifPresent(
        asked -> {
          screen.notice(asked.words());
          // Somebody else may answer meanwhile, and then the run goes on.
          Thread.ofVirtual()
              .start(
                  () ->
                      asked
                          .answeredBy(prompt -> console.readLine("%s", prompt))
                          .ifPresent(
                              given -> answer(client, screen, asked, sessionId, runId, given)));
        });
  }

  private static void answer(
      Client client,
      Screen screen,
      Question asked,
      String sessionId,
      String runId,
      Question.Given given) {
    try {
      client.answer(asked.answer(sessionId, runId, given));
    } catch (CommandFailed e) {
      screen.notice(String.valueOf(e.getMessage()));
    }
  }

  private ObjectNode request() {
    ObjectNode request = Json.object().put("question", String.join(" ", question));
    request.put("session_id", session).put("num_questions", numQuestions);
    request.put("workflow", workflow);
    if (input != null) {
      request.set("input", json(input));
    }
    return request.put("on_busy", onBusy == null ? null : onBusy.name().toLowerCase(Locale.ROOT));
  }

  private static JsonNode json(String text) {
    try {
      return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedJson e) {
      throw new CommandFailed(ExitCode.UNUSABLE, "--input: " + e.detail());
    }
  }

  private void interrupted(Client client, Screen screen, String sessionId, String runId) {
    screen.close();
    if (cancelOnInterrupt) {
      err().println("Cancelling " + runId + ".");
      client.cancel(sessionId, runId);
    } else {
      err().println("The run goes on. To see it: " + hint("watch", sessionId));
      err().println("To stop it: " + hint("cancel", sessionId));
    }
    err().flush();
  }
}
