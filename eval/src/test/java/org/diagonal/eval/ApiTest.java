package org.diagonal.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
import org.diagonal.plugin.Diagonal;
import org.diagonal.plugin.onnx.OnnxExport;
import org.junit.jupiter.api.Test;

/** What of the plug-in is for everyone, and that it does not lead into what is not. */
class ApiTest {

    private static final JavaClasses PLUGIN =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("org.diagonal.plugin");

    @Test
    void everyPackageSaysWhatItIs() {
        Set<String> silent =
                PLUGIN.stream()
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .filter(type -> ofPackage(type).isEmpty())
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(silent).isEmpty();
        assertThat(isApi(PLUGIN.get(Diagonal.class))).isTrue();
        assertThat(isApi(PLUGIN.get(OnnxExport.class))).isFalse();
    }

    @Test
    void theApiSpeaksOfNothingInternal() {
        List<String> wrong =
                PLUGIN.stream()
                        .filter(type -> isApi(type) && isOpen(type))
                        .flatMap(ApiTest::members)
                        .filter(member -> member.used.anyMatch(used -> !isApi(used)))
                        .map(Member::name)
                        .toList();
        assertThat(wrong).isEmpty();
    }

    private record Member(String name, Stream<JavaClass> used) {}

    /** What is public in a type, with the types of this project in its signature. */
    private static Stream<Member> members(JavaClass type) {
        Stream<Member> units =
                type.getCodeUnits().stream()
                        .filter(ApiTest::isOpen)
                        .map(unit -> new Member(unit.getFullName(), own(signature(unit))));
        Stream<Member> fields =
                type.getFields().stream()
                        .filter(ApiTest::isOpen)
                        .map(field -> new Member(field.getFullName(), own(signature(field))));
        return Stream.concat(units, fields);
    }

    private static Stream<JavaClass> signature(JavaCodeUnit unit) {
        return Stream.concat(
                unit.getReturnType().getAllInvolvedRawTypes().stream(),
                Stream.concat(
                        unit.getParameterTypes().stream()
                                .flatMap(type -> type.getAllInvolvedRawTypes().stream()),
                        unit.getThrowsClause().getTypes().stream()));
    }

    private static Stream<JavaClass> signature(JavaField field) {
        return field.getType().getAllInvolvedRawTypes().stream();
    }

    private static Stream<JavaClass> own(Stream<JavaClass> types) {
        return types.filter(type -> type.getPackageName().startsWith("org.diagonal"));
    }

    private static boolean isOpen(HasModifiers member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    /** A type says it itself, or the type around it, or its package. */
    private static boolean isApi(JavaClass type) {
        JavaClass outer = type.getBaseComponentType();
        while (outer.getEnclosingClass().isPresent() && !outer.isAnnotatedWith(API.class)) {
            outer = outer.getEnclosingClass().get();
        }
        Optional<API> own = outer.tryGetAnnotationOfType(API.class);
        return own.or(() -> ofPackage(type)).orElseThrow().status() == Status.MAINTAINED;
    }

    private static Optional<API> ofPackage(JavaClass type) {
        return type.getPackage().tryGetAnnotationOfType(API.class);
    }
}
