package io.bindlink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.Link;
import io.bindlink.core.Bindlink;
import io.bindlink.tun.jna.JnaTunDeviceProvider;
import io.bindlink.tun.tcp.TcpTunDeviceProvider;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.URI;
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
 * Nothing goes away unseen from what the library's modules export: docs/adr/0018. What is added need not be written down at
 * once; {@code -Dbindlink.api=write} writes all.
 */
class ApiBaselineTest {
    private static final Path BASELINE = Path.of("src/test/resources/api-baseline.txt");

    /** One of each module. */
    private static final List<Class<?>> MODULES =
            List.of(Link.class, Bindlink.class, JnaTunDeviceProvider.class, TcpTunDeviceProvider.class);

    @Test
    void nothingOfTheBaselineIsGone() throws IOException {
        Set<String> now = signatures();
        if ("write".equals(System.getProperty("bindlink.api"))) {
            Files.write(BASELINE, now);
        }
        List<String> gone = new ArrayList<>(Files.readAllLines(BASELINE));
        assertThat(gone).hasSizeGreaterThan(200);
        gone.removeAll(now);
        assertThat(gone)
                .as("what programs may use and is not there any more; if that is meant, it belongs into CHANGELOG.md,"
                        + " and -Dbindlink.api=write renews the baseline")
                .isEmpty();
    }

    private static Set<String> signatures() throws IOException {
        Path[] origins = MODULES.stream().map(ApiBaselineTest::origin).toArray(Path[]::new);
        Set<ModuleReference> modules = ModuleFinder.of(origins).findAll();
        assertThat(modules).hasSameSizeAs(MODULES);
        Set<String> all = new TreeSet<>();
        for (ModuleReference module : modules) {
            exported(module).stream().filter(ApiBaselineTest::isVisible).forEach(type -> add(type, all));
        }
        return all;
    }

    private static Path origin(Class<?> type) {
        return Path.of(URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    private static List<Class<?>> exported(ModuleReference module) throws IOException {
        Set<String> packages =
                module.descriptor().exports().stream().map(Exports::source).collect(Collectors.toSet());
        List<Class<?>> types = new ArrayList<>();
        try (ModuleReader reader = module.open();
                Stream<String> files = reader.list()) {
            for (String file :
                    files.filter(each -> each.matches(".*/.*\\.class")).toList()) {
                String name = file.replace('/', '.').substring(0, file.length() - ".class".length());
                if (packages.contains(name.substring(0, name.lastIndexOf('.')))) {
                    types.add(Class.forName(name, false, ApiBaselineTest.class.getClassLoader()));
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a class of a module's is not on the class path", e);
        }
        return types;
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
