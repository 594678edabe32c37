package io.bindlink.core.link;
final class TraceMain {
    static Object f(Object o, String n) { try { var f = o.getClass().getDeclaredField(n); f.setAccessible(true); return f.get(o); } catch (Exception e) { throw new RuntimeException(e); } }
    public static void main(String[] a) {
        LinkBench b = new LinkBench(1, Double.parseDouble(a[0]), Double.parseDouble(a[1]));
        b.loss = Double.parseDouble(a[2]); b.jitterNanos = (long) (Double.parseDouble(a[3]) * 1e6);
        b.queueBytes = Math.max(30000, (long) (b.bytesPerSecond * 0.25)); b.timerSlopNanos = 100_000;
        double from = Double.parseDouble(a[4]), to = Double.parseDouble(a[5]), step = Double.parseDouble(a[6]);
        String last = "";
        for (double t = from; t < to; t += step) {
            b.run((long) (t * 1e9));
            String ph = f(b.control, "phase").toString();
            double q = Math.max(0, ((Long) f(b, "linkFreeNanos")) - b.now) / 1e6;
            System.out.printf("%7.3f %-7s rate %7.2f gain %.2f q %6.1f true %6.1f jit %5.1f span %3d infl %6d win %6d baseRtt %5.1f verdict %s drainedQ %.1f%n", t, ph, b.control.rateBytesPerSecond() / 125000.0, f(b.control, "gain"), b.control.queueNanos() / 1e6, q, ((Long) f(b.control, "jitterNanos")) / 1e6, b.control.rateSpanNanos() / 1000000, b.sender.inFlightBytes(), b.control.windowBytes(), ((Long) f(b.control, "baseRttNanos")) / 1e6, f(b.control, "verdictDue"), ((Long) f(b.control, "drainedQueueNanos")) / 1e6);
        }
    }
}
