package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The files that put three nodes on other machines say what the nodes understand.
@Tag("unit")
class DeploymentTest {

  private static final Path KUBERNETES = Path.of("../ops/kubernetes");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  // Of those images, and of the health check.
  private static final Pattern FOREIGN =
      Pattern.compile("POSTGRES_.*|BIND|NODE[123]|WEBUI[123]|AGENT[123]|HEALTH_PORT|POD_NAME");

  private static List<JsonNode> objects() throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    for (JsonNode file :
        read(KUBERNETES.resolve("kustomization.yaml")).getFirst().path("resources")) {
      objects.addAll(read(KUBERNETES.resolve(file.asText())));
    }
    return objects;
  }

  private static List<JsonNode> read(Path file) throws IOException {
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
      return all.readAll();
    }
  }

  private static JsonNode object(String kind, String name) throws IOException {
    return objects().stream()
        .filter(each -> each.path("kind").asText().equals(kind))
        .filter(each -> each.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  private static Map<String, String> variables(String file) throws IOException {
    Map<String, String> variables = new HashMap<>();
    for (String line : Files.readAllLines(KUBERNETES.resolve(file))) {
      String[] parts = line.split("=", 2);
      variables.put(parts[0], parts[1]);
    }
    return variables;
  }

  private static void assertKnown(Set<String> variables) {
    Set<String> unknown = new HashSet<>(variables);
    unknown.removeAll(ReferenceConf.read().variables());
    unknown.removeIf(name -> name.startsWith("AGENT_ROOMS_") || FOREIGN.matcher(name).matches());
    assertThat(unknown).isEmpty();
  }

  @Test
  void everyVariableIsASetting() throws IOException {
    Set<String> named = new HashSet<>(variables("settings.env").keySet());
    named.addAll(variables("secrets.env.example").keySet());
    JsonNode container = container();
    container.path("env").forEach(each -> named.add(each.path("name").asText()));
    for (JsonNode service : compose().path("services")) {
      service.path("environment").fieldNames().forEachRemaining(named::add);
    }
    compose().path("x-environment").fieldNames().forEachRemaining(named::add);
    named.remove("<<");

    assertThat(named).contains("CLUSTER_SEED_NODES", "CLUSTER_HOST", "STORE_URL");
    assertKnown(named);
  }

  private static JsonNode container() throws IOException {
    return object("StatefulSet", "agent-rooms").at("/spec/template/spec/containers/0");
  }

  private static JsonNode compose() throws IOException {
    return read(Path.of("../docker-compose-cluster.yml")).getFirst();
  }

  @Test
  void eachPodIsASeedNodeByTheNameThatItHas() throws IOException {
    JsonNode set = object("StatefulSet", "agent-rooms");
    Map<String, String> settings = variables("settings.env");
    String service = set.at("/spec/serviceName").asText();
    List<String> seeds = new ArrayList<>();
    for (int pod = 0; pod < set.at("/spec/replicas").asInt(); pod++) {
      seeds.add(
          "pekko://agent-rooms@agent-rooms-%d.%s.agent-rooms.svc.cluster.local:%s"
              .formatted(pod, service, settings.get("CLUSTER_PORT")));
    }

    assertThat(settings).containsEntry("CLUSTER_SEED_NODES", String.join(",", seeds));
    assertThat(seeds).hasSize(3);
    assertThat(container().path("env"))
        .filteredOn(each -> each.path("name").asText().equals("CLUSTER_HOST"))
        .singleElement()
        .matches(
            each ->
                each.path("value")
                    .asText()
                    .equals("$(POD_NAME)." + service + ".agent-rooms.svc.cluster.local"));
    assertThat(set.at("/spec/podManagementPolicy").asText()).isEqualTo("Parallel");
    JsonNode headless = object("Service", service);
    assertThat(headless.at("/spec/clusterIP").asText()).isEqualTo("None");
    assertThat(headless.at("/spec/publishNotReadyAddresses").asBoolean()).isTrue();
    assertThat(headless.at("/spec/ports/0/port").asText()).isEqualTo(settings.get("CLUSTER_PORT"));
  }

  @Test
  void aPodHasTheTimeToLeave() throws IOException {
    JsonNode pod = object("StatefulSet", "agent-rooms").at("/spec/template/spec");
    Map<String, String> settings = variables("settings.env");
    Duration needed =
        ConfigFactory.parseMap(settings)
            .getDuration("CLUSTER_LEAVE_DELAY")
            .plus(ConfigFactory.parseMap(settings).getDuration("AGENT_SHUTDOWN_GRACE"))
            .plusSeconds(10);

    assertThat(pod.path("terminationGracePeriodSeconds").asLong())
        .isGreaterThan(needed.toSeconds());
    JsonNode ready = container().path("readinessProbe");
    long noticed =
        (ready.path("failureThreshold").asLong() + 1) * ready.path("periodSeconds").asLong();
    assertThat(noticed)
        .as("whether it is ready is asked often enough")
        .isLessThan(
            ConfigFactory.parseMap(settings).getDuration("CLUSTER_LEAVE_DELAY").toSeconds());
    assertThat(ready.at("/httpGet/path").asText()).isEqualTo("/health/ready");
    assertThat(container().at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
  }

  @Test
  void portsAndLabelsAreThoseOfThePods() throws IOException {
    Set<String> ports = new HashSet<>();
    container().path("ports").forEach(port -> ports.add(port.path("name").asText()));
    assertThat(ports).containsExactlyInAnyOrder("webui", "agent", "cluster");
    JsonNode labels = object("StatefulSet", "agent-rooms").at("/spec/template/metadata/labels");
    for (JsonNode service :
        List.of(object("Service", "agent-rooms"), object("Service", "agent-rooms-nodes"))) {
      assertThat(service.at("/spec/selector")).isEqualTo(labels);
      service
          .at("/spec/ports")
          .forEach(port -> assertThat(ports).contains(port.path("targetPort").asText()));
    }
    assertThat(object("PodDisruptionBudget", "agent-rooms").at("/spec/selector/matchLabels"))
        .isEqualTo(labels);
    assertThat(object("PodDisruptionBudget", "agent-rooms").at("/spec/maxUnavailable").asInt())
        .isEqualTo(1);
  }

  @Test
  void onlyNodesReachTheClusterPort() throws IOException {
    JsonNode policy = object("NetworkPolicy", "agent-rooms");
    for (JsonNode rule : policy.at("/spec/ingress")) {
      boolean isCluster = false;
      for (JsonNode port : rule.path("ports")) {
        isCluster |= port.path("port").asText().equals("cluster");
      }
      assertThat(rule.has("from")).as(rule.toString()).isEqualTo(isCluster);
    }
    assertThat(compose().at("/services/node1/ports").isMissingNode()).isTrue();
  }
}
