# The platform with Docker Compose: part of the Makefile.
COMPOSE := docker compose --file compose/compose.yaml

.PHONY: env up up-llm-api up-kong up-mcp up-full up-gpu up-cpu up-deck monitor-up \
  down down-llm-api down-kong down-mcp down-full down-gpu down-cpu down-deck monitor-down \
  logs logs-llm-api logs-kong logs-mcp logs-keycloak logs-vllm monitor-logs \
  restart restart-llm-api restart-kong restart-keycloak reload images clean-data

env: ## write compose/.env: a random secret for each name that has none
	@sh compose/env

images: ## build the images of our processes
	$(COMPOSE) --profile full build

up: env ## Compose: the databases and Keycloak
	$(COMPOSE) up --detach --wait

up-llm-api: env ## Compose: and llm-api-lite
	$(COMPOSE) --profile llm-api up --detach --wait --build

up-kong: env ## Compose: and Kong with our plugins
	$(COMPOSE) --profile kong up --detach --wait --build

up-mcp: env ## Compose: mcp-tools with a search engine and a sandbox, beside what runs
	$(COMPOSE) --profile mcp up --detach --wait --build

up-full: env ## Compose: everything, with a small model on the CPU
	$(COMPOSE) --profile full up --detach --wait --build

up-gpu: env ## Compose: vLLM on NVIDIA GPUs, beside what runs
	$(COMPOSE) --profile gpu up --detach --wait vllm-gpu

up-cpu: env ## Compose: vLLM on the CPU, beside what runs
	$(COMPOSE) --profile cpu up --detach --wait vllm-cpu

up-deck: env ## Compose: Kong with a database, filled from kong.yml by decK
	$(COMPOSE) --profile llm-api --profile deck up --detach --build

monitor-up: env ## Compose: OpenTelemetry Collector, Prometheus, Jaeger, Grafana
	$(COMPOSE) --profile monitoring up --detach otel-collector prometheus jaeger grafana

down down-full: ## Compose: stop everything; data stays
	$(COMPOSE) --profile '*' down

down-llm-api: ## Compose: stop llm-api-lite
	$(COMPOSE) --profile llm-api rm --stop --force llm-api-lite

down-kong: ## Compose: stop Kong and the plugin server
	$(COMPOSE) --profile kong rm --stop --force kong kong-plugins kong-dumps

down-mcp: ## Compose: stop mcp-tools, the search engine and the sandbox
	$(COMPOSE) --profile mcp rm --stop --force mcp-tools searxng sandbox

down-gpu: ## Compose: stop vLLM on GPUs
	$(COMPOSE) --profile gpu rm --stop --force vllm-gpu

down-cpu: ## Compose: stop vLLM on the CPU
	$(COMPOSE) --profile cpu rm --stop --force vllm-cpu

down-deck: ## Compose: stop the Kong with a database
	$(COMPOSE) --profile deck rm --stop --force deck kong-with-database kong-migrations kong-db

monitor-down: ## Compose: stop the monitoring
	$(COMPOSE) --profile monitoring rm --stop --force otel-collector prometheus jaeger grafana

logs: ## Compose: follow all logs
	$(COMPOSE) --profile '*' logs --follow --tail 100

logs-llm-api: ## Compose: follow llm-api-lite
	$(COMPOSE) --profile llm-api logs --follow --tail 100 llm-api-lite

logs-kong: ## Compose: follow Kong and the plugin server
	$(COMPOSE) --profile kong logs --follow --tail 100 kong kong-plugins

logs-mcp: ## Compose: follow mcp-tools, the search engine and the sandbox
	$(COMPOSE) --profile mcp logs --follow --tail 100 mcp-tools searxng sandbox

logs-keycloak: ## Compose: follow Keycloak
	$(COMPOSE) logs --follow --tail 100 keycloak

logs-vllm: ## Compose: follow vLLM
	$(COMPOSE) --profile gpu --profile cpu logs --follow --tail 100 vllm-gpu vllm-cpu

monitor-logs: ## Compose: follow the monitoring
	$(COMPOSE) --profile monitoring logs --follow --tail 100 otel-collector prometheus jaeger grafana

restart: ## Compose: restart what runs
	$(COMPOSE) --profile '*' restart

restart-llm-api: ## Compose: restart llm-api-lite
	$(COMPOSE) --profile llm-api restart llm-api-lite

restart-kong: ## Compose: restart Kong and the plugin server
	$(COMPOSE) --profile kong restart kong-plugins kong

restart-keycloak: ## Compose: restart Keycloak
	$(COMPOSE) restart keycloak

# The file is sent, as a mounted one may be the one from before an editor or git replaced it.
reload: ## Compose: give Kong the kong.yml of this folder, without an interruption
	$(COMPOSE) --profile kong exec -T kong sh -c 'cat > /run/kong/reloaded.yml' < kong.yml
	$(COMPOSE) --profile kong exec -T -e KONG_DECLARATIVE_CONFIG=/run/kong/reloaded.yml kong kong reload

clean-data: ## Compose: stop everything and DELETE all its data
	$(COMPOSE) --profile '*' down --volumes
