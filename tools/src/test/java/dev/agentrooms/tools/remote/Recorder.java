package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/// A server that keeps the last request, and answers nothing.
final class Recorder implements AutoCloseable {

  private final HttpServer server;
  private volatile String path = "";
  private volatile com.sun.net.httpserver.Headers headers = new com.sun.net.httpserver.Headers();
  private volatile JsonNode body = Json.object();

  Recorder() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    path = exchange.getRequestURI().getRawPath();
    headers = exchange.getRequestHeaders();
    body = Json.parse(exchange.getRequestBody().readAllBytes());
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  String path() {
    return path;
  }

  String header(String name) {
    return String.valueOf(headers.getFirst(name));
  }

  JsonNode body() {
    return body;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
