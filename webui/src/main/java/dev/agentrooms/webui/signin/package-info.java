/// Signing in with an OpenID provider: the authorization code flow with PKCE, and then a cookie.
@NullMarked
package dev.agentrooms.webui.signin;

import org.jspecify.annotations.NullMarked;
