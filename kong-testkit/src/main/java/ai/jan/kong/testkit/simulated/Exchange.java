// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.RawBodyResult;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Target;
import ai.jan.kong.pdk.message.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One request on its way through Kong: what plugins read and change. */
final class Exchange {
    final Settings kong;
    final SimulatedRequest request;
    final String id = UUID.randomUUID().toString().replace("-", "");
    final long startedAt = System.currentTimeMillis();

    Phase phase = Phase.REWRITE;
    boolean routed;

    final HeaderLines headers;
    String method;
    String query;
    Optional<Bytes> body;
    String clientIp;
    Optional<String> host = Optional.empty();
    String seenHost = "";
    Optional<String> scheme = Optional.empty();
    Optional<String> path = Optional.empty();
    Optional<Target> target = Optional.empty();
    Optional<String> upstream = Optional.empty();

    Optional<UpstreamRequest> forwarded = Optional.empty();
    Optional<SimulatedResponse> answered = Optional.empty();
    boolean buffered;

    final HeaderLines response = new HeaderLines();
    int status;
    String source = "service";

    final Map<String, Value> ctx = new HashMap<>();
    final Map<String, Value> shared = new HashMap<>();
    final Map<String, Value> serialized = new LinkedHashMap<>();
    final List<String> log = new ArrayList<>();
    private Optional<Path> bodyFile = Optional.empty();

    Exchange(Settings kong, SimulatedRequest request) {
        this.kong = kong;
        this.request = request;
        this.headers = new HeaderLines(request.headers());
        this.method = request.method();
        this.query = request.rawQuery();
        this.body = request.body();
        this.clientIp = kong.trusted().client(request.ip(), headers);
        ctx.put("workspace", new Value.Text(Entities.WORKSPACE));
        ctx.put("KONG_PROCESSING_START", new Value.Num(startedAt));
    }

    /** The matched route; only after rewrite. */
    Optional<Struct> route() {
        return routed ? kong.route() : Optional.empty();
    }

    Optional<Struct> service() {
        return routed && kong.route().isPresent() ? kong.service() : Optional.empty();
    }

    /** An entity that an earlier plugin has put into {@code ngx.ctx}. */
    Optional<Struct> entity(String key) {
        return ctx.get(key) instanceof Struct entity ? Optional.of(entity) : Optional.empty();
    }

    String requestScheme() {
        return request.tls() ? "https" : "http";
    }

    int port() {
        return request.tls() ? kong.tlsPort() : kong.port();
    }

    /** What clients are told of their connection. */
    String connection() {
        return request.version() < 1.1 ? "close" : "keep-alive";
    }

    String rawTarget() {
        return request.target();
    }

    /** The body, in a file if it is as long as nginx keeps no other in memory. */
    RawBodyResult rawBody() {
        var bytes = body.orElse(Bytes.EMPTY);
        boolean inFile = request.bodyInFile() || bytes.length() > kong.bodyBuffer() * 5L / 4;
        if (!inFile || !body.equals(request.body())) {
            return RawBodyResult.ofContent(bytes);
        }
        if (bodyFile.isEmpty()) {
            bodyFile = Optional.of(write(bytes));
        }
        return RawBodyResult.ofFile(bodyFile.get().toString());
    }

    private Path write(Bytes bytes) {
        try {
            var file = Files.createTempFile(kong.bodies(), "body", "");
            return Files.write(file, bytes.toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the request: nginx removes the file of its body. */
    void end() {
        bodyFile.ifPresent(file -> {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
