package dev.agentrooms.tools.notes;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;

/// The text of a PDF, page by page. A short line on its own that ends like no sentence is taken
/// for a heading.
final class PdfReader {

  private static final int MAX_HEADING = 80;

  // A word divided at a line's end: a letter, a hyphen, and a small letter on the next line.
  private static final Pattern DIVIDED =
      Pattern.compile("(?<=\\p{L})[-\u00AD\u2010]\\s*\\n\\s*(?=\\p{Ll})");

  private PdfReader() {}

  static Note read(byte[] bytes) throws Unreadable {
    try (PDDocument document = Loader.loadPDF(bytes)) {
      Sections sections = new Sections();
      PDFTextStripper stripper = new PDFTextStripper();
      stripper.setLineSeparator("\n");
      stripper.setParagraphEnd("\n\n");
      stripper.setSortByPosition(false);
      for (int page = 1; page <= document.getNumberOfPages(); page++) {
        stripper.setStartPage(page);
        stripper.setEndPage(page);
        sections.page(page);
        paragraphs(stripper.getText(document), sections);
      }
      String title = document.getDocumentInformation().getTitle();
      return sections.note(title == null || title.isBlank() ? null : Spaces.collapsed(title));
    } catch (InvalidPasswordException e) {
      throw new Unreadable("is encrypted");
    } catch (IOException e) {
      throw new Unreadable("is not a PDF that can be read");
    }
  }

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
