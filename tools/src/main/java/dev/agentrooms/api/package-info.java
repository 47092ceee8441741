/// What a tool in Java is written against. Nothing else of this project is a promise to code
/// outside of it.
@NullMarked
package dev.agentrooms.api;

import org.jspecify.annotations.NullMarked;
