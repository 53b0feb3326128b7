// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.config.NotScopedTo.Scope;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSchemaTest {
    private static final JsonMapper JSON = new JsonMapper();

    enum Mode {
        DENY,
        ALLOW_ALL
    }

    record Redis(
            @Required String host, @Default("6379") @Between(min = 1, max = 65_535) int port) {}

    record Audit(@Default("true") boolean enabled) {}

    @Protocols({"http", "https"})
    @NotScopedTo(Scope.CONSUMER)
    record Everything(
            @Required @Description("Who issues tokens.") @Match("^https?://") String issuerUrl,
            @Nullable @Length(max = 10) String note,
            @Default({"a", "b"}) @OneOf({"a", "b", "c"}) List<String> audiences,
            Set<Integer> ports,
            @Between(min = 0, max = 1.5) Map<String, Double> weights,
            @Default("deny") Mode whenDown,
            @Default("true") boolean strict,
            @Default("30") Duration leeway,
            @Required @Referenceable @Encrypted String secret,
            @Nullable Long limit,
            @Nullable Redis redis,
            Audit audit) {}

    @Test
    void aRecordBecomesASchemaOfKong() throws Exception {
        assertThat(JSON.readTree(ConfigSchema.of("p", Everything.class).json().toString()))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"name":"p","fields":[
                                 {"consumer":{"type":"foreign","reference":"consumers","eq":null}},
                                 {"protocols":{"type":"set","required":true,"default":["http","https"],
                                  "elements":{"type":"string","one_of":["http","https"]}}},
                                 {"config":{"type":"record","fields":[
                                  {"issuer_url":{"type":"string","required":true,"match":"^https?://",
                                   "description":"Who issues tokens."}},
                                  {"note":{"type":"string","len_min":0,"len_max":10}},
                                  {"audiences":{"type":"array","default":["a","b"],
                                   "elements":{"type":"string","one_of":["a","b","c"]}}},
                                  {"ports":{"type":"set","elements":{"type":"integer"}}},
                                  {"weights":{"type":"map","keys":{"type":"string"},
                                   "values":{"type":"number","between":[0,1.5]}}},
                                  {"when_down":{"type":"string","one_of":["deny","allow_all"],"default":"deny"}},
                                  {"strict":{"type":"boolean","default":true}},
                                  {"leeway":{"type":"number","default":30}},
                                  {"secret":{"type":"string","required":true,"referenceable":true,"encrypted":true}},
                                  {"limit":{"type":"integer"}},
                                  {"redis":{"type":"record","required":false,"fields":[
                                   {"host":{"type":"string","required":true}},
                                   {"port":{"type":"integer","default":6379,"between":[1,65535]}}]}},
                                  {"audit":{"type":"record","fields":[{"enabled":{"type":"boolean","default":true}}]}}
                                 ]}}]}\
                                """));
    }

    @Test
    void readsWhatKongSends() throws Exception {
        var config =
                read(
                        """
                        {"issuer_url":"https:\\/\\/id","audiences":[],"ports":{},"weights":[],
                         "when_down":"allow_all","strict":false,"leeway":0.25,"secret":"s","limit":1e16,
                         "redis":{"host":"h","port":1},"audit":{"enabled":true},
                         "__seq__":7,"__key__":"k","__plugin_id":"i","route_id":"r","$refs":{}}\
                        """);

        assertThat(config)
                .isEqualTo(
                        new Everything(
                                "https://id",
                                null,
                                List.of(),
                                Set.of(),
                                Map.of(),
                                Mode.ALLOW_ALL,
                                false,
                                Duration.ofMillis(250),
                                "s",
                                10_000_000_000_000_000L,
                                new Redis("h", 1),
                                new Audit(true)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "nonsense",
                "{\"issuer_url\":1}",
                "{\"issuer_url\":\"https://id\",\"when_down\":\"maybe\"}"
            })
    void namesWhatDoesNotFit(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageStartingWith("config");
    }

    @Test
    void aRecordMayCheckWhatASchemaCannot() {
        record Range(@Required int from, @Required int to) {
            Range {
                if (from > to) {
                    throw new IllegalArgumentException("from is above to");
                }
            }
        }

        assertThatThrownBy(() ->
                        ConfigSchema.of("p", Range.class).read(Bytes.utf8("{\"from\":2,\"to\":1}")))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("from is above to");
    }

    @Test
    void refusesWhatWouldKeepKongFromStarting() {
        record Reserved(@Required String routeId) {}
        record BooleanChoice(@Default("true") @OneOf("true") boolean a) {}
        record DefaultOutside(@Default("11") @Between(min = 1, max = 10) int a) {}
        record DefaultNotAllowed(@Default("c") @OneOf({"a", "b"}) String a) {}
        record ShortDescription(@Required @Description("short") String a) {}
        record EmptyDefault(@Default("") String a) {}
        record TextBetween(@Required @Between(min = 1, max = 2) String a) {}
        record NumberMatch(@Required @Match("x") int a) {}
        record BadDefault(@Default("x") int a) {}
        record NoForm(@Required Thread a) {}
        record MayBeAbsent(String a) {}
        record NeverAbsent(@Required @Nullable String a) {}

        var expected =
                Map.ofEntries(
                        Map.entry(Reserved.class, "Kong uses that name"),
                        Map.entry(BooleanChoice.class, "cannot have attribute 'one_of'"),
                        Map.entry(DefaultOutside.class, "the default: value should be between"),
                        Map.entry(DefaultNotAllowed.class, "the default: expected one of"),
                        Map.entry(ShortDescription.class, "description"),
                        Map.entry(EmptyDefault.class, "the default: length must be at least 1"),
                        Map.entry(TextBetween.class, "cannot have attribute 'between'"),
                        Map.entry(NumberMatch.class, "cannot have attribute 'match'"),
                        Map.entry(BadDefault.class, "x"),
                        Map.entry(NoForm.class, "no type of Kong's schemas"),
                        Map.entry(MayBeAbsent.class, "make it @Required, @Default or @Nullable"),
                        Map.entry(NeverAbsent.class, "cannot be @Nullable"));
        expected.forEach((type, problem) ->
                assertThatThrownBy(() -> ConfigSchema.of("p", type.asSubclass(Record.class)))
                        .as(type.getSimpleName())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(problem));
    }

    private static Everything read(String json) throws InvalidConfig {
        return ConfigSchema.of("p", Everything.class).read(Bytes.utf8(json));
    }
}
