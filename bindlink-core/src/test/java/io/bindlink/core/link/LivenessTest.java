package io.bindlink.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bindlink.api.LinkState;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private static final long MILLI = 1_000_000;
    private static final long TIMEOUT = 50 * MILLI;
    private static final int LINK = 1;
    private static final int OTHER = 2;

    private final PeerAnswers answers = new PeerAnswers();
    private final Liveness liveness = new Liveness(LINK, answers, 300 * MILLI, 0);
    private long now;
    private long token = 100;

    @Test
    void firstAnswerMakesItUp() {
        assertThat(liveness.state()).isEqualTo(LinkState.CONNECTING);
        assertThat(liveness.wantsProbe(0)).isTrue();
        probe();
        assertThat(liveness.wantsProbe(0)).isFalse();
        reply();

        assertThat(liveness.state()).isEqualTo(LinkState.UP);
    }

    @Test
    void unansweredConnectionIsTriedForEverButRarely() {
        int probes = 0;
        while (now < 300_000 * MILLI) {
            now = Math.max(now, liveness.pollTimeout());
            assertThat(liveness.wantsProbe(now)).isTrue();
            probe();
            probes++;
        }
        assertThat(liveness.state()).isEqualTo(LinkState.CONNECTING);
        assertThat(probes).isBetween(70, 110);
    }

    @Test
    void silenceUnderLoadMakesItSuspectThenDown() {
        up();
        for (now = 0; now < 40 * MILLI; now += MILLI) {
            liveness.onSent(now); // what is sent does not put the verdict off
        }
        now = 50 * MILLI;
        assertThat(liveness.wantsProbe(now)).isTrue();
        probe();
        answers.onAnswered(OTHER, now);
        advance(99);
        assertThat(liveness.state()).isEqualTo(LinkState.UP);
        advance(100);
        assertThat(liveness.state()).isEqualTo(LinkState.SUSPECT);
        assertThat(liveness.wantsProbe(now)).isTrue();
        answers.onAnswered(OTHER, now);
        advance(199);
        assertThat(liveness.state()).isEqualTo(LinkState.SUSPECT);
        advance(200);
        assertThat(liveness.state()).isEqualTo(LinkState.DOWN);
    }

    @Test
    void silenceWhileMuchIsUnderWayIsAskedAboutAtHalfTheTime() {
        up();
        liveness.onSent(0);
        liveness.onAnswered(0, UnderWay.MUCH, 10 * MILLI);
        now = 34 * MILLI;
        assertThat(liveness.wantsProbe(now)).isFalse();
        assertThat(liveness.doubtful(now)).isFalse();
        now = 35 * MILLI;
        assertThat(liveness.wantsProbe(now)).isTrue();
        assertThat(liveness.doubtful(now)).isTrue();
        assertThat(liveness.overdue(now)).isFalse();
        probe();
        answers.onAnswered(OTHER, now);
        advance(84); // the probe has a whole timeout to be answered
        assertThat(liveness.state()).isEqualTo(LinkState.UP);
        advance(85);
        assertThat(liveness.state()).isEqualTo(LinkState.SUSPECT);
    }

    @Test
    void silenceOfAllLinksIsForgivenForLonger() {
        up();
        answers.onAnswered(OTHER, now);
        liveness.onSent(now);
        now = 50 * MILLI;
        probe();
        advance(549);
        assertThat(liveness.state()).isEqualTo(LinkState.UP);
        advance(550);
        assertThat(liveness.state()).isEqualTo(LinkState.SUSPECT);
        advance(1049);
        assertThat(liveness.state()).isEqualTo(LinkState.SUSPECT);
        advance(1050);
        assertThat(liveness.state()).isEqualTo(LinkState.DOWN);
    }

    @Test
    void answersOnTheSameLinkAreNoOthers() {
        answers.onAnswered(LINK, 10);
        assertThat(answers.elsewhereSince(LINK, 5)).isFalse();
        assertThat(answers.elsewhereSince(OTHER, 5)).isTrue();
        answers.onAnswered(OTHER, 7);
        assertThat(answers.elsewhereSince(LINK, 5)).isTrue();
        assertThat(answers.elsewhereSince(LINK, 8)).isFalse();
        answers.onAnswered(OTHER, 20);
        assertThat(answers.elsewhereSince(OTHER, 10)).isTrue();
        assertThat(answers.elsewhereSince(OTHER, 11)).isFalse();
    }

    @Test
    void answeredProbeClearsTheSuspicion() {
        up();
        liveness.onSent(0);
        now = 50 * MILLI;
        probe();
        now = 90 * MILLI;
        reply();
        advance(500);

        assertThat(liveness.state()).isEqualTo(LinkState.UP);
    }

    @Test
    void idleLinkIsNotSuspectButAskedNowAndThen() {
        up();
        advance(1999);
        assertThat(liveness.wantsProbe(now)).isFalse();
        advance(2000);
        assertThat(liveness.wantsProbe(now)).isTrue();
        assertThat(liveness.state()).isEqualTo(LinkState.UP);
    }

    @Test
    void suspectIsUpAgainWithTheFirstAnswer() {
        up();
        liveness.suspect(now);
        assertThat(liveness.state()).isEqualTo(LinkState.SUSPECT);
        probe();
        advance(20);
        reply();

        assertThat(liveness.state()).isEqualTo(LinkState.UP);
    }

    @Test
    void downNeedsThreeAnswersOverThreeHundredMillis() {
        up();
        liveness.fail(now);
        long first = -1;
        while (liveness.state() == LinkState.DOWN) {
            now = Math.max(now, liveness.pollTimeout());
            probe();
            now += 10 * MILLI;
            reply();
            first = first < 0 ? now : first;
        }
        assertThat(now - first).isBetween(300 * MILLI, 500 * MILLI);
    }

    @Test
    void lateAnswersFromBeforeTheOutageDoNotBringItBack() {
        up();
        liveness.fail(1000 * MILLI);
        for (int i = 0; i < 10; i++) {
            liveness.onAnswered(900 * MILLI, UnderWay.NOTHING, (2000L + 100L * i) * MILLI);
        }
        assertThat(liveness.state()).isEqualTo(LinkState.DOWN);
    }

    @Test
    void strangeTokensMeanNothing() {
        liveness.onProbeReply(5, UnderWay.NOTHING, 0);

        assertThat(liveness.state()).isEqualTo(LinkState.CONNECTING);
    }

    private void up() {
        probe();
        reply();
        liveness.timeout(TIMEOUT);
    }

    private void probe() {
        liveness.onSent(now);
        liveness.onProbeSent(++token, now);
    }

    private void reply() {
        liveness.onProbeReply(token, UnderWay.NOTHING, now);
    }

    private void advance(long millis) {
        now = millis * MILLI;
        liveness.handleTimeout(now);
    }
}
