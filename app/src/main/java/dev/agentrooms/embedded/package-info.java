/// The server within a program of one's own. Besides `dev.agentrooms.api` the only promise to code
/// outside of this project.
@NullMarked
package dev.agentrooms.embedded;

import org.jspecify.annotations.NullMarked;
