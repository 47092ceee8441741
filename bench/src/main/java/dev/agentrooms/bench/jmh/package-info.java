/// What single calls cost, measured by JMH: `./dev bench jmh`.
@NullMarked
package dev.agentrooms.bench.jmh;

import org.jspecify.annotations.NullMarked;
