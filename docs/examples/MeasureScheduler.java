import io.bindlink.api.Scheduler;
import io.bindlink.core.sim.LinkModel;
import io.bindlink.core.sim.Scenario;
import io.bindlink.core.sim.Trial;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Measures {@link CheapFirst} beside the built-in scheduler, in the simulator. */
public final class MeasureScheduler {
    private MeasureScheduler() {}

    /**
     * Runs it.
     *
     * @param arguments not used
     */
    public static void main(String[] arguments) {
        Supplier<Scheduler> mine = CheapFirst::new;
        LinkModel dsl = LinkModel.builder()
                .rateMbit(8)
                .delay(Duration.ofMillis(15))
                .build();
        LinkModel phone = LinkModel.builder()
                .rateMbit(20)
                .delay(Duration.ofMillis(35))
                .loss(0.005)
                .build();
        List<Scenario> scenarios = List.of(Scenario.HETERO, Scenario.of("home", dsl, phone));
        System.out.print(Trial.table(Trial.compare("cheap-first", mine, scenarios)));
    }
}
