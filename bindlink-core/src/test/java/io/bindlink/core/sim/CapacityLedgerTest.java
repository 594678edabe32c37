package io.bindlink.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bindlink.api.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The account itself: its shares are whole, and each is seen where it is known. */
class CapacityLedgerTest {
    @Test
    void sharesSumToTheWhole() {
        for (Scenario scenario : new Scenario[] {Scenario.HETERO, Scenario.LOSSY, Scenario.SINGLE}) {
            CapacityLedger.Shares shares = filled(scenario);

            assertThat(shares.sum()).as("%s: %s", scenario.name(), shares).isCloseTo(1, within(0.02));
            assertThat(shares.overhead()).as("%s: %s", scenario.name(), shares).isBetween(0.03, 0.07);
        }
    }

    @Test
    void lossIsWhatTheLinksLose() {
        CapacityLedger.Shares shares = filled(Scenario.LOSSY);

        assertThat(shares.lost()).as("%s", shares).isBetween(0.01, 0.03);
        assertThat(filled(Scenario.SINGLE).lost()).isZero();
    }

    @Test
    void bondThatIsHardlyUsedIsIdle() {
        SimBond bond = Scenario.HOMOG.bond(1).build();
        bond.awaitUp(Duration.ofSeconds(5));
        CapacityLedger ledger = CapacityLedger.start(bond, Role.MASTER);
        ProbeFlow.start(bond, Role.MASTER, Duration.ofMillis(10), 1000);
        bond.runFor(Duration.ofSeconds(3));

        assertThat(ledger.shares().idle()).as("%s", ledger.shares()).isBetween(0.95, 0.99);
        assertThat(ledger.shares().goodput()).as("%s", ledger.shares()).isCloseTo(0.02, within(0.002));
    }

    private static CapacityLedger.Shares filled(Scenario scenario) {
        SimBond bond = scenario.bond(1).build();
        bond.awaitUp(Duration.ofSeconds(5));
        GreedyFlow.start(bond, Role.MASTER, InnerControl.BBR);
        CapacityLedger ledger = CapacityLedger.start(bond, Role.MASTER);
        bond.runFor(Duration.ofSeconds(3));
        ledger.measure();
        bond.runFor(Duration.ofSeconds(4));
        return ledger.shares();
    }
}
