package dev.agentrooms.webui.watch;

import dev.agentrooms.http.Loop;
import dev.agentrooms.http.access.Visit;
import java.net.InetAddress;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The other end of a socket.
///
/// @param visit who opened it
/// @param from its address; null when it is not known
/// @param loop where the socket runs
/// @param deflates whether permessage-deflate was agreed on
/// @param whileSignedIn takes what closes the socket when its user signs out, and returns what to
///     run once the socket has closed
record Peer(
    Visit visit,
    @Nullable InetAddress from,
    Loop loop,
    boolean deflates,
    UnaryOperator<Runnable> whileSignedIn) {}
