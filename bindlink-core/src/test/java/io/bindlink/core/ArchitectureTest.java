package io.bindlink.core;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import io.bindlink.api.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps the architecture: which package may see which, and what the engine must not touch. */
class ArchitectureTest {
    private static final String ROOT = "io.bindlink.core";
    private static final String IO = ROOT + ".io";

    /** For each package of the engine, the packages beside {@code api} that it may use. The builder and sim see all. */
    private static final Map<String, Set<String>> MAY_SEE = new TreeMap<>(Map.ofEntries(
            Map.entry("base", Set.of()),
            Map.entry("wire", Set.of("base")),
            Map.entry("crypto", Set.of("base", "wire")),
            Map.entry("link", Set.of("base", "wire", "crypto")),
            Map.entry("session", Set.of("base", "wire", "crypto", "link")),
            Map.entry("io", Set.of("base", "wire", "crypto", "link", "session")),
            Map.entry("queue", Set.of("base")),
            Map.entry("scheduling", Set.of("base")),
            Map.entry("mux", Set.of("base", "queue", "scheduling")),
            Map.entry("stream", Set.of("base"))));

    private static final Pattern USES = Pattern.compile("Uses\\s+(?:\\* )?the API([^.;]*)[.;]");
    private static final Pattern NAME = Pattern.compile("\\{@code (\\w+)}");
    private static final Set<String> SEE_ALL = Set.of("", "sim");

    private static final JavaClasses API = importWhere(Link.class);
    private static final JavaClasses CORE = importWhere(Bindlink.class);

    static Set<String> layers() {
        return MAY_SEE.keySet();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void packagesSeeOnlyWhatIsBelowThem(String layer) {
        List<String> allowed =
                new ArrayList<>(List.of("java..", "javax.crypto..", "org.jspecify..", "io.bindlink.api.."));
        allowed.add(ROOT + "." + layer);
        MAY_SEE.getOrDefault(layer, Set.of()).forEach(below -> allowed.add(ROOT + "." + below));
        if (layer.equals("io")) {
            allowed.add("org.slf4j..");
            allowed.add("jdk.jfr..");
        }
        classes()
                .that()
                .resideInAPackage(ROOT + "." + layer + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .allowEmptyShould(true) // package-info alone is no class that depends on anything
                .check(CORE);
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        Set<String> known = new TreeSet<>(MAY_SEE.keySet());
        known.addAll(SEE_ALL);
        Set<String> found = new TreeSet<>();
        CORE.forEach(each -> found.add(
                each.getPackageName().equals(ROOT) ? "" : each.getPackageName().substring(ROOT.length() + 1)));
        assertThat(found).isSubsetOf(known);
    }

    @Test
    void theApiDependsOnNothing() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "io.bindlink.api..")
                .check(API);
    }

    @Test
    void timeIsAnArgumentOutsideIo() {
        noClasses()
                .that()
                .resideOutsideOfPackage(IO)
                .should()
                .accessTargetWhere(call("java.lang.System", "nanoTime|currentTimeMillis")
                        .or(call("java.lang.Thread", "sleep|onSpinWait|yield"))
                        .or(call("java.time.Clock", "system.*|tick.*"))
                        .or(call("java.time.(Instant|ZonedDateTime|OffsetDateTime|Local.*|Year.*)", "now"))
                        .as("reads a clock or waits"))
                .check(CORE);
    }

    @Test
    void chanceIsAnArgumentOutsideIo() {
        noClasses()
                .that()
                .resideOutsideOfPackage(IO)
                .should()
                .accessTargetWhere(call("java.security.SecureRandom", "<init>|getInstance.*")
                        .or(call("java.util.Random", "<init>"))
                        .or(call("java.util.UUID", "randomUUID"))
                        .or(call("java.util.concurrent.ThreadLocalRandom", "current"))
                        .or(call("java.lang.Math", "random"))
                        .as("makes a random source that is not seeded by its caller"))
                .check(CORE);
    }

    @Test
    void socketsAndChannelsLiveInIo() {
        DescribedPredicate<JavaClass> sockets = nameMatching(
                        "java\\.net\\.(\\w*Socket\\w*|DatagramPacket|URLConnection)")
                .and(not(nameMatching("java\\.net\\.(InetSocketAddress|SocketAddress|SocketException)(\\$.*)?")))
                .forSubtype();
        DescribedPredicate<JavaClass> mereInterfaces = // streams are channels, too; these open nothing
                nameMatching("java\\.nio\\.channels\\.((Readable|Writable)?Byte)?Channel")
                        .forSubtype();
        noClasses()
                .that()
                .resideOutsideOfPackage(IO)
                .should()
                .dependOnClassesThat(resideInAPackage("java.nio.channels..")
                        .and(not(mereInterfaces))
                        .or(sockets))
                .check(CORE);
    }

    @Test
    void onlyIoLogs() {
        noClasses()
                .that()
                .resideOutsideOfPackage(IO)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "java.util.logging..")
                .check(CORE);
        noClasses()
                .should()
                .accessTargetWhere(
                        call("java.lang.System", "out|err").or(call("java.lang.Throwable", "printStackTrace")))
                .check(CORE);
    }

    @Test
    void theEngineHasNoThreadsOfItsOwn() {
        noClasses()
                .that(resideInAnyPackage(layersBut("io", "stream")))
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.concurrent..")
                        .or(assignableTo(Thread.class))
                        .or(assignableTo(ThreadLocal.class))
                        .or(nameMatching("java\\.util\\.Timer.*").forSubtype()))
                .check(CORE);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void packagesSayWhatTheyUse(String layer) throws IOException {
        Path described = Path.of("src/main/java", ROOT.replace('.', '/'), layer, "package-info.java");
        Matcher uses = USES.matcher(Files.readString(described));
        assertThat(uses.find()).as("a sentence that begins with 'Uses the API'").isTrue();
        assertThat(NAME.matcher(uses.group(1)).results().map(name -> name.group(1)))
                .containsExactlyInAnyOrderElementsOf(MAY_SEE.get(layer));
    }

    @Test
    void noStaticFieldCanChange() {
        fields().that().areStatic().should().beFinal().check(CORE);
        fields().that().areStatic().should().beFinal().check(API);
    }

    @Test
    void nullIsDeclaredInEveryPackage() {
        Set<JavaPackage> packages = CORE.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
        API.stream().map(JavaClass::getPackage).forEach(packages::add);
        assertThat(packages)
                .isNotEmpty()
                .allMatch(each -> each.getPackageInfo().isAnnotatedWith(NullMarked.class), "has @NullMarked");
    }

    /** Calls, accesses and method references alike. */
    private static DescribedPredicate<JavaAccess<?>> call(String ownerPattern, String memberPattern) {
        return target(owner(nameMatching(ownerPattern)))
                .and(target(nameMatching(memberPattern)))
                .forSubtype();
    }

    private static String[] layersBut(String... exempt) {
        Set<String> layers = new TreeSet<>(MAY_SEE.keySet());
        layers.removeAll(Set.of(exempt));
        return layers.stream().map(layer -> ROOT + "." + layer).toArray(String[]::new);
    }

    /** What was compiled together with a class: its directory or jar, without tests. */
    private static JavaClasses importWhere(Class<?> one) {
        Location location =
                Location.of(one.getProtectionDomain().getCodeSource().getLocation());
        return new ClassFileImporter().importLocations(Set.of(location));
    }
}
