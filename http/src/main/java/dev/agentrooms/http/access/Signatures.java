package dev.agentrooms.http.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;

/// Checks signatures. What algorithm is used is the key's word; a token that says another is wrong.
final class Signatures {

  // Of an Ed25519 key, before its 32 bytes.
  private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

  private Signatures() {}

  /// By a secret, with HS256.
  static boolean isRight(TokenForm token, byte[] secret) {
    try {
      return token.algorithm().equals("HS256")
          && verify(new MACVerifier(secret), JWSAlgorithm.HS256, token);
    } catch (JOSEException e) {
      return false;
    }
  }

  /// By the public key of somebody else.
  static boolean isRight(TokenForm token, JWK key) {
    Optional<String> algorithm = algorithm(key);
    if (algorithm.isEmpty() || !algorithm.get().equals(token.algorithm())) {
      return false;
    }
    try {
      return switch (key) {
        case RSAKey rsa -> verify(new RSASSAVerifier(rsa), JWSAlgorithm.RS256, token);
        case ECKey ec -> verify(new ECDSAVerifier(ec), JWSAlgorithm.ES256, token);
        case OctetKeyPair pair -> ed25519(pair, token);
        default -> false;
      };
    } catch (JOSEException | GeneralSecurityException e) {
      return false;
    }
  }

  /// The one algorithm that a key is for; empty when it is for none of ours.
  static Optional<String> algorithm(JWK key) {
    String fits =
        switch (key) {
          case RSAKey rsa -> "RS256";
          case ECKey ec when ec.getCurve().equals(Curve.P_256) -> "ES256";
          case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) -> "EdDSA";
          default -> "";
        };
    boolean isSaid = key.getAlgorithm() == null || key.getAlgorithm().getName().equals(fits);
    boolean signs = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
    return fits.isEmpty() || !isSaid || !signs ? Optional.empty() : Optional.of(fits);
  }

  private static boolean verify(JWSVerifier verifier, JWSAlgorithm algorithm, TokenForm token)
      throws JOSEException {
    return verifier.verify(
        new JWSHeader(algorithm), token.signed(), Base64URL.encode(token.signature()));
  }

  // The library would need another one for this curve, which Java has itself.
  private static boolean ed25519(OctetKeyPair pair, TokenForm token)
      throws GeneralSecurityException {
    byte[] point = pair.getX().decode();
    if (point.length != 32) {
      return false;
    }
    byte[] encoded = new byte[ED25519.length + point.length];
    System.arraycopy(ED25519, 0, encoded, 0, ED25519.length);
    System.arraycopy(point, 0, encoded, ED25519.length, point.length);
    PublicKey key =
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(key);
    signature.update(token.signed());
    return signature.verify(token.signature());
  }
}
