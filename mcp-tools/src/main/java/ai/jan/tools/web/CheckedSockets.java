// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Predicate;
import javax.net.SocketFactory;

/**
 * Sockets that look at the address they are about to dial. That is the one place that every way of
 * writing an address, every redirect and every answer of a name server goes through: what is
 * checked is what is connected to.
 */
final class CheckedSockets extends SocketFactory {
    /** The address is none that may be dialled. */
    static final class Forbidden extends IOException {
        Forbidden() {
            super("not a public address");
        }
    }

    private final Predicate<InetAddress> allowed;

    CheckedSockets(Predicate<InetAddress> allowed) {
        this.allowed = allowed;
    }

    @Override
    public Socket createSocket() {
        return new Checked();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("connects before it can be checked");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("connects before it can be checked");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("connects before it can be checked");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("connects before it can be checked");
    }

    private final class Checked extends Socket {
        @Override
        public void connect(SocketAddress address, int timeout) throws IOException {
            if (!(address instanceof InetSocketAddress internet)
                    || internet.getAddress() == null
                    || !allowed.test(internet.getAddress())) {
                throw new Forbidden();
            }
            super.connect(address, timeout);
        }
    }
}
