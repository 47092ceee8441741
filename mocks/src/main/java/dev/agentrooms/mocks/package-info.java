/// Stand-ins for the tools' services: WireMock with JSON mappings.
@NullMarked
package dev.agentrooms.mocks;

import org.jspecify.annotations.NullMarked;
