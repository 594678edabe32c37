package io.bindlink.cli.relaunch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void packetsGoBothWays() {
        assertThat(new WarmUp(Long.MAX_VALUE / 2).carry()).isGreaterThan(2_000_000);
    }

    @Test
    void itEndsInTime() {
        assertThat(new WarmUp(0).carry()).isLessThan(2_000_000);
    }

    @Test
    void itBeginsOnlyWhereTheJvmIsOurOwn() {
        CountDownLatch seen = new CountDownLatch(1);
        WarmUp.ofCode(seen::countDown);
        WarmUp.ofClasses();
        assertThat(seen.getCount()).isOne();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(each -> each.getName().equals("bindlink-warm-up"));
    }
}
