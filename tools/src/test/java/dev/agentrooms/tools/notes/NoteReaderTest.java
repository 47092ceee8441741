package dev.agentrooms.tools.notes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDFormContentStream;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files as they are found in folders: encodings, markup, menus, pages.
@Tag("unit")
class NoteReaderTest {

  private static final String RUSSIAN = "Ёж — это зверь, у которого есть иглы.";

  private static Note read(String name, byte[] bytes) throws Unreadable {
    return NoteReader.read(name, bytes);
  }

  private static Note read(String name, String text) throws Unreadable {
    return read(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Note note) {
    return note.sections().stream()
        .flatMap(section -> section.passages().stream())
        .map(Passage::text)
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @CsvSource({"UTF-8", "windows-1251", "UTF-16"})
  void textIsReadInAnyOfTheseEncodings(String charset) throws Exception {
    assertThat(text(read("a.txt", RUSSIAN.getBytes(Charset.forName(charset))))).isEqualTo(RUSSIAN);
  }

  @Test
  void marksOfEncodingsAreNoText() throws Exception {
    byte[] utf16 = ("\uFEFF" + RUSSIAN).getBytes(StandardCharsets.UTF_16LE);
    assertThat(text(read("a.md", "\uFEFF" + RUSSIAN))).isEqualTo(RUSSIAN);
    assertThat(text(read("a.md", utf16))).isEqualTo(RUSSIAN);
  }

  @Test
  void aPageIsReadInTheEncodingThatItDeclares() throws Exception {
    for (String declared :
        List.of(
            "<meta charset=koi8-r>",
            "<META http-equiv='Content-Type' content=\"text/html; charset=KOI8-R\">")) {
      String html =
          "<html><head>" + declared + "</head><body><p>" + RUSSIAN.replace("—", "-") + "</p>";
      assertThat(text(read("a.html", html.getBytes(Charset.forName("KOI8-R")))))
          .isEqualTo(RUSSIAN.replace("—", "-"));
    }
    String none = "<p>" + RUSSIAN;
    assertThat(text(read("a.htm", none.getBytes(Charset.forName("windows-1251")))))
        .isEqualTo(RUSSIAN);
    String unknown = "<meta charset=klingon><p>" + RUSSIAN;
    assertThat(text(read("a.htm", unknown))).isEqualTo(RUSSIAN);
  }

  @Test
  void whatIsNotTextIsRefused() {
    assertThatExceptionOfType(Unreadable.class)
        .isThrownBy(() -> read("a.txt", new byte[] {1, 0, 2, 0}))
        .withMessage("is not text");
  }

  @Test
  void menusHeadersFootersAndScriptsAreLeftOut() throws Exception {
    Note note =
        read(
            "a.html",
            """
            <html><head><title>Leaves</title><style>p{}</style></head><body>
            <header>HEADER</header><nav>NAV</nav><div role="navigation">ROLE</div>
            <div class="menu left">MENU</div><ul class=navigation><li>NAVIGATION</li></ul>
            <div role=menu>ROLE2</div><script>SCRIPT</script><form>FORM</form><aside>ASIDE</aside>
            <h1>Leaves</h1><p>A <b>leaf</b> is green<br>and flat.</p>
            <h2>Kinds</h2><ul><li>Broad</li><li>Narrow</li></ul>
            <table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>
            <footer>FOOTER</footer></body></html>
            """);
    assertThat(text(note)).doesNotContainPattern("[A-Z]{4}").contains("leaf");
    assertThat(note.title()).isEqualTo("Leaves");
    assertThat(note.sections()).extracting(Section::heading).containsExactly("Leaves", "Kinds");
    assertThat(note.sections().getLast().passages())
        .extracting(Passage::text)
        .containsExactly("Broad", "Narrow", "a; b", "1; 2");
    assertThat(note.sections().getFirst().passages())
        .extracting(Passage::text)
        .containsExactly("A leaf is green", "and flat.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"main", "article"})
  void onlyTheMainPartOfAPageIsRead(String part) throws Exception {
    String html = "<body>OUTSIDE<%s><p>Inside.</p></%s>OUTSIDE</body>".formatted(part, part);
    assertThat(text(read("a.html", html))).isEqualTo("Inside.");
  }

  @Test
  void aBodyWithTheClassOfAMenuIsReadAllTheSame() throws Exception {
    assertThat(text(read("a.html", "<body class=menu><p>Inside.</p></body>"))).isEqualTo("Inside.");
  }

  @Test
  void markupOfMarkdownIsNoText() throws Exception {
    Note note =
        read(
            "a.md",
            """
            ---
            tags: [a]
            ---
            Title
            =====
            A **cell wall** is _firm_, see [the book](http://x.example/a_b) ![a](b.png) and `code`.
            > A quotation
            > of two lines.
            <!-- hidden -->
            - one\\*
            2. two

            ## Second ##
            ```java
            int a_b = 1;
            ```
            | a | b |
            |---|---|
            | 1 | 2 |
            """);
    assertThat(note.title()).isEqualTo("Title");
    assertThat(note.sections()).extracting(Section::heading).containsExactly("Title", "Second");
    assertThat(note.sections().getFirst().passages())
        .extracting(Passage::text)
        .containsExactly(
            "A cell wall is firm, see the book and code. A quotation of two lines.", "one*", "two");
    assertThat(note.sections().getFirst().passages().getFirst().bold())
        .containsExactly("cell wall");
    assertThat(note.sections().getLast().passages())
        .extracting(Passage::text, Passage::isProse)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("int a_b = 1;", false),
            org.assertj.core.groups.Tuple.tuple("a; b", false),
            org.assertj.core.groups.Tuple.tuple("1; 2", false));
  }

  @Test
  void targetsOfLinksMayHaveBracketsAndHeadingsASharp() throws Exception {
    Note note =
        read(
            "a.md",
            "# Notes on C#\n\nA [leaf](https://x.example/Leaf_(plant)) is green ![a](b_(c).png)now.");
    assertThat(text(note)).isEqualTo("A leaf is green now.");
    assertThat(note.title()).isEqualTo("Notes on C#");
  }

  @ParameterizedTest
  @ValueSource(strings = {"---", " * * *", "___  ", "*-_", "- - - - - - - - - - - - -"})
  void aRuleEndsAParagraph(String rule) throws Exception {
    assertThat(text(read("a.md", "One\nmore.\n" + rule + "\nTwo."))).isEqualTo("One more.\nTwo.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--", "- -", "***a***", "    ---"})
  void noRuleDoesNot(String none) throws Exception {
    assertThat(text(read("a.md", "One\nmore.\n" + none + "\nTwo.")))
        .isNotEqualTo("One more.\nTwo.");
  }

  @Test
  void aNoteIsCalledByItsFirstHeadingEvenIfNothingButAnotherFollows() throws Exception {
    assertThat(read("a.md", "# Genetics\n\n## Words\n\nA gene.").title()).isEqualTo("Genetics");
    assertThat(read("a.html", "<h1>Genetics</h1><h2>Words</h2><p>A gene.").title())
        .isEqualTo("Genetics");
    assertThat(read("a.txt", "The water cycle\n\nWater flows.").title())
        .isEqualTo("The water cycle");
    assertThat(read("a.txt", "Water flows.\n\nIt falls.").title()).isNull();
  }

  private static byte[] pdf(boolean encrypted, String... pages) throws IOException {
    try (PDDocument document = new PDDocument()) {
      for (String lines : pages) {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
          content.beginText();
          content.setFont(new PDType1Font(FontName.HELVETICA), 12);
          content.setLeading(14);
          content.newLineAtOffset(50, 700);
          for (String line : lines.split("\n", -1)) {
            content.showText(line);
            content.newLine();
          }
          content.endText();
        }
      }
      if (encrypted) {
        document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      document.save(bytes);
      return bytes.toByteArray();
    }
  }

  @Test
  void aPdfIsReadPageByPageWithDividedWordsJoined() throws Exception {
    Note note =
        read(
            "a.pdf",
            pdf(
                false,
                "Osmosis\n\n\nWater goes through a mem-\nbrane into the cell.",
                "A second page."));
    assertThat(text(note)).contains("Water goes through a membrane into the cell.");
    assertThat(note.sections()).extracting(Section::page).containsExactly(1, 2);
    assertThat(note.sections().getFirst().heading()).isEqualTo("Osmosis");
  }

  @Test
  void aBrokenPdfIsRefusedWithAReason() throws Exception {
    byte[] whole = pdf(false, "Text.");
    for (byte[] broken :
        List.of(
            "no pdf".getBytes(StandardCharsets.UTF_8),
            new byte[0],
            "%PDF-1.7\n1 0 obj".getBytes(StandardCharsets.UTF_8))) {
      assertThatExceptionOfType(Unreadable.class)
          .isThrownBy(() -> read("a.pdf", broken))
          .withMessageContaining("PDF");
    }
    assertThatExceptionOfType(Unreadable.class)
        .isThrownBy(() -> read("a.pdf", pdf(true, "Secret.")))
        .withMessage("is encrypted");
    assertThat(text(read("a.pdf", whole))).isEqualTo("Text.");
  }

  /// Ten forms that each draw ten others, and so on, are ten billion things in a small file.
  @Test
  void aPdfThatDrawsForEverIsGivenUp() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PDDocument document = new PDDocument()) {
      PDPage page = new PDPage();
      document.addPage(page);
      PDFormXObject inner = new PDFormXObject(document);
      for (int depth = 0; depth < 10; depth++) {
        PDFormXObject outer = new PDFormXObject(document);
        outer.setBBox(new PDRectangle(100, 100));
        outer.setResources(new PDResources());
        try (PDFormContentStream content = new PDFormContentStream(outer)) {
          for (int i = 0; depth > 0 && i < 10; i++) {
            content.drawForm(inner);
          }
        }
        inner = outer;
      }
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.drawForm(inner);
      }
      document.save(bytes);
    }
    assertThatExceptionOfType(Unreadable.class)
        .isThrownBy(() -> PdfReader.read(bytes.toByteArray(), 10_000))
        .withMessage("draws more than 10000 things");
  }

  @Test
  void deepMarkupIsReadOrRefusedButHarmsNothing() throws Exception {
    String deep = "<div>".repeat(100_000) + "text" + "> ".repeat(1000);
    assertThat(text(read("a.html", deep))).contains("text");
    assertThat(text(read("a.md", "> ".repeat(100_000) + "text"))).contains("text");
    assertThat(text(read("a.md", "[".repeat(100_000) + "text" + "*".repeat(100_000))))
        .contains("text");
  }

  @Test
  void onlyTheseEndingsAreNotes() {
    assertThat(List.of("a.md", "a.TXT", "b.c.html", "a.htm", "a.Pdf")).allMatch(NoteReader::isNote);
    assertThat(List.of("a.doc", "md", ".md", "a.md~", "a.markdown")).noneMatch(NoteReader::isNote);
  }
}
