package dev.agentrooms.webui.streams;

import dev.agentrooms.store.Globs;
import dev.agentrooms.store.Subscription.Link;
import dev.agentrooms.store.SubscriptionStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The streams of a subscription: those that it names, and those that its pattern has.
final class Links {

  private Links() {}

  static CompletionStage<List<Link>> of(SubscriptionStore store, SubscriptionConfig config) {
    CompletionStage<List<Link>> matched =
        config.pattern().isEmpty()
            ? CompletableFuture.completedFuture(List.of())
            : store
                .streams(Globs.prefix(config.pattern()))
                .thenApply(
                    all ->
                        all.stream()
                            .filter(link -> Globs.matches(config.pattern(), link.path()))
                            .map(link -> kind(link, false, true))
                            .toList());
    return matched.thenCombine(
        store.links(config.streams()), (byPattern, named) -> withNamed(byPattern, named));
  }

  static Link kind(Link link, boolean isExplicit, boolean isMatched) {
    return new Link(
        link.path(),
        isExplicit,
        isMatched,
        link.epoch(),
        link.acked(),
        link.tailEpoch(),
        link.tail());
  }

  static List<Link> withNamed(List<Link> links, List<Link> named) {
    Map<String, Link> all = new HashMap<>();
    links.forEach(link -> all.put(link.path(), link));
    named.forEach(
        link ->
            all.merge(
                link.path(),
                kind(link, true, false),
                (known, added) -> kind(known, true, known.isMatched())));
    return List.copyOf(all.values());
  }
}
