// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service of Kong. Missing and empty are the same; {@code created_at} and {@code updated_at} are
 * seconds since 1970, time-outs are milliseconds.
 */
public record Service(
        @Field(1) String id,
        @Field(2) long createdAt,
        @Field(3) long updatedAt,
        @Field(4) String name,
        @Field(5) int retries,
        @Field(6) String protocol,
        @Field(7) String host,
        @Field(8) int port,
        @Field(9) String path,
        @Field(10) int connectTimeout,
        @Field(11) int writeTimeout,
        @Field(12) int readTimeout,
        @Field(13) List<String> tags,
        @Field(14) @Nullable CertificateKey clientCertificate) {}
