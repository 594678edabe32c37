package io.bindlink.cli.status;

import com.sun.net.httpserver.HttpExchange;
import io.bindlink.api.Stats;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Answers a scrape in the text format of Prometheus or of OpenMetrics, whichever the client asks for. Everything is
 * collected when asked for, from one snapshot of the node. Thread-safe.
 */
final class Metrics {
    private final MetricTable table;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();

    Metrics(Supplier<Stats> stats, long startMillis) {
        table = new MetricTable(startMillis);
        registry.register(() -> table.snapshots(stats.get()));
    }

    void answer(HttpExchange exchange) throws IOException {
        ExpositionFormatWriter asked =
                formats.findWriter(exchange.getRequestHeaders().getFirst("Accept"));
        // Protocol buffers, which a Prometheus server prefers, are a library of megabytes that is not here.
        ExpositionFormatWriter writer = asked.isAvailable() ? asked : formats.getPrometheusTextFormatWriter();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        writer.write(body, registry.scrape());
        StatusServer.answer(exchange, 200, writer.getContentType(), body.toByteArray());
    }
}
