-- Deciding and closing many requests in one step, under whatever limits each of them has: a step locks all its buckets
-- with one statement, reads the clock once, computes, and writes reservations and buckets with one statement for each
-- table. The functions of V5 stay for extending, and for processes of the version before; all lock in the same order.
--
-- Each request's limits are a run of the arrays p_at (which bucket), p_limits and so on; p_ends says where the runs end.
-- Buckets are given once, in the order of their names, with p_minute for those of a minute or less.

-- Nothing but these functions writes reservations, and a check is prepared anew for each statement: a tenth of its time.
ALTER TABLE quota.reservations DROP CONSTRAINT reservations_check, DROP CONSTRAINT reservations_state_check;

-- Locks buckets and tells their values; null if one is missing: then quota.make_buckets and the whole step once more,
-- since a row that is made while others are held is not locked in order. The lateral join is what makes the order: one
-- bucket after the other, as the array has them.
CREATE FUNCTION quota.lock_buckets(p_buckets text[], p_minute boolean[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  v_values bigint[];
BEGIN
  SELECT coalesce(array_agg(coalesce(m.value, l.value)), '{}') INTO v_values
  FROM generate_subscripts(p_buckets, 1) AS n
  LEFT JOIN LATERAL (
    SELECT b.value FROM quota.minute_buckets b WHERE p_minute[n] AND b.bucket = p_buckets[n] FOR UPDATE) m ON true
  LEFT JOIN LATERAL (
    SELECT b.value FROM quota.buckets b WHERE NOT p_minute[n] AND b.bucket = p_buckets[n] FOR UPDATE) l ON true;
  RETURN CASE WHEN array_position(v_values, NULL) IS NULL THEN v_values END;
END $$;

-- Writes those buckets that have changed.
CREATE FUNCTION quota.set_buckets(p_buckets text[], p_minute boolean[], p_before bigint[], p_values bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_short text[] := '{}';
  v_short_values bigint[] := '{}';
  v_long text[] := '{}';
  v_long_values bigint[] := '{}';
BEGIN
  FOR n IN 1 .. cardinality(p_buckets) LOOP
    IF p_values[n] = p_before[n] THEN
      CONTINUE;
    ELSIF p_minute[n] THEN
      v_short := v_short || p_buckets[n];
      v_short_values := v_short_values || p_values[n];
    ELSE
      v_long := v_long || p_buckets[n];
      v_long_values := v_long_values || p_values[n];
    END IF;
  END LOOP;
  IF v_short <> '{}' THEN
    UPDATE quota.minute_buckets b SET value = v_short_values[array_position(v_short, b.bucket)]
    WHERE b.bucket = ANY (v_short);
  END IF;
  IF v_long <> '{}' THEN
    UPDATE quota.buckets b SET value = v_long_values[array_position(v_long, b.bucket)]
    WHERE b.bucket = ANY (v_long);
  END IF;
END $$;

-- Makes the buckets that are missing, in a transaction that holds nothing else.
CREATE FUNCTION quota.make_buckets(p_buckets text[], p_minute boolean[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  FOR n IN 1 .. cardinality(p_buckets) LOOP
    IF p_minute[n] THEN
      INSERT INTO quota.minute_buckets VALUES (p_buckets[n], 0) ON CONFLICT DO NOTHING;
    ELSE
      INSERT INTO quota.buckets VALUES (p_buckets[n], 0) ON CONFLICT DO NOTHING;
    END IF;
  END LOOP;
END $$;

-- Admits requests, one after the other, each if every one of its limits has room for what it costs there, and then takes
-- from all of them; else from none. Windows are in nanoseconds; 0 is that of slots, which do not refill. A reservation
-- without a lease is closed at once and holds no slot. Kong may run an event again: a reservation that is there is not
-- made again.
--
-- Tells the outcome of each (0 refused, 1 reserved, 2 repeated, 3 over), and then for each limit of each how far its
-- bucket is from full, or how many are held, after what was taken; null if a bucket is missing.
CREATE FUNCTION quota.decide(
  p_ids text[], p_subjects text[], p_plans text[], p_key_ids text[], p_teams text[], p_models text[],
  p_requests bigint[], p_tokens bigint[], p_money bigint[], p_leases_ms bigint[],
  p_ends int[], p_at int[], p_costs bigint[], p_limits bigint[], p_windows bigint[],
  p_buckets text[], p_minute boolean[])
RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
DECLARE
  v_count int := cardinality(p_ids);
  v_before bigint[];
  v_values bigint[];
  v_result bigint[];
  v_after bigint[] := '{}';   -- of the claim at hand, by place in p_at
  v_slots text[] := '{}';     -- by claim, as the text of an array
  v_new int[] := '{}';        -- the claims that are reserved
  v_open text[];
  v_over text[];
  v_at timestamptz;
  v_now bigint;
  v_first int := 1;
  v_outcome int;
  v_cost bigint;
  v_window bigint;
  v_level bigint;
  v_full bigint;
  v_held text[];
  v_text text;
BEGIN
  v_text := set_config('synchronous_commit', 'off', true); -- its token can bring a lost reservation back
  v_before := quota.lock_buckets(p_buckets, p_minute);
  IF v_before IS NULL THEN
    RETURN NULL;
  END IF;
  v_values := v_before;
  v_at := clock_timestamp();
  v_now := (extract(epoch FROM v_at) * 1000000)::bigint * 1000;
  SELECT array_agg(r.id) FILTER (WHERE r.closed_at IS NULL), array_agg(r.id) FILTER (WHERE r.closed_at IS NOT NULL)
  INTO v_open, v_over FROM quota.reservations r WHERE r.id = ANY (p_ids);

  v_result := array_fill(0::bigint, ARRAY[v_count + cardinality(p_at)]);
  FOR c IN 1 .. v_count LOOP
    v_outcome := CASE WHEN p_ids[c] = ANY (v_open) THEN 2 WHEN p_ids[c] = ANY (v_over) THEN 3 ELSE 1 END;
    v_held := '{}';
    FOR e IN v_first .. p_ends[c] LOOP
      v_window := p_windows[e];
      v_level := v_values[p_at[e]];
      IF v_window > 0 THEN
        v_level := greatest(v_level - v_now, 0);
      END IF;
      v_result[v_count + e] := v_level;
      v_cost := p_costs[e];
      IF v_outcome < 2 AND v_cost > 0 AND (v_window > 0 OR p_leases_ms[c] IS NOT NULL) THEN
        v_full := v_window;
        IF v_window = 0 THEN
          v_level := v_level + v_cost;
          v_full := p_limits[e];
          v_held := v_held || p_buckets[p_at[e]];
        ELSIF v_cost <= p_limits[e] THEN
          v_level := v_level + div(v_cost::numeric * v_window + p_limits[e] - 1, p_limits[e])::bigint;
        END IF;
        IF v_cost > p_limits[e] OR v_level > v_full THEN
          v_outcome := 0;
        END IF;
      END IF;
      v_after[e] := v_level;
    END LOOP;
    v_result[c] := v_outcome;
    IF v_outcome = 1 THEN
      v_new := v_new || c;
      v_slots[c] := v_held;
      IF p_leases_ms[c] IS NULL THEN
        v_over := v_over || p_ids[c];
      ELSE
        v_open := v_open || p_ids[c];
      END IF;
      FOR e IN v_first .. p_ends[c] LOOP
        IF v_after[e] <> v_result[v_count + e] THEN
          v_result[v_count + e] := v_after[e];
          v_values[p_at[e]] := CASE WHEN p_windows[e] > 0 THEN v_now ELSE 0 END + v_after[e];
        END IF;
      END LOOP;
    END IF;
    v_first := p_ends[c] + 1;
  END LOOP;
  IF v_new = '{}' THEN
    RETURN v_result;
  END IF;

  INSERT INTO quota.reservations
    (id, subject, plan, key_id, team, model, reserved_at, lease_until, state, closed_at,
     requests, reserved_tokens, reserved_money, prompt_tokens, money, slots)
  SELECT p_ids[c], p_subjects[c], p_plans[c], p_key_ids[c], p_teams[c], p_models[c],
         v_at, v_at + coalesce(p_leases_ms[c], 0) * interval '1 millisecond',
         CASE WHEN p_leases_ms[c] IS NULL THEN 'settled' ELSE 'open' END, CASE WHEN p_leases_ms[c] IS NULL THEN v_at END,
         p_requests[c], p_tokens[c], p_money[c],
         CASE WHEN p_leases_ms[c] IS NULL THEN p_tokens[c] ELSE 0 END,
         CASE WHEN p_leases_ms[c] IS NULL THEN p_money[c] ELSE 0 END, v_slots[c]::text[]
  FROM unnest(v_new) AS c
  ORDER BY p_ids[c]
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS v_outcome = ROW_COUNT;
  IF v_outcome < cardinality(v_new) THEN
    RAISE EXCEPTION 'the same event, at the same time, with no bucket in common' USING ERRCODE = 'serialization_failure';
  END IF;
  v_text := quota.set_buckets(p_buckets, p_minute, v_before, v_values);
  RETURN v_result;
END $$;

-- Closes reservations with what was really used. Of what was not used, what has not leaked out of a
-- bucket since it was reserved is given back; use above what was reserved is booked, however full the bucket is. One
-- that a crash lost is booked whole. Requests stay counted. Tells which were closed now and not before; null if a bucket
-- is missing.
CREATE FUNCTION quota.close(
  p_ids text[], p_subjects text[], p_plans text[], p_key_ids text[], p_teams text[], p_models text[],
  p_requests bigint[], p_tokens bigint[], p_money bigint[],
  p_prompt_tokens bigint[], p_completion_tokens bigint[], p_used_money bigint[], p_states text[],
  p_ends int[], p_at int[], p_units text[], p_limits bigint[], p_windows bigint[],
  p_buckets text[], p_minute boolean[])
RETURNS boolean[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
DECLARE
  v_count int := cardinality(p_ids);
  v_before bigint[];
  v_values bigint[];
  v_which int[];      -- the settlements that are the first for their reservation
  v_open text[];
  v_reserved_at timestamptz[];
  v_tokens bigint[];
  v_money bigint[];
  v_slots text[];
  v_found int;
  v_now bigint;
  v_since bigint;
  v_more bigint;
  v_value bigint;
  v_c int;
  v_done boolean[];
  v_text text;
BEGIN
  v_text := set_config('synchronous_commit', 'off', true);
  v_before := quota.lock_buckets(p_buckets, p_minute);
  IF v_before IS NULL THEN
    RETURN NULL;
  END IF;
  v_values := v_before;
  SELECT coalesce(array_agg(array_position(p_ids, o.id)), '{}'), array_agg(o.id), array_agg(o.reserved_at),
         array_agg(o.reserved_tokens), array_agg(o.reserved_money), array_agg(o.slots::text)
  INTO v_which, v_open, v_reserved_at, v_tokens, v_money, v_slots
  FROM (SELECT r.id, r.reserved_at, r.reserved_tokens, r.reserved_money, r.slots FROM quota.reservations r
        WHERE r.id = ANY (p_ids) AND r.closed_at IS NULL ORDER BY r.id FOR UPDATE) o;
  UPDATE quota.reservations r
  SET state = p_states[array_position(p_ids, r.id)], closed_at = clock_timestamp(),
      model = coalesce(p_models[array_position(p_ids, r.id)], r.model),
      prompt_tokens = p_prompt_tokens[array_position(p_ids, r.id)],
      completion_tokens = p_completion_tokens[array_position(p_ids, r.id)],
      money = p_used_money[array_position(p_ids, r.id)]
  WHERE r.id = ANY (v_open);
  v_found := cardinality(v_which);
  IF v_found < v_count THEN -- what is not there at all was lost
    WITH booked AS (
      INSERT INTO quota.reservations
        (id, subject, plan, key_id, team, model, reserved_at, lease_until, state, closed_at,
         requests, reserved_tokens, reserved_money, prompt_tokens, completion_tokens, money, slots)
      SELECT p_ids[c], p_subjects[c], p_plans[c], p_key_ids[c], p_teams[c], p_models[c],
             clock_timestamp(), clock_timestamp(), p_states[c], clock_timestamp(),
             p_requests[c], p_tokens[c], p_money[c], p_prompt_tokens[c], p_completion_tokens[c], p_used_money[c], '{}'
      FROM generate_subscripts(p_ids, 1) AS c WHERE c <> ALL (v_which)
      ON CONFLICT DO NOTHING
      RETURNING id)
    SELECT v_which || array_agg(array_position(p_ids, id)) INTO v_which FROM booked;
  END IF;

  v_now := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000;
  v_done := array_fill(false, ARRAY[v_count]);
  FOR h IN 1 .. cardinality(v_which) LOOP
    v_c := v_which[h];
    v_done[v_c] := true;
    v_since := CASE WHEN h > v_found THEN 0
      ELSE greatest(v_now - (extract(epoch FROM v_reserved_at[h]) * 1000000)::bigint * 1000, 0) END;
    FOR e IN coalesce(p_ends[v_c - 1], 0) + 1 .. p_ends[v_c] LOOP
      v_more := CASE p_units[e]
        WHEN 'requests' THEN CASE WHEN h > v_found THEN p_requests[v_c] ELSE 0 END
        WHEN 'tokens' THEN p_prompt_tokens[v_c] + p_completion_tokens[v_c] - coalesce(v_tokens[h], 0)
        WHEN 'money' THEN p_used_money[v_c] - coalesce(v_money[h], 0)
        WHEN 'slots' THEN CASE WHEN p_buckets[p_at[e]] = ANY (v_slots[h]::text[]) THEN -1 ELSE 0 END
      END;
      IF v_more = 0 THEN
        CONTINUE;
      END IF;
      v_value := v_values[p_at[e]];
      IF p_windows[e] = 0 THEN
        v_value := greatest(v_value + v_more, 0);
      ELSIF v_more > 0 THEN -- an overrun may be any amount; past thirty years more makes no difference
        v_value := greatest(v_value, v_now) + CASE WHEN p_limits[e] = 0 THEN 1000000000000000000
          ELSE least(div(v_more::numeric * p_windows[e] + p_limits[e] - 1, p_limits[e]), 1000000000000000000)::bigint
        END;
      ELSIF p_limits[e] > 0 THEN
        v_value := v_value - greatest(div(-v_more::numeric * p_windows[e], p_limits[e])::bigint - v_since, 0);
      END IF;
      v_values[p_at[e]] := v_value;
    END LOOP;
  END LOOP;
  v_text := quota.set_buckets(p_buckets, p_minute, v_before, v_values);
  RETURN v_done;
END $$;

-- Sums up old reservations, and forgets what no longer matters. What was used in the last minutes stays: making it anew
-- takes two more steps.
CREATE OR REPLACE FUNCTION quota.sweep(p_most int, p_keep_days int) RETURNS int
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
    DELETE FROM quota.reservations r USING old WHERE r.id = old.id RETURNING r.*),
  summed AS (
    INSERT INTO quota.usage AS u
    SELECT (reserved_at AT TIME ZONE 'UTC')::date, subject, plan, key_id, team, model,
           sum(requests), sum(prompt_tokens), sum(completion_tokens), sum(money)
    FROM gone GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (subject, day, plan, key_id, team, model) DO UPDATE SET
      requests = u.requests + excluded.requests,
      prompt_tokens = u.prompt_tokens + excluded.prompt_tokens,
      completion_tokens = u.completion_tokens + excluded.completion_tokens,
      money = u.money + excluded.money)
  SELECT count(*) INTO v_total FROM gone;

  DELETE FROM quota.minute_buckets WHERE bucket IN (
    SELECT b.bucket FROM quota.minute_buckets b WHERE b.value < v_now - 600000000000
    LIMIT p_most FOR UPDATE SKIP LOCKED);
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

REVOKE ALL ON FUNCTION quota.lock_buckets, quota.set_buckets, quota.make_buckets, quota.decide, quota.close FROM PUBLIC;
GRANT EXECUTE ON FUNCTION quota.decide TO jan_plugins;
GRANT EXECUTE ON FUNCTION quota.close, quota.make_buckets TO jan_plugins, jan_llm_api;
