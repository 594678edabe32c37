import io.bindlink.api.Role;
import io.bindlink.core.sim.GreedyFlow;
import io.bindlink.core.sim.LinkModel;
import io.bindlink.core.sim.SimBond;
import java.time.Duration;

/** Half a minute of a download over two links, in a moment. */
public final class SimulateBond {
    private SimulateBond() {}

    /**
     * Runs it.
     *
     * @param arguments not used
     */
    public static void main(String[] arguments) {
        LinkModel slow = LinkModel.builder()
                .rateMbit(8)
                .delay(Duration.ofMillis(15))
                .build();
        LinkModel fast = LinkModel.builder()
                .rateMbit(20)
                .delay(Duration.ofMillis(35))
                .build();
        try (SimBond bond = SimBond.builder()
                .seed(1)
                .link(slow)
                .link(fast)
                .build()) {
            bond.awaitUp(Duration.ofSeconds(2));
            GreedyFlow flow = GreedyFlow.start(bond, Role.MASTER);
            bond.runFor(Duration.ofSeconds(30));
            System.out.println(flow.result());
        }
    }
}
