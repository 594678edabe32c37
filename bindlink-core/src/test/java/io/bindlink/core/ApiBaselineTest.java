package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Nothing goes away from the public API unseen: docs/adr/0018. What is added need not be written down at once; {@code
 * -Dbindlink.api=write} writes all.
 */
class ApiBaselineTest {
    private static final Path BASELINE = Path.of("src/test/resources/api-baseline.txt");
    private static final Set<String> PACKAGES =
            Set.of("io.bindlink.api", "io.bindlink.api.spi", "io.bindlink.core", "io.bindlink.core.stream");

    @Test
    void nothingOfTheBaselineIsGone() throws IOException {
        Path file = Files.isDirectory(Path.of("src"))
                ? BASELINE
                : Path.of("bindlink-core").resolve(BASELINE);
        Set<String> now = signatures();
        if ("write".equals(System.getProperty("bindlink.api"))) {
            Files.createDirectories(file.getParent());
            Files.write(file, now);
        }
        List<String> gone = new ArrayList<>(Files.readAllLines(file));
        assertThat(gone).hasSizeGreaterThan(200);
        gone.removeAll(now);
        assertThat(gone)
                .as("what programs may use and is not there any more; if that is meant, it belongs into CHANGELOG.md,"
                        + " and -Dbindlink.api=write renews the baseline")
                .isEmpty();
    }

    private static Set<String> signatures() {
        Set<String> all = new TreeSet<>();
        new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests()).importPackages("io.bindlink").stream()
                        .filter(type -> PACKAGES.contains(type.getPackageName()))
                        .map(JavaClass::reflect)
                        .filter(ApiBaselineTest::isVisible)
                        .forEach(type -> add(type, all));
        return all;
    }

    private static boolean isVisible(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
    }

    private static void add(Class<?> type, Set<String> all) {
        String kind = type.isRecord() ? "record" : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
        all.add(kind + " " + type.getName() + " : " + names(type.getGenericSuperclass()) + " "
                + Stream.of(type.getGenericInterfaces())
                        .map(Type::getTypeName)
                        .sorted()
                        .toList());
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field)) {
                all.add(type.getName() + "." + field.getName() + " : "
                        + field.getGenericType().getTypeName());
            }
        }
        Stream.concat(Stream.of(type.getDeclaredMethods()), Stream.of(type.getDeclaredConstructors()))
                .filter(ApiBaselineTest::isVisible)
                .filter(member -> !member.isSynthetic())
                .forEach(member -> all.add(signature(type, member)));
    }

    private static boolean isVisible(Member member) {
        return Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
    }

    private static String signature(Class<?> type, Executable member) {
        String name = member instanceof Method method
                ? method.getName() + " : " + method.getGenericReturnType().getTypeName()
                : "new";
        return type.getName() + "." + name
                + Stream.of(member.getGenericParameterTypes())
                        .map(Type::getTypeName)
                        .collect(Collectors.joining(", ", " (", ")"))
                + (Modifier.isStatic(member.getModifiers()) ? " static" : "");
    }

    private static String names(Type type) {
        return type == null ? "-" : type.getTypeName();
    }
}
