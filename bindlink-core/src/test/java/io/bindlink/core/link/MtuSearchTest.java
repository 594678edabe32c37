package io.bindlink.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MtuSearchTest {
    private static final long MILLI = 1_000_000;
    private static final long TIMEOUT = 100 * MILLI;

    @Test
    void baseAndFullSizeAreTriedAtOnce() {
        MtuSearch search = new MtuSearch(1472, 0);
        assertThat(search.datagramBytes()).isEqualTo(1200);
        assertThat(search.probeBytes(0)).isEqualTo(1200);
        search.onProbeSent(1200, TIMEOUT, 0);
        assertThat(search.probeBytes(0)).isEqualTo(1472);
        search.onProbeSent(1472, TIMEOUT, 0);
        assertThat(search.probeBytes(0)).isZero();
        search.onReply(1472);

        assertThat(search.datagramBytes()).isEqualTo(1472);
        assertThat(search.pollTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "1472, 1472",
        "1472, 1464",
        "1472, 1432",
        "1472, 1392",
        "1472, 1200",
        "1472, 1000",
        "1472, 548",
        "1000, 900"
    })
    void findsWhatPasses(int maxBytes, int pathBytes) {
        MtuSearch search = new MtuSearch(maxBytes, 0);
        long now = 0;
        int probes = 0;
        while (search.pollTimeout() - now < 60_000 * MILLI) {
            now = Math.max(now, search.pollTimeout());
            int bytes = search.probeBytes(now);
            if (bytes == 0) {
                continue;
            }
            search.onProbeSent(bytes, TIMEOUT, now);
            probes++;
            if (bytes <= pathBytes) {
                search.onReply(bytes);
            }
        }
        assertThat(search.datagramBytes()).isBetween(pathBytes - 8, pathBytes);
        assertThat(probes).isLessThan(40);
    }

    @Test
    void answerToASmallProbeDoesNotShrinkDatagrams() {
        MtuSearch search = new MtuSearch(1472, 0);
        search.onProbeSent(1200, TIMEOUT, 0);
        search.onReply(36);
        assertThat(search.datagramBytes()).isEqualTo(1200);
    }

    @Test
    void triesLargerSizesAgainLater() {
        MtuSearch search = new MtuSearch(1472, 0);
        search.onProbeSent(1200, TIMEOUT, 0);
        search.onReply(1200);
        long now = 0;
        while (search.pollTimeout() - now < 60_000 * MILLI) {
            now = Math.max(now, search.pollTimeout());
            int bytes = search.probeBytes(now);
            if (bytes > 0) {
                search.onProbeSent(bytes, TIMEOUT, now);
            }
        }
        assertThat(search.datagramBytes()).isEqualTo(1200);
        assertThat(search.probeBytes(search.pollTimeout())).isEqualTo(1472);
    }
}
