package dev.agentrooms.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What RFC 9112 forbids in a request, section by section, and what RFC 9110 and RFC 3986 forbid
/// in its parts. Each is complete or clearly malformed, so that a server which overlooks the
/// violation would read another request behind it.
final class ForbiddenHttp {

  /// @param request with `{target}` where that of a POST belongs
  record Form(String name, String request, List<Integer> statuses, boolean isByte) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final String TCHAR =
      "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String URI_CHARS =
      "-._~!$&'()*+,;=:@/?%[]0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String HOST = "Host: localhost\r\n";
  private static final String GET = "GET /health/live HTTP/1.1\r\n";
  private static final String POST =
      "POST {target} HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n";
  private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

  private final Map<String, Form> all = new LinkedHashMap<>();

  private ForbiddenHttp() {
    lineEnds();
    requestLines();
    versions();
    methods();
    targets();
    hosts();
    fieldLines();
    transferCodings();
    lengths();
    chunkSizes();
    chunkExtensions();
    chunkData();
    trailers();
    expectations();
  }

  static List<Form> all() {
    return new ArrayList<>(new ForbiddenHttp().all.values());
  }

  /// RFC 9112, 2.2: lines end with CRLF, a bare CR is an error, and no blank stands between the
  /// request line and the first field. That a lone LF may be taken is a choice; two parsers that
  /// choose differently can be played off against each other.
  private void lineEnds() {
    get("LF at the end of the request line", "GET /health/live HTTP/1.1\n" + HOST + "\r\n");
    get("LF at the end of a field line", GET + "Host: localhost\n\r\n");
    get("LF at the end of the head", GET + HOST + "\n");
    get("LF at the end of every line", (GET + HOST + "\r\n").replace("\r\n", "\n"));
    get("CR at the end of the request line", "GET /health/live HTTP/1.1\r" + HOST + "\r\n");
    get("CR at the end of a field line", GET + "Host: localhost\r\r\n");
    get("CR at the end of the head", GET + HOST + "\r\r\n");
    get("CR at the end of every line", (GET + HOST + "\r\n").replace("\r\n", "\r"));
    get("LF CR", GET.replace("\r\n", "\n\r") + HOST + "\r\n");
    get("CR before the request", "\r" + GET + HOST + "\r\n");
    get("two CR before the request", "\r\r" + GET + HOST + "\r\n");
    get("CR CRLF before the request", "\r\r\n" + GET + HOST + "\r\n");
    get("LF before the request", "\n" + GET + HOST + "\r\n");
    get("LF CRLF before the request", "\n\r\n" + GET + HOST + "\r\n");
    get("CRLF and then LF before the request", "\r\n\n" + GET + HOST + "\r\n");
    get("CRLF and then CR before the request", "\r\n\r" + GET + HOST + "\r\n");
    get("a blank line before the request", " \r\n" + GET + HOST + "\r\n");
    get("a NUL before the request", "\0" + GET + HOST + "\r\n");
    get("a byte-order mark before the request", "\u00ef\u00bb\u00bf" + GET + HOST + "\r\n");
    get("a blank before the first field", GET + " " + HOST + "\r\n");
    get("a tab before the first field", GET + "\t" + HOST + "\r\n");
    get("a line of blanks before the first field", GET + "  \r\n" + HOST + "\r\n");
    get("a line of blanks for the end of the head", GET + HOST + " \r\n\r\n");
  }

  /// RFC 9112, 3: one blank between the parts, none around them.
  private void requestLines() {
    String end = "\r\n" + HOST + "\r\n";
    get("a blank before the method", " GET /health/live HTTP/1.1" + end);
    get("a tab before the method", "\tGET /health/live HTTP/1.1" + end);
    get("two blanks behind the method", "GET  /health/live HTTP/1.1" + end);
    get("two blanks behind the target", "GET /health/live  HTTP/1.1" + end);
    get("a blank behind the version", "GET /health/live HTTP/1.1 " + end);
    get("a tab behind the version", "GET /health/live HTTP/1.1\t" + end);
    for (char separator : "\t\u000b\f\r\0\u00a0\u0085".toCharArray()) {
      String byteOf = "0x%02x".formatted((int) separator);
      get(byteOf + " behind the method", "GET" + separator + "/health/live HTTP/1.1" + end);
      get(byteOf + " behind the target", "GET /health/live" + separator + "HTTP/1.1" + end);
      get(byteOf + " and a blank", "GET" + separator + " /health/live HTTP/1.1" + end);
      get("a blank and " + byteOf, "GET " + separator + "/health/live HTTP/1.1" + end);
    }
    get("no method", " /health/live HTTP/1.1" + end);
    get("no target", "GET HTTP/1.1" + end);
    get("no target between two blanks", "GET  HTTP/1.1" + end);
    get("no version", "GET /health/live" + end);
    get("no version behind a blank", "GET /health/live " + end);
    get("a word too many", "GET /health/live HTTP/1.1 HTTP/1.1" + end);
    get("a blank within the target", "GET /health/live /x HTTP/1.1" + end);
    get("only a word", "GET" + end);
    get("only a field", "Host: localhost\r\n\r\n");
    get("a status line", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  }

  /// RFC 9112, 2.3: case matters, one digit each. What has another major number is not ours.
  private void versions() {
    for (String version :
        List.of(
            "http/1.1",
            "Http/1.1",
            "HTTp/1.1",
            "HTTP/1",
            "HTTP/1.",
            "HTTP/.1",
            "HTTP/11",
            "HTTP/1.10",
            "HTTP/1.11",
            "HTTP/01.1",
            "HTTP/1.01",
            "HTTP/1,1",
            "HTTP/1.1a",
            "HTTP/1.a",
            "HTTP/a.1",
            "HTTP/-1.1",
            "HTTP/1.-1",
            "HTTP/+1.1",
            "HTTP/ 1.1",
            "HTTP /1.1",
            "HTTP\\1.1",
            "HTTP//1.1",
            "HTTP/1.1/",
            "HTTP/1.1;",
            "HTTP/1.1\0",
            "\0HTTP/1.1",
            "HTTP/1\u00b71",
            "HTTP/\u00b9.1",
            "HTTP1.1",
            "HTTP",
            "/1.1",
            "1.1",
            "HTTPS/1.1",
            "HTML/1.1",
            "XHTTP/1.1",
            "ICY/1.0",
            "RTSP/1.0",
            "SIP/2.0",
            "HTTP/0.9",
            "HTTP/0.0",
            "HTTP/2",
            "HTTP/2.0",
            "HTTP/3.0",
            "HTTP/9.9")) {
      get("version " + shown(version), "GET /health/live " + version + "\r\n" + HOST + "\r\n");
    }
  }

  /// RFC 9110, 9.1: a method is a token.
  private void methods() {
    for (int b = 0; b < 256; b++) {
      if (TCHAR.indexOf(b) < 0 && b != '\n') {
        each("method with " + shown(b), "G" + (char) b + "T /health/live HTTP/1.1\r\n", b);
        each("method that begins with " + shown(b), (char) b + "ET /a HTTP/1.1\r\n", b);
        each("method that ends with " + shown(b), "GE" + (char) b + " /a HTTP/1.1\r\n", b);
      }
    }
    get("a method of 9,000", "G".repeat(9000) + " / HTTP/1.1\r\n" + HOST + "\r\n", 400, 414);
  }

  /// RFC 9112, 3.2, and RFC 3986: four forms, of which CONNECT alone has that of an authority, and
  /// OPTIONS alone the asterisk; no fragment, no user, no empty host; what is no URI's letter is
  /// percent-encoded.
  private void targets() {
    for (String target :
        List.of(
            "health/live",
            "?a",
            "localhost",
            "localhost:80",
            "*",
            "**",
            "*/",
            ".",
            "..",
            "~",
            "#",
            "/health/live#",
            "/health/live#here",
            "/#/",
            "http:",
            "http:/",
            "http://",
            "http:///",
            "http:///health/live",
            "http://?a",
            "http:health/live",
            "http:/health/live",
            "http//localhost/",
            "://localhost/",
            "//",
            "http://a b/",
            "http://user@localhost/",
            "http://user:password@localhost/",
            "http://@localhost/",
            "http://:80/",
            "http://localhost:x/",
            "http://localhost:-1/",
            "http://localhost:65536/",
            "http://localhost:99999999999/",
            "http://[/",
            "http://[::1/",
            "http://::1/",
            "http://[::1]x/",
            "http://[g::]/",
            "http://loc%zzalhost/",
            "http://localhost\\health/",
            "ftp://localhost/",
            "ws://localhost/",
            "file:///etc/passwd",
            "javascript:1",
            "/%",
            "/%4",
            "/%4g",
            "/%g4",
            "/%zz",
            "/%%",
            "/%%41",
            "/a%",
            "/a%2",
            "/%u0041",
            "/% 41",
            "/?%",
            "/?a=%zz",
            "/?a=%4",
            "/[",
            "/]",
            "/[a]")) {
      if (!target.equals("//")) {
        get("target " + target, "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n");
      }
    }
    for (String target : List.of("/", "*", "localhost", "localhost:", "http://localhost/")) {
      get("CONNECT " + target, "CONNECT " + target + " HTTP/1.1\r\n" + HOST + "\r\n");
    }
    get("POST *", "POST * HTTP/1.1\r\n" + HOST + "\r\n");
    get("OPTIONS of a host", "OPTIONS localhost HTTP/1.1\r\n" + HOST + "\r\n");
    for (int b = 0; b < 256; b++) {
      if (URI_CHARS.indexOf(b) < 0 && b != '\n') {
        each("path with " + shown(b), "GET /a" + (char) b + "b HTTP/1.1\r\n", b);
        each("query with " + shown(b), "GET /a?b=" + (char) b + "c HTTP/1.1\r\n", b);
      }
    }
    get("a target of 9,000", "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414);
    get("a target that never ends", "GET /" + "a".repeat(70_000), 414);
  }

  /// RFC 9112, 3.2: one Host, with a host and perhaps a port.
  private void hosts() {
    get("no Host", GET + "\r\n");
    get("no Host, but others", GET + "Hosts: localhost\r\nX-Host: localhost\r\n\r\n");
    get("two Hosts", GET + HOST + "Host: elsewhere\r\n\r\n");
    get("the same Host twice", GET + HOST + HOST + "\r\n");
    get("two Hosts in two cases", GET + HOST + "HOST: localhost\r\n\r\n");
    get("two Hosts with others between", GET + HOST + "X-A: b\r\nhost: localhost\r\n\r\n");
    get("two Hosts of HTTP/1.0", "GET /a HTTP/1.0\r\n" + HOST + HOST + "\r\n");
    get("two Hosts and a whole URL", "GET http://localhost/ HTTP/1.1\r\n" + HOST + HOST + "\r\n");
    for (String host :
        List.of(
            "",
            "localhost, localhost",
            "localhost localhost",
            "http://localhost",
            "localhost/",
            "localhost/a",
            "/",
            "localhost?a",
            "localhost#a",
            "user@localhost",
            "user:password@localhost",
            "@localhost",
            ":80",
            "localhost:x",
            "localhost:-1",
            "localhost:+1",
            "localhost:80:80",
            "localhost:65536",
            "localhost:999999",
            "localhost: 80",
            "localhost :80",
            "[::1",
            "::1]",
            "::1",
            "[]",
            "[::1]80",
            "[::1]:x",
            "[g::]",
            "\"localhost\"",
            "<localhost>",
            "local\\host",
            "local^host",
            "local|host",
            "{localhost}",
            "local\thost",
            "localhost\u00e9",
            "*\0",
            "\u0001")) {
      get("Host " + shown(host), GET + "Host: " + host + "\r\n\r\n");
    }
  }

  /// RFC 9112, 5, and RFC 9110, 5: a token, a colon right behind it, and a value without control
  /// characters; folded lines are obsolete.
  private void fieldLines() {
    String get = GET + HOST;
    get("a field without a colon", get + "nonsense\r\n\r\n");
    get("a field without a name", get + ": x\r\n\r\n");
    get("a colon", get + ":\r\n\r\n");
    get("a blank before the colon", get + "X-Y : z\r\n\r\n");
    get("a tab before the colon", get + "X-Y\t: z\r\n\r\n");
    get("a folded line", get + "X-Y: a\r\n b\r\n\r\n");
    get("a line that is folded by a tab", get + "X-Y: a\r\n\tb\r\n\r\n");
    get("a line that is folded and empty", get + "X-Y: a\r\n \r\n\r\n");
    get("a folded line that looks like a field", get + "X-Y: a\r\n X-Z: b\r\n\r\n");
    get("a folded Host", GET + "Host:\r\n localhost\r\n\r\n");
    get("a folded length", POST + "Content-Length:\r\n 2\r\n\r\n{}");
    get("a folded coding", POST + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n");
    for (int b = 0; b < 256; b++) {
      if (TCHAR.indexOf(b) < 0 && b != '\n' && b != ':') {
        each("name with " + shown(b), GET + "X" + (char) b + "Y: z\r\n", b);
        each("name that begins with " + shown(b), GET + (char) b + "Y: z\r\n", b);
        each("name that ends with " + shown(b), GET + "X" + (char) b + ": z\r\n", b);
      }
      if ((b < 32 && b != '\t' && b != '\n') || b == 127) {
        each("value with " + shown(b), GET + "X-Y: a" + (char) b + "b\r\n", b);
        each("value that begins with " + shown(b), GET + "X-Y:" + (char) b + "b\r\n", b);
        each("value that ends with " + shown(b), GET + "X-Y: a" + (char) b + "\r\n", b);
      }
    }
    get("a name of 10,000", get + "n".repeat(10_000) + ": v\r\n\r\n", 431);
    get("a value of 10,000", get + "X-Y: " + "v".repeat(10_000) + "\r\n\r\n", 431);
    get("40 KB of fields", get + ("X-Y: " + "v".repeat(1000) + "\r\n").repeat(40) + "\r\n", 431);
    get("101 fields", get + "X-Y: v\r\n".repeat(100) + "\r\n", 431);
  }

  /// RFC 9112, 6.1: chunked, once, last, of HTTP/1.1, and never beside a length.
  private void transferCodings() {
    String body = "\r\n\r\n0\r\n\r\n";
    for (String coding :
        List.of(
            "",
            ",",
            "identity",
            "gzip",
            "deflate",
            "compress",
            "x-chunked",
            "chunkedx",
            "chunke",
            "chun ked",
            "\"chunked\"",
            "'chunked'",
            "chunked;",
            "chunked;q=1",
            "chunked; a=b",
            "chunked chunked",
            "chunked, chunked",
            "chunked, gzip",
            "chunked, identity",
            "gzip, chunked",
            "identity, chunked",
            "chunked, x",
            "x, chunked",
            "\0chunked",
            "\u000bchunked",
            "chunked\u000b",
            "chunked\0",
            "chunked\f",
            "\u00a0chunked",
            "chunked\u0085",
            "chun\u212aed".replace('\u212a', '\u00ff'),
            "true",
            "1")) {
      get("coding " + shown(coding), POST + "Transfer-Encoding: " + coding + body);
    }
    String chunked = "Transfer-Encoding: chunked\r\n";
    get("chunked on two lines", POST + chunked + chunked + "\r\n0\r\n\r\n");
    get("chunked, then gzip on a line", POST + chunked + "Transfer-Encoding: gzip" + body);
    get("gzip, then chunked on a line", POST + "Transfer-Encoding: gzip\r\n" + chunked + body);
    get("chunked, then a line without", POST + chunked + "Transfer-Encoding:" + body);
    get("chunked with a blank before the colon", POST + "Transfer-Encoding : chunked" + body);
    get("chunked with a tab before the colon", POST + "Transfer-Encoding\t: chunked" + body);
    get("chunked and a length", POST + chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n");
    get("a length and chunked", POST + "Content-Length: 5\r\n" + chunked + "\r\n0\r\n\r\n");
    get("chunked and no length at all", POST + chunked + "Content-Length: 0\r\n\r\n0\r\n\r\n");
    get("gzip and a length", POST + "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}");
    get(
        "identity and a length",
        POST + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}");
    get("chunked of HTTP/1.0", CHUNKED.replace("HTTP/1.1", "HTTP/1.0") + "0\r\n\r\n");
    get(
        "chunked of HTTP/1.0 and a length",
        (POST + "Content-Length: 5\r\n" + chunked).replace("HTTP/1.1", "HTTP/1.0")
            + "\r\n0\r\n\r\n");
    get("chunked GET and a length", GET + HOST + chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n");
  }

  /// RFC 9112, 6.2 and 6.3: digits, once.
  private void lengths() {
    for (String length :
        List.of(
            "",
            "-0",
            "-2",
            "+2",
            " +2",
            "0x2",
            "0X2",
            "0b10",
            "2h",
            "2.",
            "2.0",
            "2e0",
            "2_0",
            "2 2",
            "2\t2",
            "2,2",
            "2, 2",
            "2,3",
            "2,",
            ",2",
            ";2",
            "2;",
            "\"2\"",
            "'2'",
            "two",
            "NaN",
            "Infinity",
            "null",
            "\u00b2",
            "2\0",
            "\0" + "2",
            "2\u000b",
            "\u000b2",
            "2\f",
            "2\u00a0",
            "2\u0085",
            "9223372036854775808",
            "18446744073709551618",
            "99999999999999999999",
            "-9223372036854775808")) {
      get("length " + shown(length), POST + "Content-Length: " + length + "\r\n\r\n{}");
    }
    String two = "Content-Length: 2\r\n";
    get("the same length twice", POST + two + two + "\r\n{}");
    get("two lengths", POST + two + "Content-Length: 3\r\n\r\n{}");
    get("a length and none", POST + two + "Content-Length:\r\n\r\n{}");
    get("two lengths in two cases", POST + two + "content-length: 2\r\n\r\n{}");
    get("two lengths with others between", POST + two + "X-Y: z\r\n" + two + "\r\n{}");
    get("two lengths of HTTP/1.0", (POST + two).replace("P/1.1", "P/1.0") + two + "\r\n{}");
    get("lengths of HTTP/1.0", (POST + "Content-Length: 2, 2\r\n\r\n{}").replace("/1.1", "/1.0"));
    get("two lengths of a GET", GET + HOST + two + "Content-Length: 0\r\n\r\n{}");
    get("a blank before the colon of a length", POST + "Content-Length : 2\r\n\r\n{}");
  }

  /// RFC 9112, 7.1: hexadecimal digits, and nothing around them.
  private void chunkSizes() {
    for (String size :
        List.of(
            "",
            "g",
            "2g",
            "x2",
            "0x2",
            "0X2",
            "#2",
            "-2",
            "+2",
            "2.",
            "2h",
            "2,2",
            "\"2\"",
            " 2",
            "2 ",
            "\t2",
            "2\t",
            " 2 ",
            "2 2",
            "2\0",
            "\0" + "2",
            "2\u000b",
            "\u000b2",
            "2\r",
            "\r2",
            "2\u00a0",
            "\u00b2",
            "-0",
            "+0",
            "0x0",
            "_2",
            "2_",
            "80000000",
            "ffffffff",
            "100000000",
            "100000002",
            "ffffffffffffffff",
            "10000000000000002",
            "f".repeat(17),
            "f".repeat(100),
            "-1",
            "-8000000000000000")) {
      get("chunk size " + shown(size), CHUNKED + size + "\r\n{}\r\n0\r\n\r\n", 400, 413);
    }
    get("a chunk size that never ends", CHUNKED + "0".repeat(70_000));
  }

  private void chunkExtensions() {
    for (String extension :
        List.of(
            ";",
            ";;",
            "; ",
            ";\t",
            " ;a",
            "\t;a",
            ";a;",
            ";a;;b",
            ";=",
            ";=a",
            ";a=",
            ";a= ",
            ";a==b",
            ";a=b=c",
            ";a b",
            ";a=b c",
            ";a=\"",
            ";a=\"b",
            ";a=\"b\\",
            ";a=\"b\\\"",
            ";a=\"b\"c",
            ";a=\"b\"\"c\"",
            ";\"a\"",
            ";a/b",
            ";a=b/c",
            ";a(b",
            ";a\0",
            ";a=\0",
            ";a=\"\0\"",
            ";a=\"\u0001\"",
            ";a=\"\\\u0001\"",
            ";a=\"\u007f\"",
            ";a\r",
            ";a=\"\r\"",
            ";\u00e9",
            ";a=\u00e9",
            ":a",
            ",a",
            "?a",
            "a=b;c".replace("a=b", "="))) {
      get("extension " + shown(extension), CHUNKED + "2" + extension + "\r\n{}\r\n0\r\n\r\n");
      get("last extension " + shown(extension), CHUNKED + "0" + extension + "\r\n\r\n");
    }
    get("an extension of 9,000", CHUNKED + "2;" + "e".repeat(9000) + "\r\n{}\r\n0\r\n\r\n");
  }

  private void chunkData() {
    get("LF behind a chunk's size", CHUNKED + "2\n{}\r\n0\r\n\r\n");
    get("CR behind a chunk's size", CHUNKED + "2\r{}\r\n0\r\n\r\n");
    get("LF behind a chunk", CHUNKED + "2\r\n{}\n0\r\n\r\n");
    get("CR behind a chunk", CHUNKED + "2\r\n{}\r0\r\n\r\n");
    get("LF CR behind a chunk", CHUNKED + "2\r\n{}\n\r0\r\n\r\n");
    get("nothing behind a chunk", CHUNKED + "2\r\n{}0\r\n\r\n");
    get("a blank behind a chunk", CHUNKED + "2\r\n{} \r\n0\r\n\r\n");
    get("two line ends behind a chunk", CHUNKED + "2\r\n{}\r\n\r\n0\r\n\r\n");
    get("a chunk that is longer than it says", CHUNKED + "1\r\n{}\r\n0\r\n\r\n");
    get("a chunk that is shorter than it says", CHUNKED + "3\r\n{}\r\n0\r\n\r\n");
    get("a line before the first chunk", CHUNKED + "\r\n2\r\n{}\r\n0\r\n\r\n");
    get("a blank before a chunk", CHUNKED + " \r\n2\r\n{}\r\n0\r\n\r\n");
    get("a body without chunks", CHUNKED + "{}\r\n\r\n");
    get("LF behind the last size", CHUNKED + "2\r\n{}\r\n0\n\r\n");
    get("LF for the end of the chunks", CHUNKED + "2\r\n{}\r\n0\r\n\n");
    get("CR for the end of the chunks", CHUNKED + "2\r\n{}\r\n0\r\n\r\r\n");
    get("LF for every line end of the chunks", CHUNKED + "2\n{}\n0\n\n");
  }

  /// RFC 9112, 7.1.2: trailers are field lines.
  private void trailers() {
    String chunks = CHUNKED + "2\r\n{}\r\n0\r\n";
    for (String trailer :
        List.of(
            "nonsense",
            ": x",
            ":",
            "X-Y : z",
            "X-Y\t: z",
            " X-Y: z",
            "\tX-Y: z",
            "X Y: z",
            "X\0Y: z",
            "X(Y: z",
            "X-Y: a\0b",
            "X-Y: a\u0007",
            "X-Y: a\u007fb",
            "X-Y: a\rb",
            "X-Y: a\r\n b",
            "X-Y: a\nX-Z: b",
            "X-Y: a\r",
            "GET / HTTP/1.1")) {
      get("trailer " + shown(trailer), chunks + trailer + "\r\n\r\n");
    }
    get("a trailer of 10,000", chunks + "X-Y: " + "v".repeat(10_000) + "\r\n\r\n", 400, 431);
    get("101 trailers", chunks + "X-Y: v\r\n".repeat(101) + "\r\n", 400, 431);
    get("40 KB of trailers", chunks + ("X: " + "v".repeat(4000) + "\r\n").repeat(10), 400, 431);
  }

  /// RFC 9110, 10.1.1: there is one expectation.
  private void expectations() {
    for (String expected :
        List.of(
            "",
            "nothing",
            "100",
            "100-continues",
            "100-continue, x",
            "x, 100-continue",
            "100-continue;a=b",
            "200-ok")) {
      get("Expect " + shown(expected), GET + HOST + "Expect: " + expected + "\r\n\r\n", 417);
    }
    get("two of Expect", GET + HOST + "Expect: 100-continue\r\nExpect: it\r\n\r\n", 417);
    get(
        "two of Expect, the other way",
        GET + HOST + "Expect: it\r\nExpect: 100-continue\r\n\r\n",
        417);
    get("an old WebSocket", GET + HOST + "Sec-WebSocket-Key1: a\r\nSec-WebSocket-Key2: b\r\n\r\n");
    get("two types", POST + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}");
  }

  private void each(String name, String start, int b) {
    // A blank or a CR in some places makes another form, which has a name of its own.
    String request = start + HOST + "\r\n";
    add(new Form(name, request, List.of(400), b > 2 && b != '\r' && b < 250));
  }

  private void get(String name, String request, int... statuses) {
    List<Integer> expected =
        statuses.length == 0 ? List.of(400) : Arrays.stream(statuses).boxed().toList();
    add(new Form(name, request, expected, false));
  }

  private void add(Form form) {
    if (all.put(form.name(), form) != null) {
      throw new AssertionError("twice: " + form.name());
    }
  }

  private static String shown(int b) {
    return "0x%02x".formatted(b);
  }

  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    for (char c : text.substring(0, Math.min(30, text.length())).toCharArray()) {
      shown.append(c < 32 || c > 126 ? "\\x%02x".formatted((int) c) : String.valueOf(c));
    }
    return "'" + shown + "'" + (text.length() > 30 ? " of " + text.length() : "");
  }
}
