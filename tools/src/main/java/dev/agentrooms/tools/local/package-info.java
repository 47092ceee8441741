/// Tools in Java, of this process.
@NullMarked
package dev.agentrooms.tools.local;

import org.jspecify.annotations.NullMarked;
