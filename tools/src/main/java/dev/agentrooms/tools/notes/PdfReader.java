package dev.agentrooms.tools.notes;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;

/// The text of a PDF, page by page. A short line on its own that ends like no sentence is taken
/// for a heading.
final class PdfReader {

  private static final int MAX_HEADING = 80;
  // Letters, lines and shapes. A book of a thousand pages has some five million.
  private static final int MOST_DRAWN = 30_000_000;

  // A word divided at a line's end: a letter, a hyphen, and a small letter on the next line.
  private static final Pattern DIVIDED =
      Pattern.compile("(?<=\\p{L})[-\u00AD\u2010]\\s*\\n\\s*(?=\\p{Ll})");

  private PdfReader() {}

  static Note read(byte[] bytes) throws Unreadable {
    return read(bytes, MOST_DRAWN);
  }

  static Note read(byte[] bytes, int mostDrawn) throws Unreadable {
    try (PDDocument document = Loader.loadPDF(bytes)) {
      Sections sections = new Sections();
      StringWriter text = new StringWriter();
      Pages pages = new Pages(text.getBuffer(), sections, mostDrawn);
      pages.writeText(document, text);
      // The library goes on behind a form that fails.
      if (pages.drawn > mostDrawn) {
        throw new Drawn();
      }
      String title = document.getDocumentInformation().getTitle();
      return sections.note(title == null || title.isBlank() ? null : Spaces.collapsed(title));
    } catch (InvalidPasswordException e) {
      throw new Unreadable("is encrypted");
    } catch (Drawn e) {
      throw new Unreadable("draws more than " + mostDrawn + " things");
    } catch (IOException e) {
      throw new Unreadable("is not a PDF that can be read");
    }
  }

  /// Says what is written on each page when it has been drawn.
  ///
  /// A page may draw a form ten times that draws another ten times, and so on, so that a small file
  /// takes for ever: hence the limit.
  private static final class Pages extends PDFTextStripper {

    private final StringBuffer text;
    private final Sections sections;
    private final int mostDrawn;
    private long drawn;

    Pages(StringBuffer text, Sections sections, int mostDrawn) {
      this.text = text;
      this.sections = sections;
      this.mostDrawn = mostDrawn;
      setLineSeparator("\n");
      setParagraphEnd("\n\n");
      setSortByPosition(false);
    }

    @Override
    protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
      if (++drawn > mostDrawn) {
        throw new Drawn();
      }
      super.processOperator(operator, operands);
    }

    @Override
    protected void processTextPosition(TextPosition letter) {
      drawn++;
      super.processTextPosition(letter);
    }

    @Override
    protected void endPage(PDPage page) {
      sections.page(getCurrentPageNo());
      paragraphs(text.toString(), sections);
      text.setLength(0);
    }
  }

  private static final class Drawn extends IOException {}

  private static void paragraphs(String text, Sections sections) {
    for (String paragraph : text.split("\\n\\s*\\n")) {
      Matcher divided = DIVIDED.matcher(paragraph.strip());
      String joined = divided.replaceAll("");
      String line = Spaces.collapsed(joined);
      if (isHeading(joined, line)) {
        sections.heading(line);
      } else {
        sections.add(Passage.prose(line));
      }
    }
  }

  private static boolean isHeading(String joined, String line) {
    return !joined.contains("\n")
        && line.length() <= MAX_HEADING
        && line.chars().anyMatch(Character::isLetter)
        && Character.isLetterOrDigit(line.charAt(line.length() - 1))
        && !Character.isLowerCase(line.charAt(0));
  }
}
