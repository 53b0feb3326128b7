// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

/** The login role of one process. What it may do is granted in the migrations, table by table. */
public enum LoginRole {
    PLUGINS("jan_plugins"),
    LLM_API("jan_llm_api"),
    MCP_TOOLS("jan_mcp_tools");

    private final String roleName;

    LoginRole(String roleName) {
        this.roleName = roleName;
    }

    public String roleName() {
        return roleName;
    }
}
