package dev.agentrooms.webui.watch;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The sockets and event streams that people have open at this node who signed in: what a sign-in
/// opened ends with it.
public final class SignedInConnections {

  private final ConcurrentMap<String, Set<Runnable>> bySignIn = new ConcurrentHashMap<>();

  /// A connection is open.
  ///
  /// @param signIn by which it was opened; null for none
  /// @param end ends the connection; called on any thread, more than once, perhaps
  /// @return to be called when it is not open any more
  Runnable opened(@Nullable String signIn, Runnable end) {
    if (signIn == null) {
      return () -> {};
    }
    bySignIn.compute(
        signIn,
        (id, known) -> {
          Set<Runnable> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(end);
          return all;
        });
    return () ->
        bySignIn.computeIfPresent(
            signIn,
            (id, all) -> {
              all.remove(end);
              return all.isEmpty() ? null : all;
            });
  }

  /// The answer, whose event stream ends with the sign-in, if it is one.
  public HttpResponse ending(@Nullable String signIn, HttpResponse answer) {
    if (signIn == null
        || !(answer.entity() instanceof HttpEntity.Chunked chunked)
        || !chunked.getContentType().mediaType().toString().startsWith("text/event-stream")) {
      return answer;
    }
    Source<ByteString, NotUsed> events =
        chunked
            .getDataBytes()
            .mapMaterializedValue(any -> NotUsed.getInstance())
            .viaMat(KillSwitches.single(), Keep.right())
            .watchTermination(
                (killSwitch, ended) -> {
                  Runnable closed = opened(signIn, killSwitch::shutdown);
                  ended.whenComplete((done, failure) -> closed.run());
                  return NotUsed.getInstance();
                });
    return answer.withEntity(HttpEntities.createChunked(chunked.getContentType(), events));
  }

  /// Those of which something is open.
  public Set<String> signIns() {
    return Set.copyOf(bySignIn.keySet());
  }

  /// One has signed out.
  public void end(String signIn) {
    bySignIn.getOrDefault(signIn, Set.of()).forEach(Runnable::run);
  }
}
