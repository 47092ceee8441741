package dev.agentrooms.webui.signin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.Edge;
import dev.agentrooms.http.Headers;
import dev.agentrooms.http.Origins;
import dev.agentrooms.http.Queries;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.Visit;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Problem;
import java.net.URI;
import java.time.Instant;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// Signing in and out, and who one is: `/signin`, where a browser is sent, `/signin/callback`,
/// where the provider sends it back, `/signout`, and `/api/access`.
public final class SignInEdge extends Edge {

  private static final String CALLBACK = "/signin/callback";

  private final Access access;
  private final Origins origins;
  private final @Nullable SignIns signIns;
  private final @Nullable URI publicUrl;
  private final String scheme;

  /// @param signIns null when nobody can sign in
  /// @param publicUrl what the web UI calls itself; null for what a request calls it
  /// @param scheme of its own port
  public SignInEdge(
      AllowedHosts hosts,
      Access access,
      Origins origins,
      @Nullable SignIns signIns,
      @Nullable URI publicUrl,
      String scheme) {
    super(hosts);
    this.access = access;
    this.origins = origins;
    this.signIns = signIns;
    this.publicUrl = publicUrl;
    this.scheme = scheme;
  }

  public Route routes() {
    Route who = pathPrefix("api", () -> path("access", () -> get(() -> extractRequest(this::who))));
    SignIns known = signIns;
    return known == null
        ? who
        : concat(
            who,
            pathPrefix(
                "signin",
                () ->
                    concat(
                        pathEnd(() -> get(() -> extractRequest(request -> begin(known, request)))),
                        path(
                            "callback",
                            () -> get(() -> extractRequest(request -> finish(known, request)))))),
            path("signout", () -> post(() -> extractRequest(request -> leave(known, request)))));
  }

  private Route who(HttpRequest request) {
    ObjectNode who = Json.object().put("mode", access.isOpen() ? "open" : "token");
    who.put("sign_in", signIns != null);
    if (access.visit(request) instanceof Visit.Known(Caller caller, var _)) {
      who.put("caller", caller.kind());
      switch (caller) {
        case Caller.Anyone _ -> {}
        case Caller.User user -> who.put("user", user.id()).put("scope", user.scope().word());
        case Caller.Link link ->
            who.put("session_id", link.sessionId()).put("scope", link.scope().word());
      }
      Instant until = caller.expiry();
      if (until != null) {
        who.put("expires_at", until.toString());
      }
    }
    return json(200, who, RawHeader.create("Cache-Control", "no-store"));
  }

  private Route begin(SignIns known, HttpRequest request) {
    return onSuccess(
        known.begin(URI.create(base(request) + CALLBACK), here(Queries.of(request).text("to"))),
        begun ->
            complete(
                begun
                    .map(
                        there ->
                            redirect(there.location().toString())
                                .addHeader(
                                    Cookies.set(
                                        Cookies.SIGNING_IN, there.cookie(), SignIns.PATIENCE)))
                    .orElseGet(() -> redirect("/?signin=unavailable"))));
  }

  private Route finish(SignIns known, HttpRequest request) {
    Queries query = Queries.of(request);
    return onSuccess(
        known.finish(
            Cookies.of(request, Cookies.SIGNING_IN), query.text("state"), query.text("code")),
        ended ->
            complete(
                switch (ended) {
                  case SignIns.Ended.In(var _, String cookie, String to) ->
                      redirect(to)
                          .addHeader(Cookies.set(Cookies.SIGNED_IN, cookie, SignIns.LASTS))
                          .addHeader(Cookies.clear(Cookies.SIGNING_IN));
                  case SignIns.Ended.Unknown _ -> redirect("/?signin=expired");
                  case SignIns.Ended.Failed _ ->
                      redirect("/?signin=failed").addHeader(Cookies.clear(Cookies.SIGNING_IN));
                }));
  }

  private Route leave(SignIns known, HttpRequest request) {
    if (!origins.allows(request)) {
      return problem(
          Problem.of(403, "Forbidden", "A page of this origin may not send this request."));
    }
    return onSuccess(
        known.leave(request),
        done ->
            complete(
                HttpResponse.create()
                    .withStatus(StatusCodes.NO_CONTENT)
                    .addHeader(Cookies.clear(Cookies.SIGNED_IN))));
  }

  /// A page of ours, and not another site's in disguise.
  static String here(@Nullable String to) {
    return to != null
            && to.startsWith("/")
            && !to.startsWith("//")
            && to.chars().allMatch(c -> c > ' ' && c < 127 && c != '\\')
        ? to
        : "/";
  }

  private String base(HttpRequest request) {
    URI known = publicUrl;
    return known != null
        ? known.toString()
        : scheme + "://" + Headers.values(request, "host").stream().findFirst().orElse("localhost");
  }

  private static HttpResponse redirect(String to) {
    return HttpResponse.create()
        .withStatus(StatusCodes.SEE_OTHER)
        .addHeader(RawHeader.create("Location", to))
        .addHeader(RawHeader.create("Cache-Control", "no-store"));
  }
}
