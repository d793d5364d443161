package org.diagonal.eval;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house that Maven's module graph does not give. */
final class ArchitectureTest {

    private static final JavaClasses ALL =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("org.diagonal");

    @Test
    void allModulesAreSeen() {
        Assertions.assertThat(ALL.contain(Main.class)).isTrue();
        Assertions.assertThat(ALL.stream().map(JavaClass::getPackageName))
                .anyMatch(name -> name.startsWith("org.diagonal.plugin"))
                .anyMatch(name -> name.startsWith("org.diagonal.wikitext"))
                .anyMatch(name -> name.startsWith("org.diagonal.eval.cli"));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.diagonal.(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void everyRoomStandsOnAFloorAndEveryFloorHasItsRooms() {
        Set<String> found =
                ALL.stream()
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .map(Rooms::of)
                        .collect(Collectors.toCollection(TreeSet::new));
        Assertions.assertThat(found).containsExactlyInAnyOrderElementsOf(Rooms.all());
    }

    /** Arrows go down: a room knows rooms on lower floors of its module, and no neighbour. */
    @ParameterizedTest
    @MethodSource("org.diagonal.eval.Rooms#all")
    void roomsKnowOnlyRoomsBelow(String room) {
        List<String> wrong =
                ALL.stream()
                        .filter(type -> Rooms.of(type).equals(room))
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(
                                arrow ->
                                        arrow.getTargetClass()
                                                .getPackageName()
                                                .startsWith("org.diagonal"))
                        .filter(arrow -> !Rooms.mayKnow(room, Rooms.of(arrow.getTargetClass())))
                        .map(Dependency::getDescription)
                        .toList();
        Assertions.assertThat(wrong).isEmpty();
    }

    /** A room that holds more is two rooms. */
    @ParameterizedTest
    @MethodSource("org.diagonal.eval.Rooms#all")
    void noRoomIsCrowded(String room) {
        Assertions.assertThat(
                        ALL.stream()
                                .filter(type -> type.isTopLevelClass())
                                .filter(type -> !type.getSimpleName().equals("package-info"))
                                .filter(type -> Rooms.of(type).equals(room)))
                .hasSizeBetween(1, 25);
    }

    /**
     * The theory's mathematics knows templates and libraries, its room records and pages besides.
     */
    @Test
    void theKernelKnowsTemplatesAlone() {
        noClasses()
                .that()
                .resideInAPackage("org.diagonal.eval.kernel.math")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.diagonal.plugin..",
                        "org.diagonal.wikitext..",
                        "org.diagonal.eval",
                        "org.diagonal.eval.kernel",
                        "org.diagonal.eval.record..",
                        "org.diagonal.eval.report..",
                        "java.io..",
                        "java.nio..")
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage("org.diagonal.eval.kernel..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        packages(
                                List.of(
                                        "wikitext",
                                        "eval.source",
                                        "eval.hub",
                                        "eval.measure",
                                        "eval.cli")))
                .check(ALL);
    }

    @Test
    void onlyMainEndsTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Main.class.getName())
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(ALL);
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.diagonal.eval.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(ALL);
    }

    @Test
    void everyRandomChoiceHasASeed() {
        noClasses()
                .should()
                .callConstructor(Random.class)
                .orShould()
                .callConstructor(SplittableRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(ThreadLocalRandom.class, "current")
                .orShould()
                .callMethod(java.util.Collections.class, "shuffle", List.class)
                .orShould()
                .accessTargetWhere(unseededRandomSource())
                .check(ALL);
    }

    /** Generators whose seeds are not mixed, or are mixed twice over, correlate. */
    @Test
    void generatorsAreMadeInOnePlaceAModule() {
        noClasses()
                .that()
                .doNotHaveSimpleName("RandomStream")
                .and()
                .doNotHaveSimpleName("Randomness")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.commons.rng.simple..")
                .check(ALL);
    }

    @Test
    void nobodyCatchesException() {
        noClasses().should(catchException()).check(ALL);
    }

    private static String[] packages(List<String> rooms) {
        return rooms.stream()
                .flatMap(room -> Stream.of("org.diagonal." + room + ".."))
                .toArray(String[]::new);
    }

    /** Commons RNG draws a seed of its own in {@code RandomSource.XYZ.create()}. */
    private static DescribedPredicate<JavaAccess<?>> unseededRandomSource() {
        Set<String> unseeded = Set.of("create()", "createSeed()", "createInt()", "createLong()");
        return DescribedPredicate.describe(
                "a random source without a seed",
                access -> {
                    String target = access.getTarget().getFullName();
                    String owner = "org.apache.commons.rng.simple.RandomSource.";
                    return target.startsWith(owner)
                            && unseeded.contains(target.substring(owner.length()));
                });
    }

    /**
     * Classes that stand before a library which reports every fault of a file as a
     * RuntimeException, or that close something before they throw it on.
     */
    private static final Set<String> BORDERS =
            Set.of(
                    "org.diagonal.wikitext.rows.ParquetLines",
                    "org.diagonal.plugin.tokenizer.ModelTokenizer",
                    "org.diagonal.plugin.zoo.Gpt2Loader");

    private static ArchCondition<JavaClass> catchException() {
        return new ArchCondition<>("catch Exception, or RuntimeException without need") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (JavaCodeUnit unit : item.getCodeUnits()) {
                    boolean caught =
                            unit.getTryCatchBlocks().stream()
                                    .flatMap(block -> block.getCaughtThrowables().stream())
                                    .anyMatch(type -> isTooWide(item, type));
                    String words = unit.getFullName() + (caught ? " catches" : " does not catch");
                    events.add(new SimpleConditionEvent(unit, caught, words));
                }
            }
        };
    }

    private static boolean isTooWide(JavaClass catcher, JavaClass caught) {
        return caught.isEquivalentTo(Exception.class)
                || (caught.isEquivalentTo(RuntimeException.class)
                        && !BORDERS.contains(catcher.getFullName()));
    }
}
