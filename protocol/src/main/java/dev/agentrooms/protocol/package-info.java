/// The wire types: requests, answers, events and messages as records, with their validation and
/// JSON.
@NullMarked
package dev.agentrooms.protocol;

import org.jspecify.annotations.NullMarked;
