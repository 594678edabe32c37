package io.bindlink.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.BindlinkException;
import io.bindlink.api.LinkUri;
import io.bindlink.core.PresharedKey;
import io.bindlink.core.base.Seeds;
import io.bindlink.core.sim.CapacityTrace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every parser of what users write, against noise and against good text with mistakes in it: it understands or complains,
 * in a way that can be shown to anybody, and never fails in another way.
 */
class HostileTextTest {
    private static final int TEXTS = 4_000;
    private static final String SECRET = "hunter2";
    private static final String CHARACTERS =
            "09azAZ:/@[]%&=?.#+-_,;'\"\\ \t\n\0\u00e4\u20ac\u0663\uD83D\uDE00\uD800"; // with half a character

    @Test
    void linkUris() {
        List<String> good = List.of(
                "udp://master.example:4500",
                "udp://[2001:db8::1]:4500?from=2001:db8::2",
                "udp://m:1?dev=wwan0",
                "socks5://10.0.0.1:1080?from=10.0.0.2",
                "socks5+tcp://p:1",
                "http://p");
        Seeds.forEach(TEXTS, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            String text = hostile(good, random);
            understandOrComplain(text, each -> {
                LinkUri uri = LinkUri.parse(each);
                assertThat(uri.host()).isNotEmpty();
                assertThat(uri.port()).isBetween(1, 65_535);
                if (uri.user().isEmpty() && each.indexOf('%') < 0) {
                    assertThat(LinkUri.parse(uri.toString())).isEqualTo(uri);
                }
            });
        });
    }

    @Test
    void credentialsOfLinksAreNeverShown() {
        List<String> good = List.of("proxy:1080", "proxy:1080?password-file=/tmp/f&dev=wwan0", "[::1]:1?from=::2");
        Seeds.forEach(TEXTS, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            String user = random.nextBoolean() ? SECRET : "user:" + SECRET;
            understandOrComplain(
                    "socks5://" + user + "@" + hostile(good, random),
                    text -> assertThat(LinkUri.parse(text)).asString().doesNotContain(SECRET));
        });
    }

    @Test
    void hostsWithPorts() {
        List<String> good = List.of("master.example:4500", "[2001:db8::1]:7", "10.0.0.1:65535");
        Seeds.forEach(TEXTS, seed -> {
            String text = hostile(good, new SplittableRandom(seed));
            understandOrComplain(text, each -> {
                HostPort read = HostPort.parse(each, "proxy target");
                assertThat(read.host()).isNotEmpty();
                assertThat(read.port()).isBetween(1, 65_535);
            });
        });
    }

    @Test
    void addresses() {
        List<String> good = List.of("10.0.0.1", "2001:db8::1", "fe80::1%1", "::ffff:1.2.3.4");
        Seeds.forEach(TEXTS, seed -> {
            String text = hostile(good, new SplittableRandom(seed));
            understandOrComplain(text, AddressLiteral::parse); // must not ask a name server: that would take seconds
        });
    }

    @Test
    void keys(@TempDir Path directory) {
        Path file = directory.resolve("key");
        List<String> good = List.of("8Tl5z9dmLNBLNdLvpkoLLn5Tyh6S9fWwLHGHAdTXM3w=");
        Seeds.forEach(500, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            String text = hostile(good, random);
            understandOrComplain(
                    text, each -> assertThat(PresharedKey.parse(each).text()).isEqualTo(each.strip()));
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            Files.write(file, random.nextBoolean() ? bytes : text.getBytes(StandardCharsets.UTF_8));
            understandOrComplain(file.toString(), each -> PresharedKey.read(Path.of(each)));
        });
    }

    @Test
    void complaintsAboutKeysDoNotShowThem(@TempDir Path directory) {
        Path file = directory.resolve("key");
        Seeds.forEach(200, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            String text = SECRET + hostile(List.of(), random) + SECRET;
            understandOrComplain(text, PresharedKey::parse);
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            understandOrComplain(file.toString(), each -> PresharedKey.read(Path.of(each)));
        });
    }

    @Test
    void traces() {
        List<String> good = List.of("1\n1\n5\n10", "0\n3\n3\n2147483647");
        Seeds.forEach(TEXTS, seed -> {
            String text = hostile(good, new SplittableRandom(seed));
            understandOrComplain(text, each -> {
                CapacityTrace trace = CapacityTrace.parse("lte", each.lines().toList());
                assertThat(trace.size()).isPositive();
                assertThat(trace.periodMillis()).isPositive();
                assertThat(trace.meanRateBytesPerSecond()).isNotNegative();
            });
        });
    }

    /** Fails unless the text is understood, or refused as a setting with a mistake and without showing secrets. */
    private static void understandOrComplain(String text, Consumer<String> parser) {
        try {
            parser.accept(text);
        } catch (BindlinkException e) {
            assertThat(e.code()).isEqualTo(BindlinkException.Code.CONFIG);
            assertThat(e.getMessage()).isNotBlank().doesNotContain(SECRET);
        } catch (RuntimeException e) {
            throw new AssertionError("text '" + text + "'", e);
        }
    }

    /** Noise, or a good text with some mistakes. */
    private static String hostile(List<String> good, RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        if (good.isEmpty() || random.nextInt(4) == 0) {
            for (int length = random.nextInt(40); length > 0; length--) {
                text.append(character(random));
            }
            return text.toString();
        }
        text.append(good.get(random.nextInt(good.size())));
        for (int mistakes = random.nextInt(4); mistakes > 0 && !text.isEmpty(); mistakes--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, character(random));
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.setCharAt(at, character(random));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(12))));
            }
        }
        return text.toString();
    }

    private static char character(RandomGenerator random) {
        return CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
    }
}
