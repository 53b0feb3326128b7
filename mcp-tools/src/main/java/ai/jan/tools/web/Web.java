// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import ai.jan.tools.tool.ToolFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * GET from the public web, for addresses that a model made up. Bounded in time, in bytes (after
 * decompression) and in redirects, each of which is looked at like the first address. Nothing
 * private can be reached: see {@link CheckedSockets}. Thread-safe.
 */
final class Web {
    /** As it is in {@code robots.txt}. */
    static final String AGENT = "JanServer";

    private static final String USER_AGENT = AGENT + "/0.1 (+https://github.com/janhq)";

    /** Whatever a server says that it is. */
    static final Set<String> ANY_TYPE = Set.of();

    private static final int MAX_REDIRECTS = 5;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** Which ports may be asked; what the tests' servers listen on is not among them. */
    static final Predicate<HttpUrl> USUAL_PORTS = url -> url.port() == 80 || url.port() == 443;

    /**
     * What a server answered in the end.
     *
     * @param url where, after redirects
     * @param body at most as many bytes as were asked for
     * @param isWhole whether that was all
     */
    record Page(HttpUrl url, int status, String contentType, ByteString body, boolean isWhole) {}

    private final OkHttpClient client;
    private final Predicate<HttpUrl> ports;
    private final Duration total;
    private final int maxBytes;

    /**
     * @param allowed the addresses that may be dialled
     * @param total how long a page may take, with its redirects and their permissions
     */
    Web(
            Predicate<InetAddress> allowed,
            Predicate<HttpUrl> ports,
            Dns names,
            Duration total,
            int maxBytes) {
        this.ports = ports;
        this.total = total;
        this.maxBytes = maxBytes;
        this.client =
                new OkHttpClient.Builder()
                        .socketFactory(new CheckedSockets(allowed))
                        .dns(names)
                        .proxy(Proxy.NO_PROXY)
                        .followRedirects(false)
                        .followSslRedirects(false)
                        .retryOnConnectionFailure(false)
                        .connectTimeout(CONNECT)
                        .readTimeout(SILENCE)
                        .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                        .build();
    }

    /** Looked at before each request, also of a redirect; throws to refuse it. */
    interface Permission {
        /** Every page may be fetched. */
        Permission ALL = (_, _) -> {};

        /**
         * @param deadline of the page, for what has to be fetched to tell
         */
        void check(HttpUrl url, Deadline deadline) throws IOException;
    }

    /** An address as a model writes it. */
    HttpUrl address(String text) {
        var url = HttpUrl.parse(text.strip());
        if (url == null) {
            throw ToolFailure.argument("url", "is not an http or https address.");
        }
        return checked(url);
    }

    /**
     * Fetches a page.
     *
     * @param types the media types that are wanted; a page of another one is refused unread
     * @throws ToolFailure if it cannot be had, with a text that says why
     */
    Page get(HttpUrl start, Set<String> types, Permission permission) throws IOException {
        return get(start, types, permission, Deadline.in(total));
    }

    Page get(HttpUrl start, Set<String> types, Permission permission, Deadline deadline)
            throws IOException {
        var url = checked(start);
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            permission.check(url, deadline);
            var request =
                    new Request.Builder()
                            .url(url)
                            .header("User-Agent", USER_AGENT)
                            .header("Accept", accepted(types))
                            .build();
            var call = client.newCall(request);
            call.timeout().timeout(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
            try (var response = call.execute()) {
                var next = redirect(response);
                if (next == null) {
                    return page(response, types);
                }
                if (url.isHttps() && !next.isHttps()) {
                    throw ToolFailure.refused("The page redirects from https to http.");
                }
                url = checked(next);
            } catch (IOException e) {
                throw failure(e);
            }
        }
        throw ToolFailure.refused("The page redirects more than " + MAX_REDIRECTS + " times.");
    }

    private static String accepted(Set<String> types) {
        return Stream.concat(types.stream(), Stream.of("*/*;q=0.1"))
                .collect(Collectors.joining(", "));
    }

    private HttpUrl checked(HttpUrl url) {
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            throw ToolFailure.argument("url", "must not hold a user name or password.");
        }
        if (!ports.test(url)) {
            throw ToolFailure.argument("url", "must use port 80 or 443.");
        }
        return url;
    }

    private static @Nullable HttpUrl redirect(Response response) {
        return switch (response.code()) {
            case 301, 302, 303, 307, 308 -> {
                var location = response.header("Location");
                var next = location == null ? null : response.request().url().resolve(location);
                if (next == null) {
                    throw ToolFailure.refused("The page redirects to nowhere that can be fetched.");
                }
                yield next;
            }
            default -> null;
        };
    }

    private Page page(Response response, Set<String> types) throws IOException {
        var type = mediaType(response.header("Content-Type", ""));
        if (response.isSuccessful() && !types.isEmpty() && !types.contains(type)) {
            throw ToolFailure.refused(
                    "The page is of type '"
                            + (type.length() > 100 ? "?" : type)
                            + "', which cannot be read as text.");
        }
        var bytes = new Buffer();
        var source = response.body().source();
        while (bytes.size() <= maxBytes && source.read(bytes, 8192) >= 0) {
            // until the end, or until there is more than is wanted
        }
        boolean isWhole = bytes.size() <= maxBytes;
        return new Page(
                response.request().url(),
                response.code(),
                response.header("Content-Type", ""),
                bytes.readByteString(Math.min(bytes.size(), maxBytes)),
                isWhole);
    }

    private static String mediaType(@Nullable String contentType) {
        return contentType == null
                ? ""
                : contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    private static ToolFailure failure(IOException failure) {
        if (isForbidden(failure)) {
            return ToolFailure.refused(
                    "This address is not part of the public web; such addresses are never fetched.");
        }
        var text =
                switch (failure) {
                    case UnknownHostException _ -> "The name of the site is not known.";
                    case InterruptedIOException _ -> "The site took too long to answer.";
                    case SSLException _ ->
                            "The site's certificate is not valid, or it does not speak TLS.";
                    default -> "The site cannot be reached, or broke off.";
                };
        // The site's fault, not the tool's: other sites work.
        return ToolFailure.refused(text).because(failure);
    }

    /** One address of several may have been tried first; the refusal is then among the others. */
    private static boolean isForbidden(Throwable failure) {
        return failure instanceof CheckedSockets.Forbidden
                || (failure.getCause() != null && isForbidden(failure.getCause()))
                || List.of(failure.getSuppressed()).stream().anyMatch(Web::isForbidden);
    }
}
