/// What a run can call, as data: tools read from configuration, the templates that make requests of
/// them, the HTTP client behind them, and workflows as lists of steps. No actor, and no Pekko.
@NullMarked
package dev.agentrooms.tools;

import org.jspecify.annotations.NullMarked;
