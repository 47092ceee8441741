/// Sessions for chats of the AI SDK (`useChat`).
@NullMarked
package dev.agentrooms.adapters.aisdk;

import org.jspecify.annotations.NullMarked;
