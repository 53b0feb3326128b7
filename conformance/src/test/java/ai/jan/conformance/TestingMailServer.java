// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes mail (RFC 5321) and keeps it. */
final class TestingMailServer implements AutoCloseable {
    private final ServerSocket listener;
    private final BlockingQueue<String> mails = new LinkedBlockingQueue<>();

    TestingMailServer() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("mail").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The next mail, head and body, without the soft breaks of quoted-printable lines. */
    String next() throws InterruptedException {
        var mail = mails.poll(20, TimeUnit.SECONDS);
        if (mail == null) {
            throw new IllegalStateException("no mail has come");
        }
        return mail.replace("=\n", "").replace("=3D", "=");
    }

    private void accept() {
        while (!listener.isClosed()) {
            try (var socket = listener.accept()) {
                talk(socket);
            } catch (IOException e) {
                // closed, or the client left: then no mail came, which a test will miss
            }
        }
    }

    private void talk(Socket socket) throws IOException {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        say(socket, "220 test");
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("DATA")) {
                say(socket, "354 go on");
                mails.add(content(in));
                say(socket, "250 taken");
            } else if (line.startsWith("QUIT")) {
                say(socket, "221 bye");
                return;
            } else {
                say(socket, "250 ok");
            }
        }
    }

    private static String content(BufferedReader in) throws IOException {
        var mail = new StringBuilder();
        for (var line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            mail.append(line).append('\n');
        }
        return mail.toString();
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
