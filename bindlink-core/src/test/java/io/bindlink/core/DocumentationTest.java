package io.bindlink.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.Counter;
import io.bindlink.api.Link;
import io.bindlink.core.base.DropReason;
import io.bindlink.core.base.RealNetwork;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keeps the documents true, where a machine can tell. */
class DocumentationTest {
    private static final Path ROOT = root();
    private static final Path EXAMPLES = ROOT.resolve("docs/examples");
    private static final Path OPERATING = ROOT.resolve("docs/operating.md");
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVADOC_BLOCK = Pattern.compile("<pre>\\{@code\n(.*?)}</pre>", Pattern.DOTALL);
    private static final Pattern EXPORTS = Pattern.compile("^ *exports ([\\w.]+);", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("]\\((?!\\w+:)([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern PITFALL = Pattern.compile("^\\| (?!pitfall|defect).* \\|(.*)\\|$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`(\\w+Test#\\w+)`");
    private static final Pattern CODE = Pattern.compile("`([a-z0-9_]+)`");
    private static final Pattern COUNTER_NAME = Pattern.compile("\"([a-z]+(?:_[a-z]+)+)\""); // nothing else has these

    @Test
    void readmeHasTheTwoCommands() throws IOException {
        assertThat(Files.readString(ROOT.resolve("README.md")))
                .contains("\nmvn -q -DskipTests package && java -jar bindlink-cli/target/bindlink-cli.jar demo\n")
                .contains("\nmvn verify\n");
    }

    @Test
    void everyScriptParses() throws Exception {
        String bash = RealNetwork.assumeProgram("bash").toString();
        List<Path> scripts = new ArrayList<>(List.of(ROOT.resolve(".ci/run")));
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".sh")).forEach(scripts::add);
        }
        assertThat(scripts).contains(ROOT.resolve("docs/lab/lab.sh"), ROOT.resolve("docs/lab/net.sh"));
        for (Path script : scripts) {
            Process parser = new ProcessBuilder(bash, "-n", script.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(parser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(parser.waitFor()).as(said).isZero();
        }
    }

    @Test
    void everyExampleCompiles(@TempDir Path out) throws Exception {
        compileExamples(out);
    }

    @Test
    @Timeout(120)
    void theExamplesThatNeedNothingRun(@TempDir Path out) throws Exception {
        compileExamples(out);
        try (URLClassLoader examples =
                new URLClassLoader(new URL[] {out.toUri().toURL()}, getClass().getClassLoader())) {
            assertThat(run(examples, "FirstByte")).endsWith("the first bonded byte: 42\n");
            run(examples, "BothEnds");
            assertThat(run(examples, "SimulateBond")).contains(" Mbit/s over 30.0 s");
            String table = run(examples, "MeasureScheduler");
            assertThat(withoutFigures(Files.readString(ROOT.resolve("docs/strategies.md"))))
                    .contains(withoutFigures(table));
        }
    }

    /** The schedulers get better; what the table is of stays. */
    private static String withoutFigures(String table) {
        return table.replaceAll("\\d+\\.\\d", "0.0");
    }

    /** Runs a program and gives what it printed. */
    private static String run(ClassLoader examples, String name) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            examples.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void everyPieceOfCodeIsFromAnExample() throws IOException {
        for (String document :
                List.of("README.md", "docs/embedding.md", "docs/strategies.md", "docs/quick-starts.md")) {
            assertFromExamples(document, matches(JAVA_BLOCK, Files.readString(ROOT.resolve(document))));
        }
    }

    @Test
    void everyPieceOfCodeInTheJavadocIsFromAnExample() throws IOException {
        Set<String> withCode = new TreeSet<>();
        for (Path source : exportedSources()) {
            List<String> blocks = matches(JAVADOC_BLOCK, Files.readString(source)).stream()
                    .map(block -> block.replaceAll("(?m)^ *\\* ?", ""))
                    .toList();
            if (!blocks.isEmpty()) {
                assertFromExamples(source.toString(), blocks);
                withCode.add(source.getFileName().toString());
            }
        }
        assertThat(withCode).contains("Bindlink.java", "SimBond.java", "Trial.java", "LinkRecorder.java");
    }

    private static void assertFromExamples(String document, List<String> blocks) throws IOException {
        assertThat(blocks).as("pieces of code in " + document).isNotEmpty();
        List<String> sources = new ArrayList<>();
        for (Path source : filesUnder(EXAMPLES, ".java")) {
            sources.add(withoutIndentation(Files.readString(source)));
        }
        for (String block : blocks) {
            assertThat(sources)
                    .as("examples that have the piece of code in " + document)
                    .anyMatch(source -> has(source, withoutIndentation(block)));
        }
    }

    /** Whether a text has all of a piece, which may leave out something where it has a line of three dots. */
    private static boolean has(String source, String piece) {
        int from = 0;
        for (String part : piece.split("(?m)^\\.\\.\\.$")) {
            int at = source.indexOf(part.strip(), from);
            if (at < 0) {
                return false;
            }
            from = at + part.strip().length();
        }
        return true;
    }

    private static List<Path> exportedSources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path sources : inModules("src/main/java")) {
            Path module = sources.resolve("module-info.java");
            List<String> exported = Files.exists(module) ? matches(EXPORTS, Files.readString(module)) : List.of();
            for (String name : exported) {
                try (Stream<Path> files = Files.list(sources.resolve(name.replace('.', '/')))) {
                    files.filter(Files::isRegularFile).forEach(all::add);
                }
            }
        }
        return all;
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (Path document : documents()) {
            for (String link : matches(LINK, Files.readString(document))) {
                assertThat(document.resolveSibling(link))
                        .as("linked from " + document.getFileName())
                        .exists();
            }
        }
    }

    @Test
    void everyDecisionIsListed() throws IOException {
        String index = Files.readString(ROOT.resolve("docs/README.md"));
        for (Path decision : filesUnder(ROOT.resolve("docs/adr"), ".md")) {
            assertThat(index).contains("(adr/" + decision.getFileName() + ")");
        }
    }

    @Test
    void everyPitfallHasItsTests() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Path source : testSources()) {
            String name = source.getFileName().toString();
            sources.merge(
                    name.substring(0, name.length() - ".java".length()), Files.readString(source), String::concat);
        }
        String pitfalls = Files.readString(ROOT.resolve("docs/pitfalls.md"));
        assertThat(matches(PITFALL, pitfalls))
                .hasSizeGreaterThan(40)
                .allMatch(tests -> TEST.matcher(tests).find());
        assertThat(matches(TEST, pitfalls)).allSatisfy(test -> {
            String[] named = test.split("#");
            assertThat(sources).containsKey(named[0]);
            assertThat(sources.get(named[0])).contains("void " + named[1] + "(");
        });
    }

    @Test
    void everyCounterIsExplained() throws IOException {
        Set<String> explained = new TreeSet<>();
        section(Files.readString(OPERATING), "Counters")
                .lines()
                .filter(line -> line.startsWith("| `"))
                .forEach(line -> explained.addAll(matches(CODE, line.substring(0, line.indexOf('|', 1)))));
        assertThat(explained).containsExactlyInAnyOrderElementsOf(counters());
    }

    @Test
    void everyCounterIsInTheEnum() throws IOException {
        Set<String> counted = new TreeSet<>();
        for (DropReason reason : DropReason.values()) {
            counted.add(reason.counter());
        }
        for (Path source : filesUnder(ROOT.resolve("bindlink-core/src/main/java"), ".java")) {
            counted.addAll(matches(COUNTER_NAME, Files.readString(source)));
        }
        assertThat(counted).contains("mux_duplicate", "queue_codel"); // so that the pattern still finds some
        assertThat(counters()).as("the enum Counter").containsAll(counted);
    }

    @Test
    void theLibraryKnowsWhatItWasBuiltFrom() {
        assertThat(Bindlink.version()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(Bindlink.revision()).matches("[0-9a-f]{12}|unknown");
    }

    private static Set<String> counters() {
        return Stream.of(Counter.values()).map(Counter::label).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String section(String document, String title) {
        int start = document.indexOf("\n## " + title + "\n");
        assertThat(start).as("section " + title).isPositive();
        int end = document.indexOf("\n## ", start + 1);
        return document.substring(start, end < 0 ? document.length() : end);
    }

    @Test
    void everyExitCodeIsExplained() throws IOException {
        String operating = Files.readString(OPERATING);
        for (BindlinkException.Code code : BindlinkException.Code.values()) {
            assertThat(operating).contains("| " + code.exitCode() + " | `" + code + "` |");
        }
    }

    private static void compileExamples(Path out) throws IOException {
        String classPath = Stream.of(Link.class, Bindlink.class, NullMarked.class)
                .map(DocumentationTest::origin)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> arguments = new ArrayList<>(List.of(
                "--release", "17", "-Xlint:all", "-Werror", "-proc:none", "-cp", classPath, "-d", out.toString()));
        filesUnder(EXAMPLES, ".java").forEach(source -> arguments.add(source.toString()));
        StringWriter said = new StringWriter();
        PrintWriter to = new PrintWriter(said, true);
        int result = ToolProvider.findFirst("javac").orElseThrow().run(to, to, arguments.toArray(String[]::new));
        assertThat(result).as(said.toString()).isZero();
    }

    private static String origin(Class<?> one) {
        return Path.of(URI.create(
                        one.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    private static List<Path> documents() throws IOException {
        List<Path> all = new ArrayList<>(filesUnder(ROOT.resolve("docs"), ".md"));
        try (Stream<Path> top = Files.list(ROOT)) {
            top.filter(file -> file.toString().endsWith(".md")).forEach(all::add);
        }
        return all;
    }

    private static List<Path> testSources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path tests : inModules("src/test/java")) {
            all.addAll(filesUnder(tests, ".java"));
        }
        return all;
    }

    /** A directory of each module that has it. */
    private static List<Path> inModules(String directory) throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve(directory))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    private static List<Path> filesUnder(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).toList();
    }

    private static String withoutIndentation(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    /** The project's own directory, from wherever below it the tests are started. */
    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.isDirectory(directory.resolve("docs/adr"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("the tests are started outside the project");
        }
        return directory;
    }
}
