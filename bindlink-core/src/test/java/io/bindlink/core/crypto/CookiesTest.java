package io.bindlink.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CookiesTest {
    private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.1", 4711);
    private static final byte[] ATTEMPT = Bytes.counting(4);
    private static final long START = Long.MAX_VALUE - seconds(60); // clocks may start anywhere, and wrap

    private final Cookies cookies = new Cookies(new SplittableRandom(1), START);

    @Test
    void isValidForItsAddressAndAttemptAlone() {
        byte[] cookie = cookies.make(SOURCE, ATTEMPT, START);

        assertThat(cookie).hasSize(16);
        assertThat(cookies.valid(cookie, SOURCE, ATTEMPT, START)).isTrue();
        assertThat(cookies.valid(cookie, new InetSocketAddress("192.0.2.2", 4711), ATTEMPT, START))
                .isFalse();
        assertThat(cookies.valid(cookie, new InetSocketAddress("192.0.2.1", 4712), ATTEMPT, START))
                .isFalse();
        assertThat(cookies.valid(cookie, new InetSocketAddress("2001:db8::1", 4711), ATTEMPT, START))
                .isFalse();
        assertThat(cookies.valid(cookie, SOURCE, new byte[4], START)).isFalse();
        assertThat(cookies.valid(new byte[16], SOURCE, ATTEMPT, START)).isFalse();
        assertThat(cookies.valid(new byte[0], SOURCE, ATTEMPT, START)).isFalse();
    }

    @Test
    void outlivesOneChangeOfTheSecret() {
        byte[] cookie = cookies.make(SOURCE, ATTEMPT, START + seconds(119));

        assertThat(cookies.valid(cookie, SOURCE, ATTEMPT, START + seconds(120))).isTrue();
        assertThat(cookies.valid(cookie, SOURCE, ATTEMPT, START + seconds(239))).isTrue();
        assertThat(cookies.valid(cookie, SOURCE, ATTEMPT, START + seconds(240))).isFalse();
    }

    @Test
    void doesNotOutliveAQuietTime() {
        byte[] cookie = cookies.make(SOURCE, ATTEMPT, START);

        assertThat(cookies.valid(cookie, SOURCE, ATTEMPT, START + seconds(3_600)))
                .isFalse();
    }

    @Test
    void isNotValidAtAnotherMaster() {
        byte[] cookie = new Cookies(new SplittableRandom(2), START).make(SOURCE, ATTEMPT, START);

        assertThat(cookies.valid(cookie, SOURCE, ATTEMPT, START)).isFalse();
    }

    @Test
    void aNameIsNoSource() {
        InetSocketAddress name = InetSocketAddress.createUnresolved("example.org", 1);

        assertThatIllegalArgumentException().isThrownBy(() -> cookies.make(name, ATTEMPT, START));
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
