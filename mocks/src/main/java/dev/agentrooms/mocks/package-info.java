/// Stand-ins for the RAG and test-generator services: WireMock, with its mappings as JSON.
@NullMarked
package dev.agentrooms.mocks;

import org.jspecify.annotations.NullMarked;
