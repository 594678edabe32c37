package io.bindlink.core.link;
/** Scratch. */
final class BenchMain {
    public static void main(String[] a) {
        double[] rates = {0.3, 1, 3, 5, 20, 100};
        double[] rtts = {1, 10, 30, 90, 300};
        Object[][] kinds = {{"clean",0.0,0L},{"loss1",0.01,0L},{"loss5",0.05,0L},{"jit15",0.0,15L},{"jit15loss2",0.02,15L}};
        String only = a.length > 0 ? a[0] : "";
        for (Object[] k : kinds) {
            if (!only.isEmpty() && !only.equals(k[0])) continue;
            for (double rate : rates) for (double rtt : rtts) {
                long jit = (Long) k[2];
                if (jit * 2 > rtt + 1) continue;
                LinkBench b = new LinkBench(1, rate, rtt);
                b.loss = (Double) k[1]; b.jitterNanos = jit * LinkBench.MILLI; b.queueBytes = Math.max(30000, (long) (b.bytesPerSecond * 0.25));
                b.timerSlopNanos = 100_000;
                b.measure();
                b.run(3 * LinkBench.SECOND);
                double u3 = b.utilisation(), q3 = b.queueMillis(0.99);
                long l3 = b.lost;
                b.measure();
                long l0 = b.lost;
                b.run(23 * LinkBench.SECOND);
                System.out.printf("%-10s %5.1f Mbit %4.0f ms: util %.3f (x%.3f) queue mean %5.1f p50 %4.0f p95 %4.0f  lost %d | first 3 s %.3f p99q %4.0f lost %d  est %.2f %s%n", k[0], rate, rtt, b.utilisation(), b.utilisation()/(1-b.loss), b.meanQueueMillis(), b.queueMillis(.5), b.queueMillis(.95), b.lost - l0, u3, q3, l3, b.sender.rateBytesPerSecond() / 125000.0, b.sender.state());
            }
        }
    }
}
