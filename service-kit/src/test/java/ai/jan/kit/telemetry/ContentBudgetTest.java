// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentBudgetTest {
    private final ContentBudget budget = new ContentBudget();

    @Test
    void takesWhatThereIsRoomForAndShowsWhereItCut() {
        assertThat(budget.take("a".repeat(ContentBudget.CHARACTERS - 3))).endsWith("aaa");
        assertThat(budget.isSpent()).isFalse();
        assertThat(budget.take("abcdef")).isEqualTo("abc…");
        assertThat(budget.isSpent()).isTrue();
        assertThat(budget.take("more")).isEqualTo("…");
    }

    @Test
    void cutsNoCharacterInTwo() {
        budget.take(ContentBudget.CHARACTERS - 2);
        assertThat(budget.take("a\uD83D\uDE00")).isEqualTo("a…");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk_live_0123456789abcdef0123456789abcdef0123456789abcdef",
                "sk-proj-0123456789abcdef0123456789abcdef",
                "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"
            })
    void masksWhatLooksLikeACredential(String credential) {
        assertThat(budget.take("my key is " + credential + ", hush"))
                .isEqualTo("my key is ***, hush");
    }

    @Test
    void isQuickAlsoWithNothingButBeginningsOfCredentials() {
        assertThat(budget.take("eyJ".repeat(ContentBudget.CHARACTERS / 3))).startsWith("eyJ");
        assertThat(new ContentBudget().take("sk-".repeat(ContentBudget.CHARACTERS / 3)))
                .isNotEmpty();
    }

    @Test
    void leavesOrdinaryWordsAlone() {
        assertThat(budget.take("task_force sk_1 eyJ.a.b")).isEqualTo("task_force sk_1 eyJ.a.b");
    }
}
