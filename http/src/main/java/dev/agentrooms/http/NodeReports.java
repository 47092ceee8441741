package dev.agentrooms.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Remote;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;

/// What each node of a role says of itself, asked of all of them at once. A node that does not
/// answer in time is named all the same, as silent.
///
/// For example `[{"node":"10.0.0.1:7350","running":2},{"node":"10.0.0.2:7350","silent":true}]`.
public final class NodeReports {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final String role;
  private final String name;

  /// @param about what the report is to be about; null when a node of before asks, which means all
  record Ask(@Nullable String about, ActorRef<Told> replyTo) implements Remote {}

  /// @param json the report
  record Told(String json) implements Remote {}

  private NodeReports(ActorSystem<?> system, String role, String name) {
    this.system = system;
    this.cluster = Cluster.get(system);
    this.role = role;
    this.name = name;
  }

  /// @param role of the nodes that are asked
  /// @param here makes the report of this one, and does not block
  public static NodeReports start(ActorSystem<?> system, String role, Supplier<ObjectNode> here) {
    return start(system, role, role + "-report", about -> here.get());
  }

  /// @param name of this kind of report, which the nodes have in common
  /// @param here makes the report of this one about what is asked for, and does not block
  public static NodeReports start(
      ActorSystem<?> system, String role, String name, Function<String, ObjectNode> here) {
    NodeReports reports = new NodeReports(system, role, name);
    var _ =
        system.systemActorOf(
            Behaviors.<Ask>receiveMessage(
                ask -> {
                  String about = Objects.requireNonNullElse(ask.about(), "");
                  String json = new String(Json.encode(here.apply(about)), StandardCharsets.UTF_8);
                  ask.replyTo().tell(new Told(json));
                  return Behaviors.same();
                }),
            reports.name,
            Props.empty());
    return reports;
  }

  /// By the nodes' addresses.
  public CompletionStage<ArrayNode> all() {
    return all("");
  }

  /// @param about what the reports are to be about
  public CompletionStage<ArrayNode> all(String about) {
    List<CompletableFuture<ObjectNode>> asked = new ArrayList<>();
    StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
        .filter(member -> member.hasRole(role))
        .sorted(Comparator.comparing(NodeReports::nameOf))
        .forEach(member -> asked.add(ask(member, about).toCompletableFuture()));
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(
            _ -> {
              ArrayNode nodes = Json.object().putArray("nodes");
              asked.forEach(report -> nodes.add(report.join()));
              return nodes;
            });
  }

  private CompletionStage<ObjectNode> ask(Member member, String about) {
    ObjectNode node = Json.object().put("node", nameOf(member));
    return Adapter.toClassic(system)
        .actorSelection(member.address() + "/system/" + name)
        .resolveOne(PATIENCE)
        .thenCompose(
            found ->
                AskPattern.<Ask, Told>ask(
                    Adapter.toTyped(found),
                    replyTo -> new Ask(about, replyTo),
                    PATIENCE,
                    system.scheduler()))
        .handle(
            (told, failure) ->
                told == null
                    ? node.put("silent", true)
                    : node.setAll(
                        (ObjectNode) Json.parse(told.json().getBytes(StandardCharsets.UTF_8))));
  }

  private static String nameOf(Member member) {
    return member.address().hostPort().replaceFirst(".*@", "");
  }
}
