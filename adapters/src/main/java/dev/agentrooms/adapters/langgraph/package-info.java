/// Agent Rooms for the clients of LangGraph's server: threads, runs, and the thread stream.
@NullMarked
package dev.agentrooms.adapters.langgraph;

import org.jspecify.annotations.NullMarked;
