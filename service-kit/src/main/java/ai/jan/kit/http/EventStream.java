// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Server-sent events to one client. Every call is one write and one flush, and blocks while the
 * client does not read. {@link Presence} tells that the client has left; the net behind it is that
 * the second write after it did so fails, so whoever waits for something writes a {@link
 * #heartbeat} now and then. Not thread-safe. Ends with its route.
 */
public final class EventStream {
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);

    private final ClientLink link;

    EventStream(ClientLink link) {
        this.link = link;
    }

    /** Sends one event of one {@code data} line; the value has no line breaks. */
    public void data(byte[] value) throws ClientGone {
        var event = new ByteArrayOutputStream(DATA.length + value.length + END.length);
        event.writeBytes(DATA);
        event.writeBytes(value);
        event.writeBytes(END);
        raw(event.toByteArray());
    }

    /**
     * Sends one event with a name.
     *
     * @param value one line
     */
    public void event(String name, byte[] value) throws ClientGone {
        var event = new ByteArrayOutputStream(name.length() + value.length + 20);
        event.writeBytes(EVENT);
        event.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        event.write('\n');
        event.writeBytes(DATA);
        event.writeBytes(value);
        event.writeBytes(END);
        raw(event.toByteArray());
    }

    /** Sends a comment, which clients ignore. */
    public void heartbeat() throws ClientGone {
        raw(HEARTBEAT);
    }

    /** Sends one event as it is: whole lines, with the empty line that ends it. */
    public void raw(byte[] event) throws ClientGone {
        link.write(false, event);
    }
}
