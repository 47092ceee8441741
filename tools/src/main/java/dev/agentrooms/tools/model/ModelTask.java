package dev.agentrooms.tools.model;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.tools.ExchangeHold;
import dev.agentrooms.tools.RetryAfter;
import dev.agentrooms.tools.Schema;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.model.ModelAnswer.Answered;
import dev.agentrooms.tools.model.ModelAnswer.Failed;
import dev.agentrooms.tools.model.ModelAnswer.Phase;
import dev.agentrooms.tools.model.ModelAnswer.Stopped;
import dev.agentrooms.tools.model.ModelAnswer.Usage;
import dev.agentrooms.tools.model.ModelSettings.StructuredOutput;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call: an exchange with the server, a second one where it does not take schemas or where the
/// answer has to be repaired, and the time limits around them.
///
/// A cancel and a time limit end it in the same way: nothing more is sent, and the connection of
/// the exchange under way is closed.
final class ModelTask implements ModelCall, Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ModelTask.class);
  private static final int MAX_ERROR_BYTES = 64 * 1024;
  private static final int ESCAPED = 6;
  private static final int MAX_TOKENS = 100_000;
  // For what a server still says behind its answer, before the connection is closed.
  private static final long LAST_WORDS_SECONDS = 1;

  private record Exchange(
      ExchangeHold hold,
      CompletableFuture<HttpResponse<ModelBody.Read>> future,
      @Nullable AnswerStream stream) {}

  private final ModelClient client;
  private final ModelSettings settings;
  private final Consumer<String> text;
  private final CompletableFuture<ModelAnswer> ended = new CompletableFuture<>();

  // Guarded by this object's lock.
  private @Nullable Exchange current;
  private boolean isCancelled;
  private @Nullable Phase expired;

  private final ModelTimes times;

  // One exchange at a time changes these.
  private ModelQuery query;
  private Usage usage = Usage.NONE;
  private boolean isRepaired;
  private boolean asSchema;

  ModelTask(ModelClient client, ModelQuery query, Consumer<String> text) {
    this.client = client;
    this.settings = client.settings();
    this.query = query;
    this.text = text;
    this.times = new ModelTimes(settings, client::now, client.timer(), this::stop);
  }

  @Override
  public CompletionStage<ModelAnswer> ended() {
    return ended;
  }

  /// Its turn has come.
  @Override
  public void run() {
    times.begin();
    asSchema = client.asksForSchemas();
    exchange();
  }

  @Override
  public void cancel() {
    stop(null);
    if (client.slots().giveUp(this)) {
      ended.complete(new Stopped(""));
    }
  }

  /// @param limit the time limit that was exceeded; null for a cancel
  private void stop(@Nullable Phase limit) {
    Exchange underWay;
    synchronized (this) {
      if (ended.isDone() || isCancelled || expired != null) {
        return;
      }
      if (limit == null) {
        isCancelled = true;
      } else {
        expired = limit;
      }
      underWay = current;
    }
    // Without the lock: what ends with the connection comes back here.
    if (underWay != null) {
      underWay.hold().cancel(underWay.future());
    }
  }

  private void exchange() {
    try {
      Exchange next = send();
      if (next == null) {
        finish(stopped(""));
        return;
      }
      next.future()
          .handle((answer, failure) -> judged(next, answer, failure))
          .thenAccept(this::goOn)
          .exceptionally(this::broken);
    } catch (RuntimeException | StackOverflowError e) {
      broken(e);
    }
  }

  private @Nullable Void broken(Throwable bug) {
    LOG.error("a call of the model went wrong", bug);
    finish(AnswerParts.invalidAnswer("It cannot be read."));
    return null;
  }

  private synchronized @Nullable Exchange send() {
    if (isCancelled || expired != null) {
      return null;
    }
    ExchangeHold hold = new ExchangeHold();
    AnswerStream stream =
        query.streams()
            ? new AnswerStream(settings.maxAnswerSize(), this::show, times::token, settings.key())
            : null;
    int max =
        (int)
            Math.min(
                Integer.MAX_VALUE - 8L,
                (long) settings.maxAnswerSize() * ESCAPED + MAX_ERROR_BYTES);
    Exchange sent =
        new Exchange(
            hold,
            client
                .client()
                .send(
                    ModelRequests.request(settings, query, asSchema),
                    ModelBody.handler(hold, stream, max)),
            stream);
    current = sent;
    times.exchange(query.streams());
    return sent;
  }

  private void show(String piece) {
    boolean isOver;
    synchronized (this) {
      isOver = isCancelled || expired != null;
    }
    if (!isOver) {
      text.accept(piece);
    }
  }

  // What the exchange has brought.

  private ModelAnswer judged(
      Exchange exchange,
      @Nullable HttpResponse<ModelBody.Read> answer,
      @Nullable Throwable failure) {
    boolean isOver;
    synchronized (this) {
      isOver = isCancelled || expired != null;
    }
    AnswerStream stream = exchange.stream();
    String partial = stream == null ? "" : stream.partial();
    if (isOver) {
      return expired != null && stream != null && stream.hasFinished()
          ? stream.result()
          : stopped(partial);
    }
    if (answer == null) {
      return stream != null && stream.hasFinished()
          ? stream.result()
          : ModelErrors.lost(failure, partial);
    }
    ModelBody.Read read = answer.body();
    byte[] whole = read.whole();
    if (answer.statusCode() / 100 != 2) {
      return ModelErrors.refused(
          answer.statusCode(),
          whole == null ? new byte[0] : whole,
          RetryAfter.of(answer.headers()),
          settings.key());
    }
    if (read.isStream() && stream != null) {
      ModelAnswer result = stream.result();
      client
          .timer()
          .schedule(
              () -> exchange.hold().cancel(exchange.future()),
              result instanceof Answered ? LAST_WORDS_SECONDS : 0,
              SECONDS);
      return result;
    }
    return whole == null
        ? Failed.of(Reason.ANSWER_TOO_LARGE, "The model's answer is too long.")
        : whole(whole, stream != null);
  }

  /// An answer in one piece, which some servers give though a stream was asked for.
  private ModelAnswer whole(byte[] body, boolean wasStream) {
    JsonNode answer;
    try {
      answer = Json.parse(body, MAX_TOKENS);
    } catch (MalformedJson e) {
      return AnswerParts.invalidAnswer(e.detail());
    }
    if (answer.hasNonNull("error")) {
      return ModelErrors.failed(answer, settings.key());
    }
    AnswerParts parts = new AnswerParts(settings.maxAnswerSize());
    parts.add(answer, "message");
    if (parts.isTooLarge()) {
      return Failed.of(Reason.ANSWER_TOO_LARGE, "The model's answer is too long.");
    }
    ModelAnswer judged = parts.judge();
    if (wasStream && judged instanceof Answered answered && !answered.text().isEmpty()) {
      show(answered.text());
    }
    return judged;
  }

  private void goOn(ModelAnswer answer) {
    switch (answer) {
      case Failed failed
          when query.schema() != null
              && asSchema
              && failed.status() != null
              && failed.status() == 400
              && settings.structuredOutput() == StructuredOutput.AUTO -> {
        asSchema = false;
        exchange();
      }
      case Answered answered when query.schema() != null -> structured(answered, query.schema());
      case Answered _, Failed _, Stopped _ -> finish(answer);
    }
  }

  private void structured(Answered answered, Schema schema) {
    if (!asSchema && settings.structuredOutput() == StructuredOutput.AUTO) {
      client.schemasAreRefused();
    }
    usage = usage.plus(answered.usage());
    String why;
    try {
      JsonNode json = ModelRequests.json(answered.text());
      schema.check("", json);
      finish(new Answered(answered.text(), json, answered.calls(), usage));
      return;
    } catch (MalformedJson e) {
      why = e.detail();
    } catch (InvalidField e) {
      why = e.detail();
    }
    String told = why.endsWith(".") ? why.substring(0, why.length() - 1) : why;
    if (isRepaired) {
      finish(AnswerParts.invalidAnswer(told + "."));
      return;
    }
    isRepaired = true;
    query = ModelRequests.repair(query, answered.text(), told);
    exchange();
  }

  private synchronized ModelAnswer stopped(String partial) {
    return expired == null ? new Stopped(partial) : ModelErrors.timedOut(expired, partial);
  }

  private void finish(ModelAnswer answer) {
    times.end();
    if (ended.complete(answer)) {
      client.slots().leave();
    }
  }
}
