-- Who may use the API. The user_id of an account is the one that jobs and strategies carry. Of every secret only a hash is
-- kept: argon2id of a password, which people choose; sha256 of what we make, which has 256 random bits (codes: 100, for 15
-- minutes). What states exist:
--
--   account   active --disable--> disabled --enable--> active; a disabled one has no session, token or code
--   session   from sign-in until sign-out, revocation, expires_at, or too long without a request
--   token     from its creation until revocation or expires_at
--   code      one an account, until it is used, replaced or expires_at

create table backtest_accounts (
  user_id uuid primary key,
  -- Null: the account is one of an external identity provider, known by issuer and subject.
  name text constraint backtest_accounts_name check (name ~ '^[a-z0-9][a-z0-9._@+-]{0,63}$'),
  role text not null default 'user' constraint backtest_accounts_role check (role in ('user', 'admin')),
  -- Null: nobody can sign in with a password, until a code has set one.
  password_hash text constraint backtest_accounts_password check (password_hash ~ '^\$argon2id\$v=19\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$'),
  issuer text constraint backtest_accounts_issuer check (length(issuer) between 1 and 500),
  subject text constraint backtest_accounts_subject check (length(subject) between 1 and 255),
  created_at timestamptz not null default clock_timestamp(),
  disabled_at timestamptz,
  constraint backtest_accounts_kind check (
    case when name is null
      then num_nonnulls(issuer, subject) = 2 and password_hash is null
      else num_nonnulls(issuer, subject) = 0
    end
  ),
  constraint backtest_accounts_one_name unique (name),
  constraint backtest_accounts_one_subject unique (issuer, subject)
);
create index backtest_accounts_list on backtest_accounts (created_at, user_id);

-- Half of each page stays free, so that what a request writes (last_seen_at, last_used_at) is a heap-only update.
create table backtest_sessions (
  session_id uuid primary key,
  user_id uuid not null references backtest_accounts on delete cascade,
  secret_hash bytea not null constraint backtest_sessions_hash check (octet_length(secret_hash) = 32),
  created_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  address text constraint backtest_sessions_address check (length(address) <= 100),
  agent text constraint backtest_sessions_agent check (length(agent) <= 200),
  constraint backtest_sessions_secret unique (secret_hash),
  constraint backtest_sessions_expiry check (expires_at > created_at)
)
with (fillfactor = 50);
create index backtest_sessions_list on backtest_sessions (user_id, created_at desc, session_id desc);

create table backtest_api_tokens (
  token_id uuid primary key,
  user_id uuid not null references backtest_accounts on delete cascade,
  name text not null constraint backtest_api_tokens_name check (length(name) between 1 and 100),
  -- The beginning of the token, so that its owner knows which one it is.
  prefix text not null constraint backtest_api_tokens_prefix check (prefix ~ '^btj_[A-Za-z0-9_-]{6}$'),
  secret_hash bytea not null constraint backtest_api_tokens_hash check (octet_length(secret_hash) = 32),
  scopes text[] not null constraint backtest_api_tokens_scopes check (
    cardinality(scopes) >= 1 and scopes <@ array['read', 'jobs', 'candles']
  ),
  created_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz,
  expires_at timestamptz not null,
  constraint backtest_api_tokens_secret unique (secret_hash),
  constraint backtest_api_tokens_expiry check (expires_at > created_at)
)
with (fillfactor = 50);
create index backtest_api_tokens_list on backtest_api_tokens (user_id, created_at desc, token_id desc);

-- A code lets its owner choose a password, once, without the old one.
create table backtest_one_time_codes (
  user_id uuid primary key references backtest_accounts on delete cascade,
  secret_hash bytea not null constraint backtest_one_time_codes_hash check (octet_length(secret_hash) = 32),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  constraint backtest_one_time_codes_expiry check (expires_at > created_at)
);

-- Administrators list the jobs of all users, newest first.
create index backtest_jobs_list_all on backtest_jobs (created_at desc, job_id desc);
