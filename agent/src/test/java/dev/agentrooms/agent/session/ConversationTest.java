package dev.agentrooms.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.Story;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.protocol.Conversation;
import dev.agentrooms.protocol.Conversation.Message;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.tools.ToolResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A session as a conversation.
@Tag("unit")
class ConversationTest {

  private final Story story = new Story();

  @Test
  void whatWasAskedAndAnsweredComesInTurn() {
    story.with(Given.spec("r-1", Given.ASK)).toTheEnd();
    story.with(Given.spec("r-2", Given.QUIZ)).toTheEnd();
    Conversation all = page(0, 50);
    assertThat(all.next()).isNull();
    assertThat(all.messages())
        .extracting(Message::id)
        .containsExactly("m-r-1-q", "m-r-1-a", "m-r-2-q", "m-r-2-a");
    assertThat(all.messages())
        .extracting(Message::text)
        .containsExactly(
            Given.ASK,
            "Rayleigh scattering.",
            Given.QUIZ,
            Given.agent().text("create_quiz", Given.answer("generate_exam")));
    Message answer = all.messages().get(1);
    assertThat(answer.at())
        .isEqualTo(RunViews.of(story.state().run("r-1").orElseThrow()).finishedAt());
    assertThat(answer.runId()).isEqualTo("r-1");
    assertThat(answer.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(all.messages().getFirst().status()).isNull();
  }

  @Test
  void aRunThatFailedOrWasCancelledSaysWhy() {
    story.with(Given.spec("r-1", Given.ASK)).toolAnswers(Given.status(500));
    story.with(Given.spec("r-2", Given.ASK));
    story.tell(new SessionCommand.Cancel("r-2", "requested"));
    story.toolAnswers(new ToolResult.Stopped());
    List<Message> messages = page(0, 50).messages();
    assertThat(messages.get(1).status()).isEqualTo(RunStatus.FAILED);
    assertThat(messages.get(1).text()).isEqualTo("rag_answer failed: The service answered 500.");
    assertThat(messages.get(3).status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(messages.get(3).text()).isEqualTo("cancelled: requested");
  }

  @Test
  void aRunThatGoesOnHasNoAnswerYetAndTheOrderIsThatOfTheQuestions() {
    story.with(Given.spec("r-1", Given.ASK));
    story.tell(Given.start("r-2", OnBusy.ENQUEUE, Turn.LATER));
    story.tell(Given.start("r-3", OnBusy.ENQUEUE, Turn.LATER));
    story.tell(new SessionCommand.Cancel("r-2", "requested"));
    assertThat(ids(page(0, 50))).containsExactly("m-r-1-q", "m-r-2-q", "m-r-2-a", "m-r-3-q");
    story.toTheEnd();
    assertThat(ids(page(0, 50)))
        .containsExactly("m-r-1-q", "m-r-1-a", "m-r-2-q", "m-r-2-a", "m-r-3-q");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 200})
  void itIsReadPageByPage(int limit) {
    for (String run : new String[] {"r-1", "r-2", "r-3"}) {
      story.with(Given.spec(run, Given.ASK)).toTheEnd();
    }
    List<String> seen = new ArrayList<>();
    String next = "0";
    while (next != null) {
      Conversation page = page(Long.parseLong(next), limit);
      assertThat(page.messages().size()).isBetween(1, limit);
      seen.addAll(ids(page));
      next = page.next();
    }
    assertThat(seen)
        .containsExactly("m-r-1-q", "m-r-1-a", "m-r-2-q", "m-r-2-a", "m-r-3-q", "m-r-3-a");
  }

  @Test
  void aTextThatIsTooLongIsNamedByItsSize() {
    story.with(Given.spec("r-1", Given.ASK));
    String text = "я".repeat(Shown.MAX_TEXT_BYTES / 2 + 1);
    story.toolAnswers(new ToolResult.Succeeded(Json.object().put("answer", text)));
    Message answer = page(0, 50).messages().getLast();
    assertThat(answer.text()).isNull();
    assertThat(answer.textBytes()).isEqualTo(Shown.MAX_TEXT_BYTES + 2);
  }

  @Test
  void whatIsDeletedIsUnknown() {
    assertThat(SessionViews.messages(story.state(), Given.agent(), 0, 50))
        .isEqualTo(new SessionReply.UnknownSession());
    story.with(Given.spec("r-1", Given.ASK));
    story.tell(new SessionCommand.Delete("session_deleted"));
    assertThat(SessionViews.messages(story.state(), Given.agent(), 0, 50))
        .isEqualTo(new SessionReply.UnknownSession());
    story.tell(Given.start("r-2", OnBusy.REJECT, Turn.LATER));
    assertThat(ids(page(0, 50))).containsExactly("m-r-2-q");
  }

  private static List<String> ids(Conversation page) {
    return page.messages().stream().map(Message::id).toList();
  }

  private Conversation page(long after, int limit) {
    return ((SessionReply.Messages)
            SessionViews.messages(story.state(), Given.agent(), after, limit))
        .page();
  }
}
