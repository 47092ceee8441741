/// A client for models behind an OpenAI-compatible API (`POST {url}/chat/completions`).
@NullMarked
package dev.agentrooms.tools.model;

import org.jspecify.annotations.NullMarked;
