package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Decision;
import java.io.Console;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `answer SESSION`: answers what the session's run asks a person.
@Command(
    name = "answer",
    mixinStandardHelpOptions = true,
    description =
        "Answer what a session's run asks; without a decision it is shown, and asked for.",
    footer = {
      "",
      "Exit codes: 0 taken, 1 nothing is asked or it is too late, 2 wrong usage or no server."
    })
public final class AnswerCommand extends ServerCommand {

  @Parameters(paramLabel = "SESSION", description = "the session")
  private String session = "";

  @ArgGroup private @Nullable Deciding deciding;

  /// One of the two.
  static final class Deciding {
    @Option(names = "--approve", description = "go on as it is shown")
    private boolean approve;

    @Option(names = "--reject", description = "do not do it")
    private boolean reject;
  }

  @Option(
      names = "--value",
      paramLabel = "VALUE",
      description = "what to say instead, where it may be changed: text, or JSON; approves")
  private @Nullable String value;

  @Option(names = "--comment", paramLabel = "TEXT", description = "why")
  private @Nullable String comment;

  @Override
  public Integer call() {
    Client client = client();
    JsonNode known =
        client
            .session(session)
            .orElseThrow(
                () -> new CommandFailed(ExitCode.FAILED, "there is no session " + session));
    JsonNode asked = known.path("waiting_for");
    if (!asked.isObject()) {
      throw new CommandFailed(ExitCode.FAILED, "session " + session + " does not ask anything");
    }
    Question question = new Question(asked);
    Question.Given given = decided();
    if (given == null) {
      given = typed(question);
    }
    String runId = known.path("run").path("run_id").asText();
    JsonNode answer = client.answer(question.answer(session, runId, given));
    out()
        .println(
            json()
                ? answer
                : answer.path("status").asText() + " " + answer.path("input_id").asText());
    return ExitCode.DONE;
  }

  private Question.@Nullable Given decided() {
    boolean isRejected = deciding != null && deciding.reject;
    if (isRejected && value != null) {
      throw new CommandFailed(ExitCode.UNUSABLE, "--reject has no --value");
    }
    return deciding == null && value == null
        ? null
        : new Question.Given(isRejected ? Decision.REJECT : Decision.APPROVE, value, comment);
  }

  private Question.Given typed(Question question) {
    Console console = terminal();
    if (console == null) {
      out().println(question.words());
      throw new CommandFailed(ExitCode.UNUSABLE, "decide with --approve, --reject or --value");
    }
    out().println(question.words());
    out().flush();
    Question.Given typed =
        question
            .answeredBy(prompt -> console.readLine("%s", prompt))
            .orElseThrow(() -> new CommandFailed(ExitCode.CANCELLED, "nobody answered"));
    return new Question.Given(typed.decision(), typed.value(), comment);
  }
}
