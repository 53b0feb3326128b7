// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.config.CrossCheck.Rule;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrossChecksTest {
    private static final JsonMapper JSON = new JsonMapper();

    @CrossCheck(
            rule = Rule.AT_LEAST_ONE_OF,
            fields = {"allow", "deny"})
    @CrossCheck(
            rule = Rule.ONLY_ONE_OF,
            fields = {"userName", "group"})
    @CrossCheck(
            rule = Rule.DISTINCT,
            fields = {"userName", "note"})
    @Conditional(
            ifField = "mode",
            is = {"b", "c"},
            thenField = "note",
            thenOneOf = {"x", "y"})
    @Conditional(
            ifField = "mode",
            is = "d",
            thenAtLeastOneOf = {"note", "deny"})
    record Rules(
            List<String> allow,
            List<String> deny,
            @Nullable String userName,
            @Nullable String group,
            @Nullable String note,
            @Default("a") String mode) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'allow':['x'],'group':'g'} | {}",
                "{'allow':[],'group':'g'} | at least one of these fields must be non-empty: 'allow', 'deny'",
                "{'allow':['x']} | exactly one of these fields must be non-empty: 'user_name', 'group'",
                "{'allow':['x'],'group':'g','user_name':'u'} | exactly one of these",
                "{'allow':['x'],'user_name':'u','note':'u'} | values of these fields must be distinct",
                "{'allow':['x'],'group':'g','mode':'b'} | required field missing",
                "{'allow':['x'],'group':'g','mode':'c','note':'z'} | expected one of: x, y",
                "{'allow':['x'],'group':'g','mode':'c','note':'y'} | {}",
                "{'allow':['x'],'group':'g','mode':'d'} | at least one of these fields must be non-empty: 'note'",
                "{'deny':['x'],'group':'g','mode':'d'} | {}",
            })
    void aRuleOverFieldsHoldsOrIsNamed(String config, String said) throws Exception {
        var problems =
                ConfigSchema.of("p", Rules.class)
                        .problems(JSON.readTree(config.replace('\'', '"')));

        assertThat(problems.isMissingNode() ? "{}" : problems.toString()).contains(said);
    }

    @Test
    void aRuleOfAFieldThatIsNotThereIsRefused() {
        @CrossCheck(
                rule = Rule.DISTINCT,
                fields = {"a", "b"})
        record Config(@Required String a) {}

        assertThatThrownBy(() -> ConfigSchema.of("p", Config.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no component b");
    }

    @Test
    void aPatternIsTriedOnItsExamples() {
        record Refuses(@Required @Match(value = "^key-%d$", accepts = "key-1") String a) {}
        record Accepts(@Required @Match(value = "%d", refuses = "a1") String a) {}

        assertThatThrownBy(() -> ConfigSchema.of("p", Refuses.class))
                .hasMessageContaining("refuses 'key-1'"); // - is not a dash in Lua
        assertThatThrownBy(() -> ConfigSchema.of("p", Accepts.class))
                .hasMessageContaining("accepts 'a1'");
    }

    @Test
    void numbersAddressesAndMapsHaveTheirForms() throws Exception {
        record Config(
                @Default("1") byte small,
                @Required BigDecimal exact,
                @Required URI uri,
                @Required UUID id,
                @Default({"a=1", "b=2"}) Map<String, Integer> map,
                @Required @Length(exactly = 2) String code) {}
        var schema = ConfigSchema.of("p", Config.class);

        assertThat(schema.json().toString())
                .contains("{\"small\":{\"type\":\"integer\",\"between\":[-128,127],\"default\":1}}")
                .contains("\"default\":{\"a\":1,\"b\":2}")
                .contains("\"len_eq\":2");
        assertThat(
                        schema.read(
                                Bytes.utf8(
                                        """
                                        {"small":5,"exact":1.25,"uri":"http://a/","map":{},"code":"de",
                                         "id":"00000000-0000-4000-8000-000000000001"}\
                                        """)))
                .isEqualTo(
                        new Config(
                                (byte) 5,
                                new BigDecimal("1.25"),
                                URI.create("http://a/"),
                                UUID.fromString("00000000-0000-4000-8000-000000000001"),
                                Map.of(),
                                "de"));
        assertThat(
                        schema.problems(
                                        JSON.readTree(
                                                "{\"exact\":1,\"uri\":\"u\",\"id\":\"x\",\"code\":\"d\"}"))
                                .toString())
                .isEqualTo("{\"id\":\"expected a valid UUID\",\"code\":\"length must be 2\"}");
    }
}
