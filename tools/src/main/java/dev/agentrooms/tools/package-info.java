/// What a run can call, as data: tools and workflows read from configuration, request templates,
/// and the HTTP client that calls them. No actor, and no Pekko.
@NullMarked
package dev.agentrooms.tools;

import org.jspecify.annotations.NullMarked;
