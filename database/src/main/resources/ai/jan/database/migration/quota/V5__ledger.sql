-- The ledger of reservations. Processes call the functions and see no table, so that nothing but these functions moves
-- an amount. Every function that changes buckets locks them in the order of their names, then the reservation, and only
-- then reads the clock; no process's own clock counts.
CREATE SCHEMA quota;
GRANT USAGE ON SCHEMA quota TO jan_plugins, jan_llm_api;

-- A bucket that refills is one instant: when it will be full again, in nanoseconds since 1970. One that does not (slots)
-- is the number held. A bucket that is missing is full, or nothing of it is held.
CREATE TABLE quota.buckets (
  bucket text PRIMARY KEY,
  value  bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- Those that refill within a minute are not worth a log: a crash of the server grants one minute's burst at most.
CREATE UNLOGGED TABLE quota.minute_buckets (LIKE quota.buckets INCLUDING ALL)
WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- Money is in billionths of the currency's unit.
CREATE TABLE quota.reservations (
  id                text PRIMARY KEY,          -- $kong_request_id
  subject           text NOT NULL,
  plan              text NOT NULL,
  key_id            text,
  team              text,
  model             text,
  reserved_at       timestamptz NOT NULL,
  lease_until       timestamptz NOT NULL,
  state             text NOT NULL CHECK (state IN ('open', 'settled', 'released', 'expired')),
  closed_at         timestamptz,
  requests          bigint NOT NULL,
  reserved_tokens   bigint NOT NULL,
  reserved_money    bigint NOT NULL,
  prompt_tokens     bigint NOT NULL DEFAULT 0, -- the three are known when it is closed
  completion_tokens bigint NOT NULL DEFAULT 0,
  money             bigint NOT NULL DEFAULT 0,
  slots             text[] NOT NULL,           -- the buckets it holds one of while it is open
  CHECK ((state = 'open') = (closed_at IS NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX reservations_open ON quota.reservations (lease_until) WHERE state = 'open';
CREATE INDEX reservations_closed ON quota.reservations (closed_at) WHERE state <> 'open';
CREATE INDEX reservations_subject ON quota.reservations (subject, reserved_at);

-- What closed reservations become after a while: one row per day (UTC) and whoever pays.
CREATE TABLE quota.usage (
  day               date NOT NULL,
  subject           text NOT NULL,
  plan              text NOT NULL,
  key_id            text,
  team              text,
  model             text,
  requests          bigint NOT NULL,
  prompt_tokens     bigint NOT NULL,
  completion_tokens bigint NOT NULL,
  money             bigint NOT NULL,
  UNIQUE NULLS NOT DISTINCT (subject, day, plan, key_id, team, model)
);
CREATE INDEX usage_day ON quota.usage (day);

CREATE FUNCTION quota.ns(p_at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN (extract(epoch FROM p_at) * 1000000)::bigint * 1000;

-- Locks a bucket, making it if it is missing, and tells its value.
CREATE FUNCTION quota.lock_bucket(p_bucket text, p_window bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_value bigint;
BEGIN
  LOOP -- a bucket that was just made may have been swept away before it is locked
    IF p_window BETWEEN 1 AND 60000000000 THEN
      SELECT b.value INTO v_value FROM quota.minute_buckets b WHERE b.bucket = p_bucket FOR UPDATE;
      EXIT WHEN FOUND;
      INSERT INTO quota.minute_buckets VALUES (p_bucket, 0) ON CONFLICT DO NOTHING;
    ELSE
      SELECT b.value INTO v_value FROM quota.buckets b WHERE b.bucket = p_bucket FOR UPDATE;
      EXIT WHEN FOUND;
      INSERT INTO quota.buckets VALUES (p_bucket, 0) ON CONFLICT DO NOTHING;
    END IF;
  END LOOP;
  RETURN v_value;
END $$;

CREATE FUNCTION quota.set_bucket(p_bucket text, p_window bigint, p_value bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_window BETWEEN 1 AND 60000000000 THEN
    UPDATE quota.minute_buckets SET value = p_value WHERE bucket = p_bucket;
  ELSE
    UPDATE quota.buckets SET value = p_value WHERE bucket = p_bucket;
  END IF;
END $$;

-- By how much an amount moves a bucket: nanoseconds, rounded up, or the amount itself if it does not refill. An
-- overrun may be any amount; past thirty years more makes no difference.
CREATE FUNCTION quota.step(p_amount bigint, p_limit bigint, p_window bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN CASE
  WHEN p_window = 0 OR p_amount = 0 THEN p_amount
  WHEN p_limit = 0 THEN 1000000000000000000
  ELSE least(ceil(p_amount::numeric * p_window / p_limit), 1000000000000000000)::bigint
END;

-- What one limit counts of a request.
CREATE FUNCTION quota.counted(p_unit text, p_requests bigint, p_tokens bigint, p_money bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
RETURN CASE p_unit
  WHEN 'requests' THEN p_requests
  WHEN 'tokens' THEN p_tokens
  WHEN 'money' THEN p_money
  WHEN 'slots' THEN 1
END;

-- Admits a request if every one of its limits has room, and then takes from all of them; else from none. The limits
-- are given in the order of their buckets, windows in nanoseconds (0: does not refill). A reservation without a lease
-- is closed at once and holds no slot. Levels say how far each bucket is from full (or how many are held), after what
-- was taken. Kong may run an event again: a reservation that is there is not made again.
CREATE FUNCTION quota.reserve(
  p_id text, p_subject text, p_plan text, p_key_id text, p_team text, p_model text,
  p_requests bigint, p_tokens bigint, p_money bigint,
  p_buckets text[], p_units text[], p_limits bigint[], p_windows bigint[], p_lease_ms bigint,
  OUT outcome text, OUT levels bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_count int := coalesce(array_length(p_buckets, 1), 0);
  v_slots text[] := '{}';
  v_values bigint[] := '{}';
  v_after bigint[] := '{}';
  v_state text;
  v_now bigint;
  v_at timestamptz;
  v_cost bigint;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true); -- its token can bring a lost reservation back
  levels := '{}';
  FOR i IN 1 .. v_count LOOP
    v_values[i] := quota.lock_bucket(p_buckets[i], p_windows[i]);
  END LOOP;
  v_at := clock_timestamp();
  v_now := quota.ns(v_at);
  SELECT r.state INTO v_state FROM quota.reservations r WHERE r.id = p_id;
  outcome := CASE WHEN NOT FOUND THEN 'reserved' WHEN v_state = 'open' THEN 'repeated' ELSE 'over' END;

  FOR i IN 1 .. v_count LOOP
    IF p_windows[i] > 0 THEN
      levels[i] := greatest(v_values[i] - v_now, 0);
    ELSE
      levels[i] := v_values[i];
    END IF;
    v_after[i] := levels[i];
    IF outcome IN ('repeated', 'over') OR (p_units[i] = 'slots' AND p_lease_ms IS NULL) THEN
      CONTINUE;
    END IF;
    v_cost := quota.counted(p_units[i], p_requests, p_tokens, p_money);
    v_after[i] := levels[i] + quota.step(v_cost, p_limits[i], p_windows[i]);
    IF v_cost > 0 AND (v_cost > p_limits[i]
        OR v_after[i] > CASE WHEN p_windows[i] > 0 THEN p_windows[i] ELSE p_limits[i] END) THEN
      outcome := 'refused';
    END IF;
    IF p_units[i] = 'slots' THEN
      v_slots := v_slots || p_buckets[i];
    END IF;
  END LOOP;
  IF outcome <> 'reserved' THEN
    RETURN;
  END IF;

  INSERT INTO quota.reservations
    (id, subject, plan, key_id, team, model, reserved_at, lease_until, state, closed_at,
     requests, reserved_tokens, reserved_money, prompt_tokens, money, slots)
  VALUES
    (p_id, p_subject, p_plan, p_key_id, p_team, p_model, v_at, v_at + coalesce(p_lease_ms, 0) * interval '1 millisecond',
     CASE WHEN p_lease_ms IS NULL THEN 'settled' ELSE 'open' END, CASE WHEN p_lease_ms IS NULL THEN v_at END,
     p_requests, p_tokens, p_money,
     CASE WHEN p_lease_ms IS NULL THEN p_tokens ELSE 0 END, CASE WHEN p_lease_ms IS NULL THEN p_money ELSE 0 END, v_slots)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN -- the same event, at the same time, with no bucket in common
    outcome := 'repeated';
    RETURN;
  END IF;
  FOR i IN 1 .. v_count LOOP
    IF v_after[i] <> levels[i] THEN
      PERFORM quota.set_bucket(p_buckets[i], p_windows[i],
        v_after[i] + CASE WHEN p_windows[i] > 0 THEN v_now ELSE 0 END);
    END IF;
  END LOOP;
  levels := v_after;
END $$;

-- Raises what is reserved to new totals, if every limit has room for the difference. A reservation that a crash of the
-- server lost is made anew, from what its token says.
CREATE FUNCTION quota.extend(
  p_id text, p_subject text, p_plan text, p_key_id text, p_team text, p_model text,
  p_requests bigint, p_tokens bigint, p_money bigint,
  p_buckets text[], p_units text[], p_limits bigint[], p_windows bigint[], p_lease_ms bigint,
  OUT outcome text, OUT levels bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_count int := coalesce(array_length(p_buckets, 1), 0);
  v_values bigint[] := '{}';
  v_after bigint[] := '{}';
  v_held quota.reservations;
  v_now bigint;
  v_more bigint;
BEGIN
  FOR i IN 1 .. v_count LOOP
    v_values[i] := quota.lock_bucket(p_buckets[i], p_windows[i]);
  END LOOP;
  SELECT * INTO v_held FROM quota.reservations r WHERE r.id = p_id FOR UPDATE;
  IF NOT FOUND THEN
    SELECT r.outcome, r.levels INTO outcome, levels FROM quota.reserve(
      p_id, p_subject, p_plan, p_key_id, p_team, p_model, p_requests, p_tokens, p_money,
      p_buckets, p_units, p_limits, p_windows, p_lease_ms) r;
    RETURN;
  END IF;
  PERFORM set_config('synchronous_commit', 'off', true);
  v_now := quota.ns(clock_timestamp());
  outcome := CASE WHEN v_held.state = 'open' THEN 'reserved' ELSE 'over' END;
  levels := '{}';
  FOR i IN 1 .. v_count LOOP
    IF p_windows[i] > 0 THEN
      levels[i] := greatest(v_values[i] - v_now, 0);
    ELSE
      levels[i] := v_values[i];
    END IF;
    v_after[i] := levels[i];
    v_more := CASE p_units[i]
      WHEN 'tokens' THEN greatest(p_tokens - v_held.reserved_tokens, 0)
      WHEN 'money' THEN greatest(p_money - v_held.reserved_money, 0)
      ELSE 0
    END;
    IF v_more > 0 AND outcome <> 'over' THEN
      v_after[i] := levels[i] + quota.step(v_more, p_limits[i], p_windows[i]);
      IF quota.counted(p_units[i], p_requests, p_tokens, p_money) > p_limits[i] OR v_after[i] > p_windows[i] THEN
        outcome := 'refused';
      END IF;
    END IF;
  END LOOP;
  IF outcome <> 'reserved' THEN
    RETURN;
  END IF;
  UPDATE quota.reservations r
  SET reserved_tokens = greatest(r.reserved_tokens, p_tokens), reserved_money = greatest(r.reserved_money, p_money)
  WHERE r.id = p_id;
  FOR i IN 1 .. v_count LOOP
    IF v_after[i] <> levels[i] THEN
      PERFORM quota.set_bucket(p_buckets[i], p_windows[i], v_after[i] + v_now);
    END IF;
  END LOOP;
  levels := v_after;
END $$;

-- Closes a reservation with what was really used. Of what was not used, what has not leaked out of a bucket since it
-- was reserved is given back; use above what was reserved is booked, however full the bucket is. One that a crash lost
-- is booked whole. Requests stay counted. Says what it did: 'settled', or 'over' if the reservation was closed before.
CREATE FUNCTION quota.settle(
  p_id text, p_subject text, p_plan text, p_key_id text, p_team text, p_model text,
  p_requests bigint, p_tokens bigint, p_money bigint,
  p_buckets text[], p_units text[], p_limits bigint[], p_windows bigint[],
  p_prompt_tokens bigint, p_completion_tokens bigint, p_used_money bigint, p_state text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_count int := coalesce(array_length(p_buckets, 1), 0);
  v_used_tokens bigint := p_prompt_tokens + p_completion_tokens;
  v_values bigint[] := '{}';
  v_held quota.reservations;
  v_lost boolean;
  v_now bigint;
  v_since bigint;
  v_more bigint;
  v_value bigint;
BEGIN
  FOR i IN 1 .. v_count LOOP
    v_values[i] := quota.lock_bucket(p_buckets[i], p_windows[i]);
  END LOOP;
  SELECT * INTO v_held FROM quota.reservations r WHERE r.id = p_id FOR UPDATE;
  v_lost := NOT FOUND;
  IF NOT v_lost AND v_held.state <> 'open' THEN
    RETURN 'over';
  END IF;
  v_now := quota.ns(clock_timestamp());
  IF v_lost THEN
    INSERT INTO quota.reservations
      (id, subject, plan, key_id, team, model, reserved_at, lease_until, state, closed_at,
       requests, reserved_tokens, reserved_money, prompt_tokens, completion_tokens, money, slots)
    VALUES
      (p_id, p_subject, p_plan, p_key_id, p_team, p_model, clock_timestamp(), clock_timestamp(), p_state,
       clock_timestamp(), p_requests, p_tokens, p_money, p_prompt_tokens, p_completion_tokens, p_used_money, '{}');
    v_since := 0;
  ELSE
    UPDATE quota.reservations r
    SET state = p_state, closed_at = clock_timestamp(), model = coalesce(p_model, r.model),
        prompt_tokens = p_prompt_tokens, completion_tokens = p_completion_tokens, money = p_used_money
    WHERE r.id = p_id;
    v_since := greatest(v_now - quota.ns(v_held.reserved_at), 0);
  END IF;

  FOR i IN 1 .. v_count LOOP
    v_more := CASE p_units[i]
      WHEN 'requests' THEN CASE WHEN v_lost THEN p_requests ELSE 0 END
      WHEN 'tokens' THEN v_used_tokens - CASE WHEN v_lost THEN 0 ELSE v_held.reserved_tokens END
      WHEN 'money' THEN p_used_money - CASE WHEN v_lost THEN 0 ELSE v_held.reserved_money END
      WHEN 'slots' THEN CASE WHEN p_buckets[i] = ANY (v_held.slots) THEN -1 ELSE 0 END
    END;
    v_value := v_values[i];
    IF p_windows[i] = 0 THEN
      v_value := greatest(v_value + v_more, 0);
    ELSIF v_more > 0 THEN
      v_value := greatest(v_value, v_now) + quota.step(v_more, p_limits[i], p_windows[i]);
    ELSIF v_more < 0 AND p_limits[i] > 0 THEN
      v_value := v_value
        - greatest(floor(-v_more::numeric * p_windows[i] / p_limits[i])::bigint - v_since, 0);
    END IF;
    IF v_value <> v_values[i] THEN
      PERFORM quota.set_bucket(p_buckets[i], p_windows[i], v_value);
    END IF;
  END LOOP;
  RETURN 'settled';
END $$;

-- Gives open reservations a new lease, and tells which are open.
CREATE FUNCTION quota.renew(p_ids text[], p_lease_ms bigint) RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH due AS (
    SELECT r.id FROM quota.reservations r
    WHERE r.id = ANY (p_ids) AND r.state = 'open'
    ORDER BY r.id
    FOR UPDATE)
  UPDATE quota.reservations r SET lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
  FROM due WHERE r.id = due.id
  RETURNING r.id;
$$;

-- Closes reservations whose lease has run out, at what was reserved, and frees their slots. At most so many.
CREATE FUNCTION quota.expire(p_most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_ids text[];
  v_closed int;
BEGIN
  SELECT array_agg(due.id ORDER BY due.id) INTO v_ids FROM (
    SELECT r.id FROM quota.reservations r
    WHERE r.state = 'open' AND r.lease_until < clock_timestamp()
    ORDER BY r.lease_until LIMIT p_most) due;
  IF v_ids IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM quota.lock_bucket(held.slot, 0) FROM (
    SELECT s.slot FROM quota.reservations r, unnest(r.slots) AS s (slot) WHERE r.id = ANY (v_ids)
    GROUP BY s.slot ORDER BY s.slot COLLATE "C") held;
  WITH due AS (
    SELECT r.id FROM quota.reservations r
    WHERE r.id = ANY (v_ids) AND r.state = 'open' AND r.lease_until < clock_timestamp()
    ORDER BY r.id FOR UPDATE),
  closed AS (
    UPDATE quota.reservations r
    SET state = 'expired', closed_at = clock_timestamp(), prompt_tokens = r.reserved_tokens, money = r.reserved_money
    FROM due WHERE r.id = due.id
    RETURNING r.slots),
  freed AS (
    SELECT slot, count(*) AS held FROM closed, unnest(closed.slots) AS slot GROUP BY slot),
  given_back AS (
    UPDATE quota.buckets b SET value = greatest(b.value - freed.held, 0)
    FROM freed WHERE b.bucket = freed.slot)
  SELECT count(*) INTO v_closed FROM closed;
  RETURN v_closed;
END $$;

-- Turns closed reservations of an hour ago into usage, and forgets full buckets and old usage. Bounded; one process at
-- a time, others leave at once. Tells how many rows it took away.
CREATE FUNCTION quota.sweep(p_most int, p_keep_days int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_now bigint := quota.ns(clock_timestamp());
  v_rows int;
  v_total int;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('quota.sweep')) THEN
    RETURN 0;
  END IF;
  WITH old AS (
    SELECT r.id FROM quota.reservations r
    WHERE r.state <> 'open' AND r.closed_at < clock_timestamp() - interval '1 hour'
    ORDER BY r.closed_at LIMIT p_most),
  gone AS (
    DELETE FROM quota.reservations r USING old WHERE r.id = old.id RETURNING r.*)
  INSERT INTO quota.usage AS u
  SELECT (reserved_at AT TIME ZONE 'UTC')::date, subject, plan, key_id, team, model,
         sum(requests), sum(prompt_tokens), sum(completion_tokens), sum(money)
  FROM gone GROUP BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (subject, day, plan, key_id, team, model) DO UPDATE SET
    requests = u.requests + excluded.requests,
    prompt_tokens = u.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = u.completion_tokens + excluded.completion_tokens,
    money = u.money + excluded.money;
  GET DIAGNOSTICS v_total = ROW_COUNT;

  DELETE FROM quota.minute_buckets WHERE bucket IN (
    SELECT b.bucket FROM quota.minute_buckets b WHERE b.value < v_now LIMIT p_most FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_total := v_total + v_rows;
  DELETE FROM quota.buckets WHERE bucket IN (
    SELECT b.bucket FROM quota.buckets b
    WHERE b.value <= 0 OR b.value BETWEEN 1000000000000000000 AND v_now
    LIMIT p_most FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_total := v_total + v_rows;
  DELETE FROM quota.usage WHERE ctid IN (
    SELECT u.ctid FROM quota.usage u WHERE u.day < (clock_timestamp() AT TIME ZONE 'UTC')::date - p_keep_days
    LIMIT p_most);
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  RETURN v_total + v_rows;
END $$;

-- What was used, by day (UTC) and model, of one subject; an open reservation counts as what is reserved.
CREATE FUNCTION quota.used(p_subject text, p_from date, p_to date)
RETURNS TABLE (day date, model text, requests bigint, prompt_tokens bigint, completion_tokens bigint, money bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.day, a.model, sum(a.requests)::bigint, sum(a.prompt_tokens)::bigint, sum(a.completion_tokens)::bigint,
         sum(a.money)::bigint
  FROM (
    SELECT u.day, u.model, u.requests, u.prompt_tokens, u.completion_tokens, u.money
    FROM quota.usage u WHERE u.subject = p_subject AND u.day BETWEEN p_from AND p_to
    UNION ALL
    SELECT (r.reserved_at AT TIME ZONE 'UTC')::date, r.model, r.requests,
           CASE WHEN r.state = 'open' THEN r.reserved_tokens ELSE r.prompt_tokens END, r.completion_tokens,
           CASE WHEN r.state = 'open' THEN r.reserved_money ELSE r.money END
    FROM quota.reservations r
    WHERE r.subject = p_subject AND r.reserved_at >= p_from::timestamp AT TIME ZONE 'UTC'
      AND r.reserved_at < (p_to + 1)::timestamp AT TIME ZONE 'UTC') a
  GROUP BY a.day, a.model
  ORDER BY a.day, a.model;
$$;

-- Functions are everybody's by default.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA quota FROM PUBLIC;
GRANT EXECUTE ON FUNCTION quota.reserve TO jan_plugins;
GRANT EXECUTE ON FUNCTION quota.settle, quota.expire, quota.sweep TO jan_plugins, jan_llm_api;
GRANT EXECUTE ON FUNCTION quota.extend, quota.renew, quota.used TO jan_llm_api;
