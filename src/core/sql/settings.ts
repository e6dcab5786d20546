import type { FactsBuilder } from './facts-builder.ts';

/**
 * SET, RESET and set_config by a closed list (R29): formats, time zone, time-outs, search_path, planner switches and the like are
 * *session*; everything else is *admin*.
 *
 * `values`: as written, one for each list element; null for DEFAULT and RESET, which bring back a value that was judged when
 * the session started.
 */
export function judgeSetting(
  facts: FactsBuilder,
  name: string,
  values: readonly (string | number | boolean | null)[] | null,
  local: boolean,
): void {
  const setting = name.toLowerCase();
  const allowed = isSessionSetting(setting, values, local);
  facts.literalSensitive = true;
  facts.object(allowed ? 'session' : 'admin', { kind: 'setting', name: setting });
  if (setting === 'search_path') facts.raiseBarrier('names');
  // How texts are read from then on, the server must have said before the next one is read.
  else if (!allowed || LASTING.has(setting)) facts.raiseBarrier('state');
}

export function isSessionSetting(setting: string, values: readonly (string | number | boolean | null)[] | null, local: boolean): boolean {
  if (FREE.has(setting) || PLANNER_SWITCH.test(setting)) return true;
  const allowed = LIMITED.get(setting);
  if (allowed === undefined || values === null || values.length !== 1) return false;
  // What a SET LOCAL ends in, when its transaction does, nobody would be told.
  if (local && LASTING.has(setting)) return false;
  return allowed.has(String(values[0]).toLowerCase());
}

const PLANNER_SWITCH = /^enable_[a-z_]+$/;

const TRUE_WORDS: ReadonlySet<string> = new Set(['on', 'true', 'yes', '1', 't', 'y']);

/** Only to these values: those under which the text means to the server what it means to the grammar (R27, R28), or less may be done. */
const LIMITED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['client_encoding', new Set(['utf8', 'utf-8', 'unicode'])],
  ['standard_conforming_strings', TRUE_WORDS],
  ['transaction_read_only', TRUE_WORDS],
  ['default_transaction_read_only', TRUE_WORDS],
]);

const LASTING: ReadonlySet<string> = new Set(['client_encoding', 'standard_conforming_strings']);

/**
 * To any value. Reviewed: none of them changes what a statement does to which object, who does it, or what is written to
 * the server's log. search_path changes what names mean, and is a barrier. Not here, for example: role, session_authorization,
 * session_replication_role (switches triggers off), transform_null_equals (`= NULL` becomes IS NULL), and every name with a dot
 * (row security policies may rest on it).
 */
const FREE: ReadonlySet<string> = new Set([
  'application_name',
  'bytea_output',
  'check_function_bodies',
  'client_min_messages',
  'constraint_exclusion',
  'cpu_index_tuple_cost',
  'cpu_operator_cost',
  'cpu_tuple_cost',
  'cursor_tuple_fraction',
  'datestyle',
  'default_table_access_method',
  'default_tablespace',
  'default_toast_compression',
  'default_transaction_deferrable',
  'default_transaction_isolation',
  'effective_cache_size',
  'escape_string_warning',
  'extra_float_digits',
  'from_collapse_limit',
  'geqo',
  'geqo_threshold',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'intervalstyle',
  'jit',
  'join_collapse_limit',
  'lc_monetary',
  'lc_numeric',
  'lc_time',
  'lock_timeout',
  'maintenance_work_mem',
  'max_parallel_workers_per_gather',
  'plan_cache_mode',
  'quote_all_identifiers',
  'random_page_cost',
  'restrict_nonsystem_relation_kind',
  'row_security',
  'search_path',
  'seq_page_cost',
  'statement_timeout',
  'synchronize_seqscans',
  'temp_buffers',
  'timezone',
  'transaction_deferrable',
  'transaction_isolation',
  'transaction_timeout',
  'work_mem',
  'xmloption',
]);
