package dev.agentrooms.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The rules of the layout that the poms cannot express.
@ArchTag("unit")
@AnalyzeClasses(
    packages = "dev.agentrooms",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {

  /// What one module's tests lend to those of another.
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule whatIsKeptOfASessionIsPlainValues =
      noClasses()
          .that()
          .resideInAPackage("dev.agentrooms.agent.session..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.pekko..",
              "java.net.http..",
              "dev.agentrooms.http..",
              "dev.agentrooms.agent",
              "dev.agentrooms.agent.telemetry..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(InstantSource.class)
          .because("what is decided is tested in microseconds");

  @ArchTest
  static final ArchRule telemetryLooksOn =
      noClasses()
          .that()
          .resideInAPackage("dev.agentrooms.agent.telemetry..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.agentrooms.agent")
          .because("what measures is told, and asks nobody");

  @ArchTest
  static final ArchRule actorsKnowNoHttp =
      noClasses()
          .that(areOneOf("dev.agentrooms.agent.AgentSession"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.pekko.http..", "java.net.http..")
          .because("routes translate, actors order, send and wait");

  /// Two files that need each other are one, or have something between them that is neither's.
  @ArchTest
  static void noTwoFilesOfTheAgentNameEachOther(JavaClasses classes) {
    Map<String, Set<String>> named = new TreeMap<>();
    for (JavaClass type : classes.that(resideInAPackage("dev.agentrooms.agent.."))) {
      Set<String> others = named.computeIfAbsent(file(type), name -> new TreeSet<>());
      type.getDirectDependenciesFromSelf().forEach(each -> others.add(file(each.getTargetClass())));
    }
    List<String> pairs = new ArrayList<>();
    named.forEach(
        (one, others) ->
            others.stream()
                .filter(other -> one.compareTo(other) < 0)
                .filter(other -> named.getOrDefault(other, Set.of()).contains(one))
                .forEach(other -> pairs.add(one + " and " + other)));
    assertThat(pairs).isEmpty();
  }

  private static String file(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::file).orElse(type.getName());
  }

  @ArchTest
  static final ArchRule timeIsInjected =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.agentrooms.app..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .because("a test sets the clock");

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .because("a thread that sleeps is one that nobody else has");

  @ArchTest
  static final ArchRule agentAndWebUiMeetOnlyInTheApp =
      noClasses()
          .that()
          .resideInAPackage("dev.agentrooms.agent..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.agentrooms.webui..");

  @ArchTest
  static final ArchRule commandsKnowServersByTheWireAlone =
      noClasses()
          .that()
          .resideInAPackage("dev.agentrooms.app.cli")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.agentrooms.app",
              "dev.agentrooms.agent..",
              "dev.agentrooms.http.edge..",
              "org.apache.pekko..",
              "org.slf4j..")
          .because("a command starts fast, and talks to a server of any version");

  @ArchTest
  static final ArchRule productionGoesWithoutTheStandIns =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.agentrooms.mocks..")
          .and()
          .doNotHaveSimpleName("StandIns")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.agentrooms.mocks..", "com.github.tomakehurst..")
          .because("they are on the class path in development only");

  @ArchTest
  static final ArchRule onlyTheEdgeKnowsItsTransport =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.agentrooms.http.edge..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..")
          .because("what is above reads requests and gives answers, whoever carries them");

  @ArchTest
  static final ArchRule routesAreReachedThroughServers =
      classes()
          .that(
              simpleNameEndingWith("Routes")
                  .and(resideInAPackage("dev.agentrooms.."))
                  // One package per protocol, put together by Adapters.
                  .and(not(resideInAPackage("dev.agentrooms.adapters.."))))
          .should()
          .notBePublic();

  private static DescribedPredicate<JavaClass> areOneOf(String... names) {
    return new DescribedPredicate<>("are " + String.join(", ", names)) {
      @Override
      public boolean test(JavaClass type) {
        for (String name : names) {
          if (type.getName().equals(name)) {
            return true;
          }
        }
        return false;
      }
    };
  }
}
