package dev.agentrooms.http.edge;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpSettings.Tls;
import dev.agentrooms.http.PemPair;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server's certificate and key, read from their files, and read again when these change: a
/// certificate is renewed without a restart.
final class Certificates {

  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final Tls files;
  private FileTimes times;
  private volatile SslContext context;

  private record FileTimes(FileTime certificate, FileTime key) {
    static FileTimes of(Tls files) throws IOException {
      return new FileTimes(
          Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.key()));
    }
  }

  private Certificates(Tls files, FileTimes times, SslContext context) {
    this.files = files;
    this.times = times;
    this.context = context;
  }

  /// @throws BadSetting when the files cannot be read, are none, or do not belong together
  static Certificates load(ActorSystem<?> system, Tls files) {
    PemPair.checkReadable("http.tls.cert", files.certificate());
    PemPair.checkReadable("http.tls.key", files.key());
    try {
      Certificates loaded = new Certificates(files, FileTimes.of(files), read(files));
      system
          .scheduler()
          .scheduleWithFixedDelay(
              LOOK_EVERY, LOOK_EVERY, loaded::reload, system.executionContext());
      return loaded;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new BadSetting("http.tls.cert", "with http.tls.key cannot be used: " + e.getMessage());
    }
  }

  SslHandler handler(ByteBufAllocator allocator) {
    return context.newHandler(allocator);
  }

  /// What is there now goes on being used until there are two files that belong together.
  private void reload() {
    try {
      FileTimes now = FileTimes.of(files);
      if (!now.equals(times)) {
        times = now;
        context = read(files);
        LOG.info("the certificate was read again");
      }
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.warn("the certificate could not be read again: {}", e.getMessage());
    }
  }

  private static SslContext read(Tls files) throws IOException, GeneralSecurityException {
    PemPair.check(files.certificate(), files.key());
    return SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1))
        .build();
  }
}
