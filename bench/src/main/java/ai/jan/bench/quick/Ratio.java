// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.quick;

/**
 * One thing that is watched: a cost divided by another of the same run, so that it says little
 * about the machine. The more the worse. Requests per second are not among them: on a machine that
 * has other work they say more about that work. What makes them fewer is processor time, which is
 * counted, or waiting, which the two times show: they are far above what noise makes, and far below
 * what one wait too many makes.
 */
enum Ratio {
    SERVICE_CPU_REQUEST("CPU of llm-api-lite for a request ÷ of asking the model"),
    EVERYTHING_CPU_REQUEST("CPU of everything for a request ÷ of asking the model"),
    SERVICE_CPU_TOKEN("CPU of llm-api-lite for a streamed token ÷ of reading it from the model"),
    EVERYTHING_CPU_TOKEN("CPU of everything for a streamed token ÷ of reading it from the model"),
    EVERYTHING_FIRST("time to the first token through everything ÷ the model's 50 ms"),
    EVERYTHING_TOKEN("20 ms between tokens and the way through everything ÷ the 20 ms"),
    PLUGIN_CPU("CPU of a plugin server for an event of 12 calls ÷ of its driver");

    private final String meaning;

    Ratio(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }
}
