package dev.agentrooms.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Nchan, a module of nginx, with a given number of workers.
record NchanServer(Path root, int workers) implements Server {

  static final String NAME = "Nchan";
  private static final Path NGINX = Path.of("/usr/sbin/nginx");
  private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String variant() {
    return workers + (workers == 1 ? " worker" : " workers");
  }

  @Override
  public Optional<String> missing() {
    return Files.exists(NGINX) && Files.exists(MODULE)
        ? Optional.empty()
        : Optional.of("apt-get install nginx libnginx-mod-nchan");
  }

  @Override
  public ProcessBuilder command(int port, Path dir, @Nullable Certificate tls) throws IOException {
    Path conf = dir.resolve("nginx.conf");
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
            .replace("@WORKERS@", Integer.toString(workers)));
    return new ProcessBuilder(
        NGINX.toString(), "-p", dir.toString(), "-c", conf.toString(), "-e", dir + "/error.log");
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
