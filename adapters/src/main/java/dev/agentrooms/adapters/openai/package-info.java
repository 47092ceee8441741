/// Sessions for clients of the OpenAI Responses API.
@NullMarked
package dev.agentrooms.adapters.openai;

import org.jspecify.annotations.NullMarked;
