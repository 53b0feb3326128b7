// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The figures of one run as JSON, and as a page that says which aims they meet and which not. */
record Report(
        Peer ours,
        Map<Peer, StartUp.Figures> starts,
        Map<Load.Row, Map<Peer, Load.Figures>> rows,
        Map<Peer, Double> residentAfter,
        String circumstances) {
    private static final double MAX_START_MS = 500;
    private static final double MAX_IDLE_MB = 80;

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve("pdk.json").toFile(), json());
        Files.writeString(folder.resolve("pdk.md"), page());
    }

    private Map<String, Object> json() {
        var load = new ArrayList<Map<String, Object>>();
        rows.forEach((row, figures) ->
                figures.forEach((peer, f) -> {
                    var line = new LinkedHashMap<String, Object>();
                    line.put("calls", row.script().size());
                    line.put("connections", row.connections());
                    line.put("server", peer.name());
                    line.put("events_per_second", Math.round(f.eventsPerSecond()));
                    line.put("p50_us", f.p50());
                    line.put("p99_us", f.p99());
                    line.put("cpu_seconds_per_10000_events", f.cpu());
                    line.put("driver_cores", f.driver());
                    load.add(line);
                }));
        var start = new ArrayList<Map<String, Object>>();
        starts.forEach((peer, f) -> {
            var line = new LinkedHashMap<String, Object>();
            line.put("server", peer.name());
            line.put("listening_after_ms", f.milliseconds());
            line.put("idle_mb", f.idleMb());
            line.put("anonymous_mb", f.anonymousMb());
            start.add(line);
        });
        return Map.of("circumstances", circumstances, "load", load, "start", start);
    }

    private String page() throws IOException {
        try (InputStream template = Report.class.getResourceAsStream("/pdk.md")) {
            return new String(
                            Objects.requireNonNull(template).readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${circumstances}", circumstances)
                    .replace("${aims}", String.join("\n", aims()))
                    .replace("${load}", String.join("\n", load()))
                    .replace("${start}", String.join("\n", start()))
                    .replace("${options}", String.join(" ", PdkBenchmark.OPTIONS));
        }
    }

    private List<String> load() {
        var lines = new ArrayList<String>();
        rows.forEach((row, figures) -> {
            var own = Objects.requireNonNull(figures.get(ours));
            figures.forEach((peer, f) ->
                    lines.add(
                            String.format(
                                    Locale.ROOT,
                                    "| %d | %d | %s | %,.0f | %,.0f | %,.0f | %.2f | %s | %s | %s | %.2f |",
                                    row.script().size(),
                                    row.connections(),
                                    peer.name(),
                                    f.eventsPerSecond(),
                                    f.p50(),
                                    f.p99(),
                                    f.cpu(),
                                    ratio(peer, own.eventsPerSecond() / f.eventsPerSecond()),
                                    ratio(peer, f.p50() / own.p50()),
                                    ratio(peer, f.cpu() / own.cpu()),
                                    f.driver())));
        });
        return lines;
    }

    private String ratio(Peer peer, double value) {
        return peer.equals(ours) ? "–" : String.format(Locale.ROOT, "**%.1f**", value);
    }

    private List<String> start() {
        var lines = new ArrayList<String>();
        starts.forEach((peer, f) ->
                lines.add(
                        String.format(
                                Locale.ROOT,
                                "| %s | %,.0f | %.0f | %.0f | %s |",
                                peer.name(),
                                f.milliseconds(),
                                f.idleMb(),
                                f.anonymousMb(),
                                residentAfter.containsKey(peer)
                                        ? String.format(
                                                Locale.ROOT, "%.0f", residentAfter.get(peer))
                                        : "")));
        return lines;
    }

    private List<String> aims() {
        var lines = new ArrayList<String>();
        rows.forEach((row, figures) -> {
            double aim = row.script().size() >= 12 ? 2 : 1;
            var own = Objects.requireNonNull(figures.get(ours));
            figures.forEach((peer, f) -> {
                double ratio = own.eventsPerSecond() / f.eventsPerSecond();
                if (!peer.equals(ours) && row.script().size() >= 3) {
                    lines.add(
                            aim(
                                    row + ", " + peer.name(),
                                    "events/s × " + aim,
                                    ratio,
                                    ratio >= aim));
                }
            });
        });
        var own = Objects.requireNonNull(starts.get(ours));
        lines.add(
                aim(
                        "start to listening with the AOT cache",
                        "≤ 500 ms",
                        own.milliseconds(),
                        own.milliseconds() <= MAX_START_MS));
        lines.add(
                aim("idle resident memory", "≤ 80 MB", own.idleMb(), own.idleMb() <= MAX_IDLE_MB));
        return lines;
    }

    private static String aim(String what, String aim, double seen, boolean met) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.1f | %s |",
                what,
                aim,
                seen,
                met ? "met" : "**missed**");
    }
}
