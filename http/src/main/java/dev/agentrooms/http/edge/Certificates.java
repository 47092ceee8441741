package dev.agentrooms.http.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpSettings.Tls;
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
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server's certificate and key, read from their files, and read again when these change: a
/// certificate is renewed without a restart.
final class Certificates {

  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

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
    checkReadable("http.tls.cert", files.certificate());
    checkReadable("http.tls.key", files.key());
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

  private static void checkReadable(String setting, Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new BadSetting(setting, file + " is no file that can be read");
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
    checkPair(files);
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

  /// Nothing in a TLS library looks whether a key is that of its certificate; every handshake would
  /// fail.
  private static void checkPair(Tls files) throws IOException, GeneralSecurityException {
    PublicKey certified = certified(files.certificate());
    PrivateKey key = key(files.key(), certified.getAlgorithm());
    String algorithm =
        switch (certified.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> certified.getAlgorithm();
        };
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    if (!signature.verify(signed)) {
      throw new InvalidKeyException("the key is another certificate's");
    }
  }

  private static PublicKey certified(Path certificate) throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(certificate)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey();
    } catch (CertificateException e) {
      throw new CertificateException("there is no certificate as PEM in " + certificate, e);
    }
  }

  private static PrivateKey key(Path file, String algorithm)
      throws IOException, GeneralSecurityException {
    Matcher pem = PRIVATE_KEY.matcher(Files.readString(file, ISO_8859_1));
    if (!pem.find()) {
      throw new InvalidKeyException("there is no key as PEM of PKCS#8 in " + file);
    }
    byte[] key = Base64.getMimeDecoder().decode(pem.group(1));
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key));
    } catch (InvalidKeySpecException e) {
      throw new InvalidKeyException("the key in " + file + " is of another kind", e);
    }
  }
}
