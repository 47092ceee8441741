package dev.agentrooms.app.cluster;

import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.PemPair;
import dev.agentrooms.http.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// TLS between nodes, in which each has a certificate. The files are read again, so that they can
/// be renewed without a restart.
///
/// @param ca the authority that has signed the certificates of all nodes
record ClusterTls(Path certificate, Path key, Path ca) {

  private static final String CERT = "cluster.tls.cert";
  private static final String KEY = "cluster.tls.key";
  private static final String CA = "cluster.tls.ca";

  /// Null when none of the three is set.
  ///
  /// @throws BadSetting when only some are set, or the files cannot be used
  static @Nullable ClusterTls from(Settings settings) {
    String certificate = settings.optionalText(CERT);
    String key = settings.optionalText(KEY);
    String ca = settings.optionalText(CA);
    if (certificate == null && key == null && ca == null) {
      return null;
    }
    if (certificate == null || key == null || ca == null) {
      String given = certificate != null ? CERT : key != null ? KEY : CA;
      String missing = certificate == null ? CERT : key == null ? KEY : CA;
      throw new BadSetting(given, "needs " + missing + " beside it");
    }
    return new ClusterTls(Path.of(certificate), Path.of(key), Path.of(ca)).checked();
  }

  private ClusterTls checked() {
    PemPair.checkReadable(CERT, certificate);
    PemPair.checkReadable(KEY, key);
    PemPair.checkReadable(CA, ca);
    try {
      PemPair.certified(ca);
    } catch (IOException | GeneralSecurityException e) {
      throw new BadSetting(CA, "cannot be used: " + e.getMessage());
    }
    try {
      String kind = PemPair.certified(certificate).getAlgorithm();
      if (!kind.equals("RSA")) {
        throw new BadSetting(CERT, "must be of an RSA key, and is of one of kind " + kind);
      }
      PemPair.check(certificate, key);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new BadSetting(CERT, "with " + KEY + " cannot be used: " + e.getMessage());
    }
    return this;
  }

  /// What the transport has to be told.
  Map<String, Object> asPekko() {
    String engine = "pekko.remote.artery.ssl.rotating-keys-engine.";
    return Map.of(
        "pekko.remote.artery.transport",
        "tls-tcp",
        "pekko.remote.artery.ssl.ssl-engine-provider",
        "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
        engine + "cert-file",
        certificate.toString(),
        engine + "key-file",
        key.toString(),
        engine + "ca-cert-file",
        ca.toString());
  }
}
