// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** Encodes an X.509 v1 certificate, for which the JDK has no public API. */
final class SelfSignedCertificate {
    private static final int SEQUENCE = 0x30;
    private static final byte[] ECDSA_SHA256 = hex("300a06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = hex("0603550403");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private SelfSignedCertificate() {}

    static byte[] encode(KeyPair pair, String name) throws GeneralSecurityException {
        var now = Instant.now();
        var subject =
                der(
                        SEQUENCE,
                        der(0x31, der(SEQUENCE, COMMON_NAME, der(0x0c, name.getBytes(US_ASCII)))));
        var body =
                der(
                        SEQUENCE,
                        der(0x02, new BigInteger(63, new SecureRandom()).toByteArray()),
                        ECDSA_SHA256,
                        subject,
                        der(
                                SEQUENCE,
                                time(now.minus(Duration.ofHours(1))),
                                time(now.plus(Duration.ofDays(365)))),
                        subject,
                        pair.getPublic().getEncoded());
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        return der(SEQUENCE, body, ECDSA_SHA256, der(0x03, new byte[] {0}, signature.sign()));
    }

    private static byte[] time(Instant time) {
        return der(0x18, TIME.format(time).getBytes(US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        var encoded = new ByteArrayOutputStream();
        encoded.write(tag);
        int length = content.size();
        if (length >= 0x100) {
            encoded.write(0x82);
            encoded.write(length >> 8);
        } else if (length >= 0x80) {
            encoded.write(0x81);
        }
        encoded.write(length);
        encoded.writeBytes(content.toByteArray());
        return encoded.toByteArray();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
