package dev.agentrooms.http.access;

import dev.agentrooms.http.Headers;
import dev.agentrooms.http.Origins;
import dev.agentrooms.http.Queries;
import dev.agentrooms.protocol.Problem;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.jspecify.annotations.Nullable;

/// Finds out who sends a request: by a token, by what a trusted proxy or a cookie says, or by what
/// the web UI tells the agent. What they may do is decided by [Rules].
public final class Access {

  private static final Visit.Refused NOBODY = Visit.unauthorized("This needs a token.");
  private static final String FORWARDED = "x-forwarded-for";

  private final AccessSettings settings;
  private final Tokens tokens;
  private final PassedOn passedOn;
  private final Origins origins;
  private final SignedIn signedIn;
  private final AuditTrail trail = new AuditTrail();

  /// @param origins whose pages may send requests that change something, when a browser vouches for
  ///     the user by itself
  public Access(AccessSettings settings, Origins origins, InstantSource clock) {
    this(settings, origins, SignedIn.NOBODY, clock);
  }

  /// @param signedIn knows who has signed in
  public Access(AccessSettings settings, Origins origins, SignedIn signedIn, InstantSource clock) {
    this.signedIn = signedIn;
    this.settings = settings;
    this.tokens = new Tokens(settings, clock);
    this.passedOn = new PassedOn(settings.trust());
    this.origins = origins;
  }

  /// Whether everybody may do everything.
  public boolean isOpen() {
    return settings.isOpen();
  }

  public Tokens tokens() {
    return tokens;
  }

  /// The latest lines of the audit log that are about a session.
  public AuditTrail trail() {
    return trail;
  }

  public Instant now() {
    return tokens.now();
  }

  /// What the root of the routes has found out of the request's sender.
  public Visit visit(HttpRequest request) {
    return isOpen() ? Visit.ANYONE : request.getAttribute(Visit.KEY).orElse(NOBODY);
  }

  /// Finds out who sends the request.
  public CompletionStage<Visit> identify(HttpRequest request) {
    if (isOpen()) {
      return done(Visit.ANYONE);
    }
    Optional<Caller> told = passedOn.read(request);
    if (told.isPresent()) {
      return done(new Visit.Known(told.get(), null));
    }
    String token = token(request);
    if (token != null) {
      return tokens.check(token);
    }
    Visit proxied = proxied(request);
    return proxied == NOBODY ? byCookie(request) : done(proxied);
  }

  /// Whose token it is.
  ///
  /// @param token null for none
  /// @param otherwise who it is then
  public CompletionStage<Visit> identify(@Nullable String token, Visit otherwise) {
    return isOpen() ? done(Visit.ANYONE) : token == null ? done(otherwise) : tokens.check(token);
  }

  /// The headers that tell the agent who sent a request that is passed on to it, and from where.
  public Map<String, String> passedOn(HttpRequest request) {
    return passedOn.headers(visit(request), from(request).orElse(null));
  }

  /// The address that a request came from: the one that our web UI or a trusted proxy names, else
  /// the one that is connected.
  public Optional<InetAddress> from(HttpRequest request) {
    return passedOn
        .from(request)
        .or(
            () ->
                peer(request)
                    .map(
                        peer ->
                            settings.proxies().origin(peer, Headers.values(request, FORWARDED))));
  }

  private Visit proxied(HttpRequest request) {
    String header = settings.userHeader();
    List<String> users = header == null ? List.of() : Headers.values(request, header);
    if (users.isEmpty() || !peer(request).map(settings.proxies()::contains).orElse(false)) {
      return NOBODY;
    }
    if (users.size() > 1) {
      return new Visit.Refused(
          Problem.of(400, "Bad request", "The header " + header + " was sent more than once."));
    }
    String user = users.getFirst().strip();
    if (user.isEmpty()) {
      return NOBODY;
    }
    return ofBrowser(request, new Caller.User(user, Scope.USE, null));
  }

  private CompletionStage<Visit> byCookie(HttpRequest request) {
    return signedIn
        .find(request)
        .handle(
            (user, failure) ->
                user == null
                    ? new Visit.Refused(
                        Problem.of(503, "Not available", "It cannot be told now who signed in."))
                    : user.map(known -> ofBrowser(request, known)).orElse(NOBODY));
  }

  /// A user whose browser says who they are, whatever page has told it to send the request.
  private Visit ofBrowser(HttpRequest request, Caller.User user) {
    return changes(request) && !isOfOwnPage(request)
        ? new Visit.Refused(
            Problem.of(403, "Forbidden", "A page of this origin may not send this request."))
        : new Visit.Known(user, null);
  }

  private static boolean changes(HttpRequest request) {
    return !request.method().equals(HttpMethods.GET)
        && !request.method().equals(HttpMethods.HEAD)
        && !request.method().equals(HttpMethods.OPTIONS);
  }

  // Without either header it is no browser's, which can be told to send what it likes anyway.
  private boolean isOfOwnPage(HttpRequest request) {
    if (request.getHeader("Origin").isPresent()) {
      return origins.allows(request);
    }
    return request
        .getHeader("Sec-Fetch-Site")
        .map(HttpHeader::value)
        .map(site -> site.equals("same-origin") || site.equals("none"))
        .orElse(true);
  }

  private static Optional<InetAddress> peer(HttpRequest request) {
    return request.getAttribute(AttributeKeys.remoteAddress).flatMap(RemoteAddress::getAddress);
  }

  /// A request's token, from a header or, for clients that cannot set one (EventSource), from the
  /// query.
  public static @Nullable String token(HttpRequest request) {
    return request
        .getHeader("Authorization")
        .map(HttpHeader::value)
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip())
        .or(() -> request.getHeader("x-api-key").map(header -> header.value().strip()))
        .orElseGet(() -> Queries.of(request).text("token"));
  }

  private static CompletionStage<Visit> done(Visit visit) {
    return CompletableFuture.completedFuture(visit);
  }
}
