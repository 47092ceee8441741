package dev.agentrooms.tools;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.agentrooms.tools.HttpTemplate.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one entry of `tools { ... }`.
final class ToolReader {

  private static final List<String> ROOTS =
      List.of("arguments", "input", "question", "run_id", "session_id", "steps");

  private final ToolDefaults defaults;
  private final boolean mayRepeat;

  /// @param mayRepeat whether a call that a crash of ours interrupted may be made again, though it
  ///     has an effect: under the same key
  ToolReader(ToolDefaults defaults, boolean mayRepeat) {
    this.defaults = defaults;
    this.mayRepeat = mayRepeat;
  }

  /// @throws Mistake when it is invalid
  Tool read(String path, String key, ConfigValue value) {
    String name = Definition.name(value.origin(), path, key);
    Definition tool = Definition.of(path, value);
    String title = tool.title("title", 100);
    String description = tool.text("description");
    HttpTemplate http = http(tool);
    Schema parameters = tool.schema("parameters");
    Tool.Answer answer = answer(tool);
    var timeout = tool.duration("timeout", defaults.timeout());
    Tool.Retry retry = retry(tool.object("retry"));
    boolean idempotent = tool.flag("idempotent");
    boolean approve = tool.flag("approve");
    boolean edit = tool.flag("edit");
    if (edit && !approve) {
      throw tool.mistake("edit", "needs approve = true");
    }
    List<String> shown = tool.texts("shown");
    tool.end();
    return new Tool(
        name,
        title == null ? titleOf(name) : title,
        description,
        http,
        parameters,
        answer,
        timeout,
        retry,
        idempotent,
        approve,
        shown,
        !(mayRepeat || idempotent || http.isIdempotent()),
        edit);
  }

  /// The default title: `fetch_ticket` becomes "Fetch ticket".
  static String titleOf(String name) {
    String words = name.replace('_', ' ').strip();
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static HttpTemplate http(Definition tool) {
    Definition http = tool.object("http");
    if (http == null) {
      throw tool.mistake("http", "is missing, and says how the tool is called");
    }
    Method method = method(http);
    String written = http.required("url", "an http or https URL");
    UrlTemplate url = http.template("url", UrlTemplate::parse, written);
    Map<String, Template> headers = HeaderReader.read(http.object("headers"));
    JsonTemplate body = http.jsonTemplate("body");
    if (body != null && !method.hasBody) {
      throw http.mistake("body", "cannot be sent with " + method);
    }
    http.end();
    HttpTemplate template = new HttpTemplate(method, url, headers, body);
    for (ValuePath path : template.paths()) {
      String wrong = References.wrongRoot(path, ROOTS);
      if (wrong != null) {
        throw Mistake.at(http.origin(), http.path(), wrong);
      }
    }
    return template;
  }

  private static Method method(Definition http) {
    String word = http.required("method", "one of " + Arrays.toString(Method.values()));
    for (Method method : Method.values()) {
      if (method.name().equals(word)) {
        return method;
      }
    }
    throw http.mistake("method", "must be one of " + Arrays.toString(Method.values()));
  }

  private static Tool.Answer answer(Definition tool) {
    ConfigValue answer = tool.value("answer");
    boolean isText = answer != null && answer.valueType() == ConfigValueType.STRING;
    if (isText && !"text".equals(tool.text("answer"))) {
      throw tool.mistake("answer", "must be text, or a JSON Schema in braces");
    }
    String result = tool.text("result");
    if (isText && result != null) {
      throw tool.mistake("result", "cannot be a part of an answer that is text");
    }
    List<String> path =
        result == null ? List.of() : tool.template("result", ValuePath::parse, result).segments();
    return new Tool.Answer(isText, isText ? null : tool.schema("answer"), path);
  }

  private Tool.Retry retry(@Nullable Definition retry) {
    if (retry == null) {
      return new Tool.Retry(ToolDefaults.ATTEMPTS, defaults.retryDelay(), ToolDefaults.MAX_DELAY);
    }
    Tool.Retry read =
        new Tool.Retry(
            retry.integer("attempts", 1, 10, ToolDefaults.ATTEMPTS),
            retry.duration("delay", defaults.retryDelay()),
            retry.duration("max_delay", ToolDefaults.MAX_DELAY));
    retry.end();
    return read;
  }
}
