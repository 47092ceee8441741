package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.store.PostgresServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that talk by TLS, in which both sides have a certificate. Here it is its own authority.
@Tag("process")
class ClusterTlsTest {

  @TempDir private Path folder;

  private static Map<String, String> settings(TestCertificate own) {
    Map<String, String> settings = new HashMap<>();
    settings.put("CLUSTER_TLS_CERT", own.certificate().toString());
    settings.put("CLUSTER_TLS_KEY", own.key().toString());
    settings.put("CLUSTER_TLS_CA", own.certificate().toString());
    return settings;
  }

  @Test
  void nodesWithCertificatesOfOneAuthorityAreACluster() throws Exception {
    try (PostgresServer server = PostgresServer.start();
        NodeProcesses nodes =
            new NodeProcesses(server, 3, settings(TestCertificate.rsa(folder, "nodes")))) {
      nodes.startAll();
      for (int node = 0; node < 3; node++) {
        nodes.stack(node).run("s" + node, "What is a key? [rag:500]");
        assertThat(nodes.stack((node + 1) % 3).untilEnded("s" + node, 1)).isNotEmpty();
      }
      // Trying their ports does not fill the log.
      assertThat(nodes.log(0)).doesNotContain("SSL", "handshake", "TLS");
      nodes.process(2).kill();
      nodes.awaitMembers(0, 2);
    }
  }

  @Test
  void aStrangersCertificateJoinsNothing() throws Exception {
    try (PostgresServer server = PostgresServer.start();
        NodeProcesses nodes =
            new NodeProcesses(server, 2, settings(TestCertificate.rsa(folder, "nodes")))) {
      nodes.start(0);
      nodes.awaitMembers(0, 1);
      Map<String, String> stranger = settings(TestCertificate.rsa(folder, "stranger"));
      stranger.put("CLUSTER_JOIN_TIMEOUT", "5s");
      nodes.start(1, stranger);

      assertThat(nodes.process(1).exitCode()).as(nodes.log(1)).isEqualTo(70);
      assertThat(nodes.members(0)).isEqualTo(1);
    }
  }

  @Test
  void aKeyThatTheTransportCannotUseIsRefusedAtTheStart() throws Exception {
    try (Spawned process =
        Spawned.main(settings(TestCertificate.in(folder, "curve")), "up", "agent", "webui")) {
      assertThat(process.exitCode()).isEqualTo(2);
      assertThat(process.err())
          .isEqualTo(
              "agent-rooms: cluster.tls.cert: must be of an RSA key, and is of one of kind EC\n");
    }
  }
}
