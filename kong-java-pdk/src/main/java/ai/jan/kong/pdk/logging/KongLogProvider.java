// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.logging;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * SLF4J for a process of plugins that has no other provider, such as Logback. Chosen when the
 * process is started:
 *
 * <pre>{@code
 * java -Dslf4j.provider=ai.jan.kong.pdk.logging.KongLogProvider -jar my-plugins.jar serve …
 * }</pre>
 *
 * What is logged on the thread of an event goes to {@code kong.log}, with the plugin's name before
 * it and if the plugin server's own level lets it; it travels with the event's other calls and
 * costs no round trip. Everything else goes to standard error, which Kong shows at level {@code
 * info}. With {@code -Dkong.log.file=PATH} all lines go to that file instead, with {@code
 * -Dkong.log.level} (trace, debug, info, warn, error; info if not set) those less severe nowhere.
 * Lines for a file or for standard error are written by a thread of their own, and dropped, with a
 * note, when it cannot keep up.
 */
public final class KongLogProvider implements SLF4JServiceProvider {
    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter mdc = new BasicMDCAdapter();
    private final Level level;
    private final boolean toKong;
    private final LogLines lines;

    /** As the system properties say; for SLF4J. */
    public KongLogProvider() {
        this(
                Optional.ofNullable(System.getProperty("kong.log.file")).map(Path::of),
                Level.valueOf(
                        System.getProperty("kong.log.level", "info").toUpperCase(Locale.ROOT)));
    }

    /**
     * @param file for all lines; without one, those of events go to {@code kong.log}
     */
    public KongLogProvider(Optional<Path> file, Level level) {
        this.level = level;
        this.toKong = file.isEmpty();
        this.lines = LogLines.to(file);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> loggers.computeIfAbsent(name, n -> new KongLogger(n, level, toKong, lines));
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}
}
