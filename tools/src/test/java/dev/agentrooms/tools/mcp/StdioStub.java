package dev.agentrooms.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A server of the protocol as a process: a main method. What it hears is appended to the file that
/// it is given.
public final class StdioStub {

  private static final String DEEP = "{\"a\":".repeat(200) + "1" + "}".repeat(200);

  private StdioStub() {}

  public static void main(String[] args) throws IOException {
    Path heard = Path.of(args[0]);
    System.err.print("Complaints. ".repeat(100_000));
    System.out.println("this is no message");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Files.writeString(heard, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      JsonNode message = Json.parse(line.getBytes(StandardCharsets.UTF_8));
      long id = message.path("id").asLong();
      switch (message.path("method").asText()) {
        case "initialize" ->
            say(id, "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}}}");
        case "tools/list" -> say(id, "{\"tools\":[{\"name\":\"echo\"},{\"name\":\"die\"}]}");
        case "tools/call" -> call(id, message.path("params"));
        default -> {}
      }
    }
  }

  private static void call(long id, JsonNode params) throws IOException {
    switch (params.path("name").asText()) {
      case "echo" -> say(id, "{\"structuredContent\":" + params.path("arguments") + "}");
      case "environment" ->
          say(
              id,
              "{\"structuredContent\":{\"names\":\""
                  + String.join(" ", System.getenv().keySet())
                  + "\"}}");
      case "die" -> System.exit(3);
      case "last" -> {
        say(id, "{\"structuredContent\":{\"last\":\"" + "word ".repeat(10_000) + "\"}}");
        System.exit(0);
      }
      case "deep" -> say(id, DEEP);
      case "deep_id_last" ->
          print("{\"result\":" + DEEP + ",\"jsonrpc\":\"2.0\",\"id\":" + id + "}");
      case "no_utf8" -> {
        String line = McpStub.result(id, "{\"structuredContent\":{\"a\":\"\u00ff\"}}");
        System.out.write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
        System.out.flush();
      }
      case "asks_deep" -> {
        // A request of the server's own with the same number, which answers nothing.
        print("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"m\",\"params\":" + DEEP + "}");
        say(id, "{\"structuredContent\":{}}");
      }
      case "mute" -> System.out.close();
      case "child" ->
          say(
              id,
              "{\"structuredContent\":{\"pids\":["
                  + ProcessHandle.current().pid()
                  + ","
                  + new ProcessBuilder("sleep", "600").start().pid()
                  + "]}}");
      case "changes" -> {
        String changed = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n";
        System.out.print(changed.repeat(2000));
        say(id, "{\"structuredContent\":{}}");
      }
      default -> {
        // Never answered.
      }
    }
  }

  private static void say(long id, String result) {
    print(McpStub.result(id, result));
  }

  private static void print(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
