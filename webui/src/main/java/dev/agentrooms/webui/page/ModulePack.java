package dev.agentrooms.webui.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Puts a module and all modules of ours that it imports into one, so that a browser asks once and
/// gets what compresses well.
///
/// Each module becomes a function's scope, in the order in which a browser would run them. From
///
/// ```js
/// // app/draw.js                      // app/main.js
/// export function draw() { … }        import { draw } from './draw.js';
///                                     draw();
/// ```
///
/// comes
///
/// ```js
/// const $draw=(()=>{
/// function draw() { … }
/// return{draw}})();
/// await(async()=>{
/// const{draw}=$draw;
/// draw();
/// })();
/// ```
///
/// That is right for modules that do not import each other and whose exports do not change, which
/// the tests make sure of. Vendored modules stay as they are. Comments and indentation go.
final class ModulePack {

  private static final Pattern IMPORT =
      Pattern.compile(
          "^(import|export) (?:\\* as (\\w+)|\\{([^}]*)}) from '(\\.[^']+)';\\n?",
          Pattern.MULTILINE);
  private static final Pattern EXPORT =
      Pattern.compile("^export ((?:async )?function\\*?|class|const) (\\w+)", Pattern.MULTILINE);
  private static final Pattern COMMENT =
      Pattern.compile("^[ \\t]*(?://.*|/\\*\\*(?s:.*?)\\*/)[ \\t]*\\n", Pattern.MULTILINE);
  private static final Pattern SPACE = Pattern.compile("^[ \\t]+|[ \\t]+$|^\\n", Pattern.MULTILINE);
  // What is found from where a module lies: it lies in the folder of the first one afterwards.
  private static final Pattern PLACE = Pattern.compile("(\\bimport\\(|\\bnew URL\\()'(\\.[^']+)'");

  private final Function<String, String> read;
  private final String folder;
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Set<String> vendored = new LinkedHashSet<>();
  private final StringBuilder out = new StringBuilder();

  private ModulePack(Function<String, String> read, String folder) {
    this.read = read;
    this.folder = folder;
  }

  /// @param entry the path of the first module, such as `app/main.js`
  /// @param read gives a file's text by its path
  static String of(String entry, Function<String, String> read) {
    ModulePack pack = new ModulePack(read, folderOf(entry));
    String last = pack.body(entry);
    StringBuilder imports = new StringBuilder();
    for (String path : pack.vendored) {
      imports.append("import*as ").append(pack.names.get(path)).append(" from'");
      imports.append(relative(pack.folder, path)).append("';\n");
    }
    return imports.append(pack.out) + "await(async()=>{\n" + last + "})();\n";
  }

  private String nameOf(String path) {
    String known = names.get(path);
    if (known != null) {
      return known;
    }
    String name = "$" + path.replaceFirst("^app/", "").replace(".js", "").replaceAll("\\W", "_");
    if (path.startsWith("vendor/")) {
      names.put(path, name);
      vendored.add(path);
      return name;
    }
    // Its own imports come before it.
    Module module = module(path);
    names.put(path, name);
    out.append("const ").append(name).append("=(()=>{\n").append(module.body);
    out.append("return{").append(String.join(",", module.exports)).append("}})();\n");
    return name;
  }

  private record Module(String body, List<String> exports) {}

  private String body(String path) {
    return module(path).body;
  }

  private Module module(String path) {
    String source = COMMENT.matcher(read.apply(path)).replaceAll("");
    List<String> exports = new ArrayList<>();
    StringBuilder head = new StringBuilder();
    for (MatchResult found : IMPORT.matcher(source).results().toList()) {
      String from = nameOf(resolve(folderOf(path), found.group(4)));
      if (found.group(1).equals("export")) {
        members(found.group(3)).forEach(name -> exports.add(name + ":" + from + "." + name));
      } else if (found.group(2) != null) {
        head.append("const ").append(found.group(2)).append('=').append(from).append(";\n");
      } else {
        head.append("const{")
            .append(members(found.group(3)).collect(Collectors.joining(",")).replace(" as ", ":"))
            .append("}=")
            .append(from)
            .append(";\n");
      }
    }
    String rest = IMPORT.matcher(source).replaceAll("");
    EXPORT.matcher(rest).results().forEach(found -> exports.add(found.group(2)));
    String body = moved(folderOf(path), EXPORT.matcher(rest).replaceAll("$1 $2"));
    if (body.contains("\nexport ") || body.startsWith("import ") || body.contains("\nimport ")) {
      throw new IllegalStateException(path + " imports or exports in a way that is not known here");
    }
    return new Module(head + SPACE.matcher(body).replaceAll(""), exports);
  }

  private static java.util.stream.Stream<String> members(String list) {
    return Pattern.compile(",").splitAsStream(list).map(String::strip).filter(s -> !s.isEmpty());
  }

  private String moved(String from, String body) {
    return PLACE
        .matcher(body)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    found.group(1) + "'" + relative(folder, resolve(from, found.group(2))) + "'"));
  }

  private static String folderOf(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  /// `app/view/` and `../draw.js` give `app/draw.js`.
  private static String resolve(String folder, String path) {
    return java.net.URI.create("/" + folder).resolve(path).getPath().substring(1);
  }

  /// `app/` and `vendor/x.js` give `../vendor/x.js`.
  private static String relative(String folder, String path) {
    return path.startsWith(folder)
        ? "./" + path.substring(folder.length())
        : "../".repeat((int) folder.chars().filter(c -> c == '/').count()) + path;
  }
}
