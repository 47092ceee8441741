package dev.agentrooms.tools.notes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/// All chunks, with their text, ranked by BM25. On disk, so that much text takes little memory.
///
/// A search sees the state of the last [#publish], and waits for nothing.
final class NotesIndex implements AutoCloseable {

  /// A chunk that a search found.
  record Hit(Chunk chunk, double score) {}

  // Notes vary little in length, so that length says little.
  private static final BM25Similarity BM25 = new BM25Similarity(1.2f, 0.3f);
  private static final float HEADING_WEIGHT = 0.6f;

  // Lucene takes 1024 clauses in a query, and each stem makes two.
  private static final int MOST_ASKED = 400;

  private static final String TEXT = "text";
  private static final String HEADING = "heading";
  private static final String SOURCE = "source";
  private static final String NUMBER = "number";

  // Kept, because loggers that nobody holds lose their level. Lucene would say on every start that
  // a module of the JDK is missing which makes vectors faster; there are none here.
  private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

  static {
    LUCENE.setLevel(Level.SEVERE);
  }

  private final Directory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;

  private NotesIndex(Directory directory, IndexWriter writer, SearcherManager searchers) {
    this.directory = directory;
    this.writer = writer;
    this.searchers = searchers;
  }

  /// @param folder where its files go; empty
  static NotesIndex in(Path folder) {
    try {
      Directory directory = FSDirectory.open(folder);
      IndexWriter writer =
          new IndexWriter(
              directory,
              new IndexWriterConfig(NotesAnalyzer.INSTANCE)
                  .setSimilarity(BM25)
                  .setCommitOnClose(false));
      SearcherFactory factory =
          new SearcherFactory() {
            @Override
            public IndexSearcher newSearcher(
                org.apache.lucene.index.IndexReader reader,
                org.apache.lucene.index.@Nullable IndexReader before) {
              IndexSearcher searcher = new IndexSearcher(reader);
              searcher.setSimilarity(BM25);
              return searcher;
            }
          };
      return new NotesIndex(directory, writer, new SearcherManager(writer, factory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Puts these chunks in the place of all that the file had.
  void put(String source, List<Chunk> chunks) throws IOException {
    List<Document> documents = new ArrayList<>(chunks.size());
    for (Chunk chunk : chunks) {
      documents.add(document(chunk, documents.size()));
    }
    writer.updateDocuments(new Term(SOURCE, source), documents);
  }

  void remove(String source) throws IOException {
    writer.deleteDocuments(new Term(SOURCE, source));
  }

  /// Shows all changes so far to searches that begin from now on.
  void publish() throws IOException {
    searchers.maybeRefreshBlocking();
  }

  private static void store(Document document, String field, @Nullable String value) {
    if (value != null) {
      document.add(new StoredField(field, value));
    }
  }

  private static Document document(Chunk chunk, int number) {
    Document document = new Document();
    document.add(new StringField("id", chunk.id(), Field.Store.YES));
    document.add(new StringField(SOURCE, chunk.source(), Field.Store.YES));
    document.add(new NumericDocValuesField(NUMBER, number));
    document.add(new TextField(TEXT, chunk.text(), Field.Store.YES));
    store(document, "heading_text", chunk.heading());
    store(document, "title", chunk.title());
    document.add(new TextField(HEADING, chunk.headings(), Field.Store.NO));
    Integer page = chunk.page();
    if (page != null) {
      document.add(new StoredField("page", page));
    }
    chunk.bold().forEach(term -> document.add(new StoredField("bold", term)));
    document.add(new StoredField("prose", chunk.isProse() ? 1 : 0));
    return document;
  }

  /// The best chunks, best first; none when no word of the question is in any.
  List<Hit> search(String question, int most) {
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    for (String stem : asked(question)) {
      Query heading = new TermQuery(new Term(HEADING, stem));
      query.add(new TermQuery(new Term(TEXT, stem)), Occur.SHOULD);
      query.add(new BoostQuery(heading, HEADING_WEIGHT), Occur.SHOULD);
    }
    return found(query.build(), most, Sort.RELEVANCE);
  }

  // Of a question as long as a page those that tell most.
  private List<String> asked(String question) {
    List<String> stems = NotesAnalyzer.stems(question);
    return stems.size() <= MOST_ASKED
        ? stems
        : stems.stream()
            .distinct()
            .filter(this::isKnown)
            .sorted(Comparator.comparingDouble(this::rarity).reversed())
            .limit(MOST_ASKED)
            .toList();
  }

  /// The chunks of one file, in their order.
  List<Hit> of(String source, int most) {
    return found(
        new TermQuery(new Term(SOURCE, source)),
        most,
        new Sort(new SortField(NUMBER, SortField.Type.INT)));
  }

  /// Whether there is a chunk of this id.
  boolean has(String id) {
    return !found(new TermQuery(new Term("id", id)), 1, Sort.INDEXORDER).isEmpty();
  }

  /// Some of all chunks, in no particular order.
  List<Hit> any(int most) {
    return found(MatchAllDocsQuery.INSTANCE, most, Sort.INDEXORDER);
  }

  private boolean isKnown(String stem) {
    return with(
        searcher ->
            searcher.getIndexReader().docFreq(new Term(TEXT, stem)) > 0
                || searcher.getIndexReader().docFreq(new Term(HEADING, stem)) > 0);
  }

  /// How rare a stem is: 0 for one that every chunk has.
  double rarity(String stem) {
    return with(
        searcher -> {
          int all = searcher.getIndexReader().numDocs();
          int having = searcher.getIndexReader().docFreq(new Term(TEXT, stem));
          return Math.log(1 + (all - having + 0.5) / (having + 0.5));
        });
  }

  private List<Hit> found(Query query, int most, Sort sort) {
    return with(
        searcher -> {
          List<Hit> hits = new ArrayList<>();
          StoredFields stored = searcher.storedFields();
          for (ScoreDoc each : searcher.search(query, most, sort, true).scoreDocs) {
            hits.add(new Hit(chunk(stored.document(each.doc)), each.score));
          }
          return hits;
        });
  }

  private static Chunk chunk(Document document) {
    IndexableField page = document.getField("page");
    IndexableField prose = document.getField("prose");
    return new Chunk(
        document.get("id"),
        document.get(TEXT),
        document.get(SOURCE),
        document.get("title"),
        document.get("heading_text"),
        page == null ? null : page.numericValue().intValue(),
        List.of(document.getValues("bold")),
        prose != null && prose.numericValue().intValue() == 1);
  }

  private interface Search<T> {
    T in(IndexSearcher searcher) throws IOException;
  }

  private <T> T with(Search<T> search) {
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        return search.in(searcher);
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (directory;
        writer) {
      searchers.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
