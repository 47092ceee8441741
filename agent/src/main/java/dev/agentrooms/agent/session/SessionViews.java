package dev.agentrooms.agent.session;

import dev.agentrooms.protocol.Conversation;
import dev.agentrooms.protocol.Conversation.Message;
import dev.agentrooms.protocol.Conversation.Role;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunEvents;
import dev.agentrooms.protocol.RunEvents.Numbered;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.SessionPage;
import dev.agentrooms.protocol.SessionView;
import dev.agentrooms.protocol.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What can be said of a session's state: views for readers, and the answer to a cancel.
public final class SessionViews {

  // What a remote agent is sent of a long conversation.
  private static final int MAX_TOLD = 100;

  private static final int INDEXED_QUESTION = 200;

  private SessionViews() {}

  /// What a query is answered.
  public static SessionReply answer(
      String id, SessionMemory memory, Agent agent, SessionQuery query) {
    SessionState state = memory.state();
    return switch (query) {
      case SessionQuery.Read _ ->
          state.exists()
              ? new SessionReply.Session(
                  session(id, state, memory.events().latest()), state.owner())
              : new SessionReply.UnknownSession();
      case SessionQuery.ReadRun(String runId) -> run(state, runId);
      case SessionQuery.ReadEvents(String runId, long after, int limit) ->
          events(state, runId, memory.events().of(runId, after), limit);
      case SessionQuery.ReadMessages(long after, int limit) -> messages(state, agent, after, limit);
    };
  }

  static SessionView session(String id, SessionState state, List<ProgressEvent> lastEvents) {
    return new SessionView(
        id,
        state.status(),
        existing(state.createdAt()),
        existing(state.lastActiveAt()),
        state.shown().map(RunViews::of).orElse(null),
        state.lastEnded().map(RunViews::of).orElse(null),
        state.queued(),
        state.called().shown().orElse(null),
        state.shown().flatMap(Run::waitingFor).map(Input::view).orElse(null),
        lastEvents);
  }

  public static SessionPage.Entry entry(String id, SessionState state) {
    return new SessionPage.Entry(
        id,
        state.status(),
        existing(state.createdAt()),
        existing(state.lastActiveAt()),
        state.shown().map(SessionViews::summary).orElse(null),
        state.lastEnded().map(SessionViews::summary).orElse(null),
        state.queued(),
        state.called().shown().orElse(null));
  }

  public static SessionReply run(SessionState state, String runId) {
    if (!state.exists()) {
      return new SessionReply.UnknownSession();
    }
    return state
        .shown(runId)
        .<SessionReply>map(run -> new SessionReply.OneRun(RunViews.of(run)))
        .orElseGet(() -> new SessionReply.UnknownRun(runId));
  }

  /// A page of what a run has told.
  ///
  /// @param told the run's events that are wanted, and maybe more
  static SessionReply events(SessionState state, String runId, List<Numbered> told, int limit) {
    if (!(run(state, runId) instanceof SessionReply.OneRun)) {
      return run(state, runId);
    }
    boolean isLast = told.size() <= limit;
    List<Numbered> page = isLast ? told : told.subList(0, limit);
    return new SessionReply.Events(new RunEvents(page, isLast ? null : page.getLast().n()));
  }

  /// The latest questions and answers, oldest first, up to the question of the run in flight.
  public static List<Message> conversation(SessionState state, Agent agent) {
    List<Message> messages = new ArrayList<>();
    for (Run run : state.ended()) {
      messages.add(question(run));
      messages.add(answer(run, agent));
    }
    state.inFlight().ifPresent(run -> messages.add(question(run)));
    return messages.subList(Math.max(0, messages.size() - MAX_TOLD), messages.size());
  }

  /// A page of what was asked and answered, in the order of the questions.
  ///
  /// @param after the place of the last message that the reader has
  static SessionReply messages(SessionState state, Agent agent, long after, int limit) {
    if (!state.exists()) {
      return new SessionReply.UnknownSession();
    }
    List<Message> messages = new ArrayList<>();
    String next = null;
    List<Run> runs =
        Stream.concat(state.ended().stream(), state.runs().stream())
            .filter(run -> !run.forgotten())
            .sorted(Comparator.comparingLong(Run::number))
            .toList();
    for (Run run : runs) {
      for (long place = 2 * run.number(); place <= 2 * run.number() + 1; place++) {
        boolean isQuestion = place % 2 == 0;
        if (place > after && (isQuestion || run.status().isFinal())) {
          if (messages.size() == limit) {
            return new SessionReply.Messages(new Conversation(messages, next));
          }
          messages.add(isQuestion ? question(run) : answer(run, agent));
          next = Long.toString(place);
        }
      }
    }
    return new SessionReply.Messages(new Conversation(messages, null));
  }

  private static Message question(Run run) {
    RunSpec spec = run.spec();
    return message(run, "q", Role.USER, spec.question(), spec.createdAt(), null);
  }

  private static Message answer(Run run, Agent agent) {
    if (!(run.phase() instanceof Phase.Ended ended)) {
      throw new IllegalStateException("run " + run.runId() + " has not ended");
    }
    String error = RunViews.error(ended.outcome());
    String text =
        ended.outcome() instanceof Phase.Succeeded(var result)
            ? agent.text(run.planned().intent(), result)
            : String.valueOf(error);
    return message(run, "a", Role.ASSISTANT, text, ended.at(), run.status());
  }

  private static Message message(
      Run run, String suffix, Role role, String text, Instant at, @Nullable RunStatus status) {
    int bytes = Shown.textBytes(text);
    boolean fits = bytes <= Shown.MAX_TEXT_BYTES;
    return new Message(
        "m-" + run.runId() + "-" + suffix,
        role,
        fits ? text : null,
        fits ? null : bytes,
        run.runId(),
        at,
        status);
  }

  /// What a client is told that has waited for the end of a cancelled run.
  ///
  /// @param ended what the session says of the run at its end
  public static SessionReply cancelled(SessionReply.Cancelling cancelling, SessionReply ended) {
    return switch (ended) {
      case SessionReply.OneRun(var run) ->
          switch (run.status()) {
            case CANCELLED -> new SessionReply.Cancelled(run.runId());
            case SUCCEEDED, FAILED -> SessionReply.hasEnded(run.runId(), run.status());
            case QUEUED, RUNNING, WAITING, CANCELLING -> cancelling;
          };
      // Its session was deleted meanwhile, which cancels too.
      case SessionReply.UnknownSession _, SessionReply.UnknownRun _ ->
          new SessionReply.Cancelled(cancelling.runId());
      case SessionReply.Accepted _,
          SessionReply.Unanswered _,
          SessionReply.Busy _,
          SessionReply.KeyReused _,
          SessionReply.RunIdTaken _,
          SessionReply.QueueFull _,
          SessionReply.TooManyKeys _,
          SessionReply.Cancelling _,
          SessionReply.Cancelled _,
          SessionReply.NothingToCancel _,
          SessionReply.Answered _,
          SessionReply.AnsweredOtherwise _,
          SessionReply.NotAnswerable _,
          SessionReply.UnknownInput _,
          SessionReply.InvalidAnswer _,
          SessionReply.Session _,
          SessionReply.Events _,
          SessionReply.Following _,
          SessionReply.Messages _,
          SessionReply.Opened _,
          SessionReply.Named _,
          SessionReply.Deleted _,
          SessionReply.NotStored _,
          SessionReply.Broken _ ->
          cancelling;
    };
  }

  /// What a search for a session looks into: what it is called, what was asked, its id.
  public static String searched(String id, SessionState state) {
    return Stream.concat(
            Stream.concat(Stream.of(id), state.called().shown().stream()),
            Stream.concat(state.ended().stream(), state.runs().stream())
                .filter(run -> !run.forgotten())
                .map(run -> Text.cut(run.spec().question(), INDEXED_QUESTION)))
        .distinct()
        .collect(Collectors.joining("\n"));
  }

  /// What a run is answered whose name another session has.
  public static SessionReply taken(SessionCommand command, String name) {
    return command instanceof SessionCommand.Start start && RunSpec.isClaim(name)
        ? new SessionReply.RunIdTaken(start.spec().runId())
        : new SessionReply.KeyReused();
  }

  private static SessionPage.RunSummary summary(Run run) {
    return new SessionPage.RunSummary(
        run.runId(), Text.cut(run.spec().question(), INDEXED_QUESTION), run.status());
  }

  private static Instant existing(@Nullable Instant time) {
    return time == null ? Instant.EPOCH : time;
  }
}
