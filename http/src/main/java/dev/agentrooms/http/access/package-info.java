/// Who may do what: tokens, callers, and the one decision on each of their requests.
@NullMarked
package dev.agentrooms.http.access;

import org.jspecify.annotations.NullMarked;
