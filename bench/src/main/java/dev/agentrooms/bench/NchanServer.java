package dev.agentrooms.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Nchan, a module of nginx, with a given number of workers; perhaps with what it takes kept in a
/// Redis that appends it to a file.
record NchanServer(Path root, int workers, boolean withRedis) implements Server {

  static final String NAME = "Nchan";
  private static final Path NGINX = Path.of("/usr/sbin/nginx");
  private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so");

  private static final Path REDIS = Path.of("/usr/bin/redis-server");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String variant() {
    return workers + (workers == 1 ? " worker" : " workers") + (withRedis ? ", Redis" : "");
  }

  @Override
  public Optional<String> missing() {
    if (!Files.exists(NGINX) || !Files.exists(MODULE)) {
      return Optional.of("apt-get install nginx libnginx-mod-nchan");
    }
    return withRedis && !Files.exists(REDIS)
        ? Optional.of("apt-get install redis-server")
        : Optional.empty();
  }

  @Override
  public ProcessBuilder command(int port, Path dir, @Nullable Certificate tls) throws IOException {
    Path conf = dir.resolve("nginx.conf");
    String redis = Integer.toString(Running.freePort());
    Files.writeString(
        conf,
        Files.readString(root.resolve("bench/peers/nchan.conf"))
            .replace("@PORT@", Integer.toString(port))
            .replace("@DIR@", dir.toString())
            .replace("@SSL@", tls == null ? "" : "ssl")
            .replace(
                "@TLS@",
                tls == null
                    ? ""
                    : "ssl_certificate %s; ssl_certificate_key %s;"
                        .formatted(tls.chain(), tls.key()))
            .replace(
                "@REDIS@",
                withRedis
                    ? "nchan_use_redis on; nchan_redis_url redis://127.0.0.1:" + redis + ";"
                    : "")
            .replace("@WORKERS@", Integer.toString(workers)));
    List<String> command = new ArrayList<>();
    if (withRedis) {
      command.addAll(
          List.of(root.resolve("bench/peers/with-redis").toString(), redis, dir.toString()));
    }
    command.addAll(
        List.of(
            NGINX.toString(),
            "-p",
            dir.toString(),
            "-c",
            conf.toString(),
            "-e",
            dir + "/error.log"));
    return new ProcessBuilder(command);
  }

  @Override
  public String publishPath(String room, boolean deflated) {
    return (deflated ? "/deflated/" : "/pub/") + room;
  }

  @Override
  public String socketPath(String room, boolean replay) {
    return (replay ? "/replay/" : "/sub/") + room;
  }

  @Override
  public @Nullable String subscribe(String room, boolean replay) {
    return null;
  }

  @Override
  public boolean keepsHistory() {
    return true;
  }
}
