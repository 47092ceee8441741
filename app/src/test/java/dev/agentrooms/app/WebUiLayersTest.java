package dev.agentrooms.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The layers of the web UI: rooms, their watchers, and the server around both.
@ArchTag("unit")
@AnalyzeClasses(
    packages = "dev.agentrooms.webui",
    importOptions = ImportOption.DoNotIncludeTests.class)
@ArchTag("unit")
class WebUiLayersTest {

  @ArchTest
  static final ArchRule roomsKnowNeitherWatchersNorServer =
      noClasses()
          .that()
          .resideInAPackage("..webui.room")
          .should()
          .dependOnClassesThat(resideInAPackage("..webui.watch").or(resideInAPackage("..webui")))
          .because("a room is the same over whatever its events come and go");

  @ArchTest
  static final ArchRule watchersDoNotKnowTheServer =
      noClasses()
          .that()
          .resideInAPackage("..webui.watch")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..webui")
          .because("the server lets them in");

  @ArchTest
  static final ArchRule roomsSpeakNoHttp =
      noClasses()
          .that()
          .resideInAPackage("..webui.room")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.pekko.http..", "java.net.http..")
          .because("routes translate, rooms order, keep and show");

  @ArchTest
  static final ArchRule whatARoomHoldsIsPlain =
      noClasses()
          .that()
          .haveNameMatching(".*\\.webui\\.room\\.(History|EventIds|Rounds|RoomEpochs)")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.pekko..")
          .because("what is decided is tested in microseconds");
}
