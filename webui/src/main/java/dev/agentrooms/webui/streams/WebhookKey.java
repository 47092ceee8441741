package dev.agentrooms.webui.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.ConstantTime;
import dev.agentrooms.http.Hmac;
import dev.agentrooms.protocol.Json;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/// The key that signs what webhooks are sent, of which everybody may have the public half. The
/// tokens for one wake are made of it, too.
public final class WebhookKey {

  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
  // At the end of its X.509 encoding.
  private static final int PUBLIC_BYTES = 32;

  private final PrivateKey secret;
  private final byte[] open;
  private final byte[] tokens;

  private WebhookKey(PrivateKey secret, byte[] open) throws GeneralSecurityException {
    this.secret = secret;
    this.open = open;
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update("tokens".getBytes(UTF_8));
    this.tokens = digest.digest(secret.getEncoded());
  }

  /// A new one, as [#parse] reads it.
  static String fresh() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] encoded = pair.getPublic().getEncoded();
      byte[] open = Arrays.copyOfRange(encoded, encoded.length - PUBLIC_BYTES, encoded.length);
      return URL.encodeToString(pair.getPrivate().getEncoded()) + "." + URL.encodeToString(open);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  static WebhookKey parse(String text) {
    int dot = text.indexOf('.');
    try {
      PrivateKey secret =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(Base64.getUrlDecoder().decode(text.substring(0, dot))));
      return new WebhookKey(secret, Base64.getUrlDecoder().decode(text.substring(dot + 1)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the store's key for webhooks is damaged", e);
    }
  }

  String kid() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(open);
      return "ds_" + URL.encodeToString(Arrays.copyOf(hash, 12));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  public ObjectNode jwks() {
    ObjectNode set = Json.object();
    set.putArray("keys")
        .addObject()
        .put("kty", "OKP")
        .put("crv", "Ed25519")
        .put("kid", kid())
        .put("use", "sig")
        .put("alg", "EdDSA")
        .put("x", URL.encodeToString(open));
    return set;
  }

  /// The header for a body that is sent at this second.
  String signature(long second, byte[] body) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(secret);
      signature.update((second + ".").getBytes(UTF_8));
      signature.update(body);
      return "t=" + second + ",kid=" + kid() + ",ed25519=" + URL.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // the key is one for this
    }
  }

  /// What a worker shows who finishes this wake.
  String token(String id, long generation, String wakeId) {
    return Hmac.of(tokens, id + "\n" + generation + "\n" + wakeId);
  }

  boolean isToken(String given, String id, long generation, String wakeId) {
    return ConstantTime.isSame(given, token(id, generation, wakeId));
  }
}
