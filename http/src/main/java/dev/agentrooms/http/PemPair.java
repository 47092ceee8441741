package dev.agentrooms.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks a certificate and its private key, in PEM files, before a TLS library uses them.
public final class PemPair {

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private PemPair() {}

  /// @throws BadSetting when it is no file, or may not be read
  public static void checkReadable(String setting, Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new BadSetting(setting, file + " is no file that can be read");
    }
  }

  /// TLS libraries do not compare the two; every handshake would fail.
  ///
  /// @throws GeneralSecurityException when one is no PEM, or they do not belong together
  public static void check(Path certificate, Path key)
      throws IOException, GeneralSecurityException {
    PublicKey certified = certified(certificate);
    PrivateKey secret = key(key, certified.getAlgorithm());
    String algorithm =
        switch (certified.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> certified.getAlgorithm();
        };
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(secret);
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    if (!signature.verify(signed)) {
      throw new InvalidKeyException("the key is another certificate's");
    }
  }

  /// The public key of the first certificate in `file`.
  ///
  /// @throws CertificateException when there is none
  public static PublicKey certified(Path file) throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey();
    } catch (CertificateException e) {
      throw new CertificateException("there is no certificate as PEM in " + file, e);
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
