// Types of the HTTP API, made from its OpenAPI document by `npm run client`. Do not edit.

export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process lives */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The database is there, its schema is the right one, the server is not shutting down */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in by name and password; the session comes as a cookie
         * @description Failures slow down the next attempts, of the account and of the address; none is locked out.
         */
        post: operations["signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set the password of an account with a one-time code; all its sessions end */
        post: operations["useCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your jobs, newest first */
        get: operations["listJobs"];
        put?: never;
        /** Submit a spec as a job */
        post: operations["submitJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/estimate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a spec would cost if it were submitted; nothing is stored
         * @description Refuses what submitting refuses, with the same errors, but for quota and Idempotency-Key.
         */
        post: operations["estimateJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job: state, progress, error, verdict */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /**
         * Delete a job that has ended, with everything it found out
         * @description Nothing of it is kept, its Idempotency-Key included. A job that has not ended is cancelled first.
         */
        delete: operations["deleteJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/spec": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The spec of a job, to be submitted again
         * @description With every default that was filled in, and with the template of the strategy it named, if any. What its numbers count, `/request` has.
         */
        get: operations["getSpec"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a job was asked to do: its spec, its settings, and the axes that its indexes count */
        get: operations["getJobRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The attempts of a job */
        get: operations["listJobAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/top": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The best variants, so far or at the end
         * @description A page by rank, which may be shorter than asked for. Of a row with very many trades the first and the last are stored.
         */
        get: operations["getTopVariants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job; the best variants so far stay
         * @description A queued job ends at once, a running one as soon as its worker stops; asking again changes nothing.
         */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A job, or one variant of it, as one HTML file to share
         * @description The file runs no scripts and loads nothing: verdict, best variants, equity, months, trades, candles, spec. Lists are cut where they are long, with their counts.
         */
        get: operations["getReportPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/surface": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Scores of stage_a, raw or as cells of a heat map
         * @description Bytes: the length of a JSON header as little-endian uint32; the header, ended by spaces so that what follows begins at a multiple of 8; then float32, little-endian, NaN where nothing is scored or ranked. With x at most 400 x 400 cells, row by row; longer axes are binned. Held axes as hold.<axis>=<value>. Without x one score for each base index (for a sample one for each drawn variant, and behind them, at a multiple of 8, the base indexes as float64).
         */
        get: operations["getSurface"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/surface/cell": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is behind one cell of a heat map: the best variant of it
         * @description x, y, how and held axes as of the map, and the cell by column and row. Held axes as hold.<axis>=<value>.
         */
        get: operations["getSurfaceCell"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/surface/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What all scores of stage_a say: distribution, and each axis by itself */
        get: operations["getSurfaceSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/surface/bands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where matched scores live: counts by axis and between neighbouring axes
         * @description Brushes as brush.<axis>=a..b, both ends included: numbers by value, words by their place on the axis.
         */
        get: operations["getSurfaceBands"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a job found, as a file: CSV, NDJSON or Parquet
         * @description Written while it is read. A connection that breaks off means that the file is not whole. Text cells of CSV that begin with = + - @ have an apostrophe before them.
         */
        get: operations["exportJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Changes of all your jobs, as they happen
         * @description Events: job (the status, as a list has it), top ({job_id, top_at}: the best rows were written), gone ({job_id}: a job that went on was deleted), ready (the stream begins; jobs that go on follow), reset (the last id is too old: read anew). At most four times a second, of each job the latest. Send the id of the last event as Last-Event-ID to go on after it.
         */
        get: operations["watchJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/jobs/{job_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Changes of one job, as they happen
         * @description Events: job (the status, as a list has it), top ({job_id, top_at}: the best rows were written), gone ({job_id}: a job that went on was deleted), ready (the stream begins; jobs that go on follow), reset (the last id is too old: read anew). At most four times a second, of each job the latest. Send the id of the last event as Last-Event-ID to go on after it.
         */
        get: operations["watchJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/market-data/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Files of yours that were sent, newest first
         * @description What one of them changes, and which jobs ran on those candles, `GET /market-data/imports/{import_id}` tells.
         */
        get: operations["listImports"];
        put?: never;
        /**
         * Send a file of candles and see what it would change
         * @description CSV (plain, gzip or zip), Parquet or JSON lists, as `backtest candles import` takes them. Nothing of the store changes before the import is committed.
         */
        post: operations["stageImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/market-data/imports/{import_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file that was sent: what it would change, or has changed */
        get: operations["getImport"];
        put?: never;
        post?: never;
        /** Forget a file that was sent; what was committed stays in the store */
        delete: operations["deleteImport"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/market-data/imports/{import_id}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a file that was sent part of the store, all of it or nothing
         * @description Bars that the store has with other numbers are replaced only with `replace`, which needs the role admin. Asking again changes nothing.
         */
        post: operations["commitImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Search a small spec and wait for the result; nothing is stored
         * @description Takes the body of a job, within half the guards. Without luck in the body there is no luck test. A search that takes longer than limits.sync_deadline_seconds of GET /backtests/runtime-defaults is refused (too_slow), and one whose client leaves ends.
         */
        post: operations["runNow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/variant-report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Report, trades and plot series of any variant */
        post: operations["reportVariant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/strategies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your strategies, newest first */
        get: operations["listStrategies"];
        put?: never;
        /**
         * Save the template of a spec under a name
         * @description A spec then gives its strategy_id instead of a template. To replace one, delete it and save another.
         */
        post: operations["saveStrategy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/strategies/{strategy_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One strategy with its template */
        get: operations["getStrategy"];
        put?: never;
        post?: never;
        /** Delete a strategy; jobs that have used it stay as they are */
        delete: operations["deleteStrategy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/indicators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The indicators with their axes, bounds and defaults */
        get: operations["listIndicators"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/backtests/runtime-defaults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Defaults, limits and markets of this server */
        get: operations["getRuntimeDefaults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/market-data/instruments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Instruments that have candles, by market and symbol */
        get: operations["listInstruments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/market-data/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which candles there are; with market_id and symbol also which are missing */
        get: operations["getCoverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/market-data/candles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Bars of an instrument, rolled up as the engine does, a page at a time
         * @description The ETag is that of the bars: with If-None-Match the answer is 304 while they are the same.
         */
        get: operations["getCandles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["whoAmI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this session */
        post: operations["signOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change your password; all your other sessions end */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your sessions, newest first */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of your sessions, at once */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your tokens, newest first, those that have expired too */
        get: operations["listTokens"];
        put?: never;
        /** Create a token; it is shown this once */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token, at once */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All accounts, for administrators */
        get: operations["listAccounts"];
        put?: never;
        /** Add an account; its owner sets the password with the code */
        post: operations["addAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/{user_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep an account out; its sessions and tokens end at once */
        post: operations["disableAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/{user_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let an account in again */
        post: operations["enableAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/{user_id}/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A one-time code, with which the owner of an account sets a password */
        post: operations["issueCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One parameter and its values; a bare scalar is an axis with one value */
        AxisInput: {
            /** @constant */
            mode: "explicit";
            values: (number | string)[];
        } | {
            /** @constant */
            mode: "range";
            start: number;
            stop_incl: number;
            step: number;
        } | (number | string);
        /** @description An axis of which "off" is a value; false and null mean the same */
        RiskAxisInput: {
            /** @constant */
            mode: "explicit";
            values: (number | "off" | false | null)[];
        } | {
            /** @constant */
            mode: "range";
            start: number;
            stop_incl: number;
            step: number;
        } | (number | "off" | false | null);
        /** @description Instrument, timeframe, signals and how they are traded */
        TemplateInput: {
            instrument_id: {
                market_id: number;
                /** @description visible characters without spaces, like BTCUSDT, BRK.B or BTC/USDT */
                symbol: string;
            };
            /** @enum {string} */
            timeframe: "1m" | "3m" | "5m" | "15m" | "30m" | "1h" | "2h" | "4h" | "6h" | "8h" | "12h" | "1d";
            /** @description signals of indicators; or give rules */
            indicator_grids?: {
                /** @description see GET /indicators */
                indicator_id: string;
                source?: components["schemas"]["AxisInput"];
                /** @description missing ones take the default of the catalogue */
                params?: {
                    [key: string]: components["schemas"]["AxisInput"];
                };
            }[];
            /** @description by indicator_id, then name */
            signal_grids?: {
                [key: string]: {
                    [key: string]: components["schemas"]["AxisInput"];
                };
            };
            /** @description conditions at the close of a bar, instead of indicator_grids: cross_above(close, sma(close, n)) */
            rules?: {
                long?: string | null;
                short?: string | null;
                exit_long?: string | null;
                exit_short?: string | null;
            };
            /** @description names that rules and constraints read, with their values */
            params?: {
                [key: string]: components["schemas"]["AxisInput"];
            };
            /** @description conditions on params that every combination must meet */
            constraints?: string[];
            /** @enum {string} */
            direction_mode?: "long-short" | "long-only" | "short-only";
            /** @enum {string} */
            sizing_mode?: "all_in" | "fixed_quote" | "percent_of_equity" | "strategy_compound" | "strategy_compound_profit_lock";
            execution?: {
                init_cash_quote?: number;
                /** @description percent of each fill; default by market */
                fee_pct?: number;
                slippage_pct?: number;
                fixed_quote?: number;
                equity_percent?: number;
                safe_profit_percent?: number;
                /** @enum {string} */
                fill?: "close" | "next_open";
            };
            risk_grid?: {
                sl_enabled?: boolean;
                /** @description stop losses in percent; "off" is a value */
                sl?: components["schemas"]["RiskAxisInput"];
                /** @description one stop loss, instead of sl */
                sl_pct?: number;
                tp_enabled?: boolean;
                /** @description take profits in percent; "off" is a value */
                tp?: components["schemas"]["RiskAxisInput"];
                /** @description one take profit, instead of tp */
                tp_pct?: number;
                /** @description trailing stops in percent from the best price since the entry; "off" is a value */
                trail?: components["schemas"]["RiskAxisInput"];
                /** @description most bars a position is held; "off" is a value */
                max_bars?: components["schemas"]["RiskAxisInput"];
                /** @enum {string} */
                trigger?: "close" | "intrabar";
            };
        };
        /**
         * @description What to test: instrument, timeframe, time range, strategy, parameter axes, risk axes
         * @example {
         *       "name": "S&P 500 above its average, with stops",
         *       "time_range": {
         *         "start": "2001-01-01T00:00:00Z",
         *         "end": "2020-01-01T00:00:00Z"
         *       },
         *       "template": {
         *         "instrument_id": {
         *           "market_id": 5,
         *           "symbol": "^GSPC"
         *         },
         *         "timeframe": "1d",
         *         "indicator_grids": [
         *           {
         *             "indicator_id": "ma.sma",
         *             "params": {
         *               "window": {
         *                 "mode": "range",
         *                 "start": 10,
         *                 "stop_incl": 200,
         *                 "step": 10
         *               }
         *             }
         *           }
         *         ],
         *         "risk_grid": {
         *           "sl": {
         *             "mode": "explicit",
         *             "values": [
         *               "off",
         *               5,
         *               10
         *             ]
         *           },
         *           "tp_pct": 25
         *         }
         *       },
         *       "top_k": 50
         *     }
         */
        SpecInput: {
            /** @description UTC instants with a zone, half-open: start <= bar < end */
            time_range: {
                start: string;
                end: string;
            };
            /** @description the strategy; or give strategy_id */
            template?: components["schemas"]["TemplateInput"];
            /**
             * Format: uuid
             * @description a saved strategy of yours, see POST /strategies
             */
            strategy_id?: string;
            /** @description with strategy_id only */
            overrides?: {
                /** @enum {string} */
                direction_mode?: "long-short" | "long-only" | "short-only";
                /** @enum {string} */
                sizing_mode?: "all_in" | "fixed_quote" | "percent_of_equity" | "strategy_compound" | "strategy_compound_profit_lock";
                execution?: {
                    init_cash_quote?: number;
                    /** @description percent of each fill; default by market */
                    fee_pct?: number;
                    slippage_pct?: number;
                    fixed_quote?: number;
                    equity_percent?: number;
                    safe_profit_percent?: number;
                    /** @enum {string} */
                    fill?: "close" | "next_open";
                };
                risk_grid?: {
                    sl_enabled?: boolean;
                    /** @description stop losses in percent; "off" is a value */
                    sl?: components["schemas"]["RiskAxisInput"];
                    /** @description one stop loss, instead of sl */
                    sl_pct?: number;
                    tp_enabled?: boolean;
                    /** @description take profits in percent; "off" is a value */
                    tp?: components["schemas"]["RiskAxisInput"];
                    /** @description one take profit, instead of tp */
                    tp_pct?: number;
                    /** @description trailing stops in percent from the best price since the entry; "off" is a value */
                    trail?: components["schemas"]["RiskAxisInput"];
                    /** @description most bars a position is held; "off" is a value */
                    max_bars?: components["schemas"]["RiskAxisInput"];
                    /** @enum {string} */
                    trigger?: "close" | "intrabar";
                };
                /** @description by indicator_id, then name */
                signal_grids?: {
                    [key: string]: {
                        [key: string]: components["schemas"]["AxisInput"];
                    };
                };
            };
            /** @description bars before the time range; auto (default): as many as any variant needs, at least warmup_bars_default */
            warmup_bars?: number | "auto";
            top_k?: number;
            preselect?: number;
            top_trades_n?: number;
            ranking?: {
                /** @enum {string} */
                primary_metric?: "total_return_pct" | "max_drawdown_pct" | "return_over_max_drawdown" | "profit_factor" | "sharpe" | "sortino" | "calmar" | "sqn" | "expectancy" | "win_rate_pct";
                secondary_metric?: ("total_return_pct" | "max_drawdown_pct" | "return_over_max_drawdown" | "profit_factor" | "sharpe" | "sortino" | "calmar" | "sqn" | "expectancy" | "win_rate_pct") | null;
                /** @description rank by the mean of the primary metric over so many steps on every axis of numbers; one row of each base variant */
                plateau?: number | null;
            };
            filters?: {
                min_trades?: number | null;
                max_drawdown_pct?: number | null;
            };
            /** @description score so many base variants, drawn by the seed, instead of all */
            sample?: {
                n: number;
                seed?: number;
            } | null;
            /** @description judge what the search keeps on bars it does not see: the last fraction, or those after each fold */
            validation?: ({
                /** @constant */
                mode: "holdout";
                fraction: number;
            } | {
                /** @constant */
                mode: "walk_forward";
                folds: number;
                train_fraction: number;
            }) | null;
            luck?: ({
                /** @description 0: no test; else at least 19 */
                permutations?: number | "auto";
                /** @description base variants that are searched, drawn from the grid; auto: all, or 2,000 of a large grid */
                variants?: number | "auto";
                /** @description bars that stay together, of intraday markets sessions */
                blocks?: number | null;
                /** @description with walk_forward: all folds instead of the last one */
                walk?: boolean | null;
                /** @description in a stored spec: why auto chose no permutations */
                skipped?: "too_much_work" | null;
            } | number | ("auto" | "off")) | null;
            name?: string | null;
            /** @description above 0 for administrators only; 0 when left out */
            priority?: number;
        };
        /** @description A new account */
        AccountRequestInput: {
            name: string;
            /**
             * @default user
             * @enum {string}
             */
            role?: "user" | "admin";
        };
        /** @description Name and password */
        SignInInput: {
            name: string;
            password: string;
        };
        /** @description A one-time code, and the password that it sets */
        CodeUseInput: {
            name: string;
            code: string;
            new_password: string;
        };
        /** @description The password of now and the next one */
        PasswordChangeInput: {
            old_password: string;
            new_password: string;
        };
        /** @description What the token may do, and for how long */
        TokenRequestInput: {
            /** @description what it is for */
            name: string;
            /** @description read: GETs and estimate; jobs: also submit, cancel, delete, strategies, reports; candles: upload */
            scopes: ("read" | "jobs" | "candles")[];
            /** @default 90 */
            expires_in_days?: number;
        };
        /** @description A file of candles, and what it holds */
        UploadInput: {
            market_id: number;
            /** @description visible characters without spaces, like BTCUSDT, BRK.B or BTC/USDT */
            symbol: string;
            /**
             * @description else deduced from the times
             * @enum {string}
             */
            interval?: "1m" | "3m" | "5m" | "15m" | "30m" | "1h" | "2h" | "4h" | "6h" | "8h" | "12h" | "1d";
            /** @description of times that state none, like America/New_York; else UTC */
            timezone?: string;
            /**
             * @description of epochs; else what fits all rows of the file
             * @enum {string}
             */
            time_unit?: "s" | "ms" | "us" | "ns";
            /** @description lines above the header that are not read */
            skip_lines?: number;
            /**
             * @description true: adjust prices by the column Adj Close
             * @enum {string}
             */
            adjust?: "true" | "false";
            time_column?: string;
            open_column?: string;
            high_column?: string;
            low_column?: string;
            close_column?: string;
            volume_column?: string;
            symbol_column?: string;
            interval_column?: string;
            /**
             * Format: binary
             * @description its name counts where an archive has named it
             */
            file: string;
        };
        /** @description The template of a spec, under a name */
        StrategyRequestInput: {
            /** @description yours to use once */
            name: string;
            template: components["schemas"]["TemplateInput"];
        };
        /** @description spec or job_id, and one of variant_index, rank, payload */
        VariantReportRequestInput: {
            spec?: components["schemas"]["SpecInput"];
            /**
             * Format: uuid
             * @description a job of yours, instead of spec; an administrator names any
             */
            job_id?: string;
            /** @description any variant of the grid, kept or not */
            variant_index?: number;
            /** @description of the best variants of the job */
            rank?: number;
            /** @description of a variant, as a report or a job gave it; it need not be in the grid */
            payload?: {
                [key: string]: unknown;
            };
            /** @description at most so many rows of series, lowest and highest equity kept; without it one for each bar */
            points?: number;
        };
        /** @description What every error looks like */
        Error: {
            error: {
                /** @enum {string} */
                code: "bad_request" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "conflict" | "payload_too_large" | "unsupported_media_type" | "validation_error" | "quota_exceeded" | "unexpected_error" | "service_unavailable";
                message: string;
                details: {
                    /** @description with validation_error: every problem, sorted by path */
                    errors?: {
                        path: string;
                        code: string;
                        message: string;
                    }[];
                } & {
                    [key: string]: unknown;
                };
            };
        };
        /** @description One parameter and its values; a bare scalar is an axis with one value */
        Axis: {
            /** @constant */
            mode: "explicit";
            values: (number | string)[];
        } | {
            /** @constant */
            mode: "range";
            start: number;
            stop_incl: number;
            step: number;
        } | (number | string);
        /** @description An axis of which "off" is a value; false and null mean the same */
        RiskAxis: {
            /** @constant */
            mode: "explicit";
            values: (number | "off" | false | null)[];
        } | {
            /** @constant */
            mode: "range";
            start: number;
            stop_incl: number;
            step: number;
        } | (number | "off" | false | null);
        /** @description Instrument, timeframe, signals and how they are traded */
        Template: {
            instrument_id: {
                market_id: number;
                /** @description visible characters without spaces, like BTCUSDT, BRK.B or BTC/USDT */
                symbol: string;
            };
            /** @enum {string} */
            timeframe: "1m" | "3m" | "5m" | "15m" | "30m" | "1h" | "2h" | "4h" | "6h" | "8h" | "12h" | "1d";
            /** @description signals of indicators; or give rules */
            indicator_grids?: {
                /** @description see GET /indicators */
                indicator_id: string;
                source?: components["schemas"]["Axis"];
                /** @description missing ones take the default of the catalogue */
                params?: {
                    [key: string]: components["schemas"]["Axis"];
                };
            }[];
            /** @description by indicator_id, then name */
            signal_grids?: {
                [key: string]: {
                    [key: string]: components["schemas"]["Axis"];
                };
            };
            /** @description conditions at the close of a bar, instead of indicator_grids: cross_above(close, sma(close, n)) */
            rules?: {
                long?: string | null;
                short?: string | null;
                exit_long?: string | null;
                exit_short?: string | null;
            };
            /** @description names that rules and constraints read, with their values */
            params?: {
                [key: string]: components["schemas"]["Axis"];
            };
            /** @description conditions on params that every combination must meet */
            constraints?: string[];
            /** @enum {string} */
            direction_mode?: "long-short" | "long-only" | "short-only";
            /** @enum {string} */
            sizing_mode?: "all_in" | "fixed_quote" | "percent_of_equity" | "strategy_compound" | "strategy_compound_profit_lock";
            execution?: {
                init_cash_quote?: number;
                /** @description percent of each fill; default by market */
                fee_pct?: number;
                slippage_pct?: number;
                fixed_quote?: number;
                equity_percent?: number;
                safe_profit_percent?: number;
                /** @enum {string} */
                fill?: "close" | "next_open";
            };
            risk_grid?: {
                sl_enabled?: boolean;
                /** @description stop losses in percent; "off" is a value */
                sl?: components["schemas"]["RiskAxis"];
                /** @description one stop loss, instead of sl */
                sl_pct?: number;
                tp_enabled?: boolean;
                /** @description take profits in percent; "off" is a value */
                tp?: components["schemas"]["RiskAxis"];
                /** @description one take profit, instead of tp */
                tp_pct?: number;
                /** @description trailing stops in percent from the best price since the entry; "off" is a value */
                trail?: components["schemas"]["RiskAxis"];
                /** @description most bars a position is held; "off" is a value */
                max_bars?: components["schemas"]["RiskAxis"];
                /** @enum {string} */
                trigger?: "close" | "intrabar";
            };
        };
        /**
         * @description What to test: instrument, timeframe, time range, strategy, parameter axes, risk axes
         * @example {
         *       "name": "S&P 500 above its average, with stops",
         *       "time_range": {
         *         "start": "2001-01-01T00:00:00Z",
         *         "end": "2020-01-01T00:00:00Z"
         *       },
         *       "template": {
         *         "instrument_id": {
         *           "market_id": 5,
         *           "symbol": "^GSPC"
         *         },
         *         "timeframe": "1d",
         *         "indicator_grids": [
         *           {
         *             "indicator_id": "ma.sma",
         *             "params": {
         *               "window": {
         *                 "mode": "range",
         *                 "start": 10,
         *                 "stop_incl": 200,
         *                 "step": 10
         *               }
         *             }
         *           }
         *         ],
         *         "risk_grid": {
         *           "sl": {
         *             "mode": "explicit",
         *             "values": [
         *               "off",
         *               5,
         *               10
         *             ]
         *           },
         *           "tp_pct": 25
         *         }
         *       },
         *       "top_k": 50
         *     }
         */
        Spec: {
            /** @description UTC instants with a zone, half-open: start <= bar < end */
            time_range: {
                start: string;
                end: string;
            };
            /** @description the strategy; or give strategy_id */
            template?: components["schemas"]["Template"];
            /**
             * Format: uuid
             * @description a saved strategy of yours, see POST /strategies
             */
            strategy_id?: string;
            /** @description with strategy_id only */
            overrides?: {
                /** @enum {string} */
                direction_mode?: "long-short" | "long-only" | "short-only";
                /** @enum {string} */
                sizing_mode?: "all_in" | "fixed_quote" | "percent_of_equity" | "strategy_compound" | "strategy_compound_profit_lock";
                execution?: {
                    init_cash_quote?: number;
                    /** @description percent of each fill; default by market */
                    fee_pct?: number;
                    slippage_pct?: number;
                    fixed_quote?: number;
                    equity_percent?: number;
                    safe_profit_percent?: number;
                    /** @enum {string} */
                    fill?: "close" | "next_open";
                };
                risk_grid?: {
                    sl_enabled?: boolean;
                    /** @description stop losses in percent; "off" is a value */
                    sl?: components["schemas"]["RiskAxis"];
                    /** @description one stop loss, instead of sl */
                    sl_pct?: number;
                    tp_enabled?: boolean;
                    /** @description take profits in percent; "off" is a value */
                    tp?: components["schemas"]["RiskAxis"];
                    /** @description one take profit, instead of tp */
                    tp_pct?: number;
                    /** @description trailing stops in percent from the best price since the entry; "off" is a value */
                    trail?: components["schemas"]["RiskAxis"];
                    /** @description most bars a position is held; "off" is a value */
                    max_bars?: components["schemas"]["RiskAxis"];
                    /** @enum {string} */
                    trigger?: "close" | "intrabar";
                };
                /** @description by indicator_id, then name */
                signal_grids?: {
                    [key: string]: {
                        [key: string]: components["schemas"]["Axis"];
                    };
                };
            };
            /** @description bars before the time range; auto (default): as many as any variant needs, at least warmup_bars_default */
            warmup_bars?: number | "auto";
            top_k?: number;
            preselect?: number;
            top_trades_n?: number;
            ranking?: {
                /** @enum {string} */
                primary_metric?: "total_return_pct" | "max_drawdown_pct" | "return_over_max_drawdown" | "profit_factor" | "sharpe" | "sortino" | "calmar" | "sqn" | "expectancy" | "win_rate_pct";
                secondary_metric?: ("total_return_pct" | "max_drawdown_pct" | "return_over_max_drawdown" | "profit_factor" | "sharpe" | "sortino" | "calmar" | "sqn" | "expectancy" | "win_rate_pct") | null;
                /** @description rank by the mean of the primary metric over so many steps on every axis of numbers; one row of each base variant */
                plateau?: number | null;
            };
            filters?: {
                min_trades?: number | null;
                max_drawdown_pct?: number | null;
            };
            /** @description score so many base variants, drawn by the seed, instead of all */
            sample?: {
                n: number;
                seed?: number;
            } | null;
            /** @description judge what the search keeps on bars it does not see: the last fraction, or those after each fold */
            validation?: ({
                /** @constant */
                mode: "holdout";
                fraction: number;
            } | {
                /** @constant */
                mode: "walk_forward";
                folds: number;
                train_fraction: number;
            }) | null;
            luck?: ({
                /** @description 0: no test; else at least 19 */
                permutations?: number | "auto";
                /** @description base variants that are searched, drawn from the grid; auto: all, or 2,000 of a large grid */
                variants?: number | "auto";
                /** @description bars that stay together, of intraday markets sessions */
                blocks?: number | null;
                /** @description with walk_forward: all folds instead of the last one */
                walk?: boolean | null;
                /** @description in a stored spec: why auto chose no permutations */
                skipped?: "too_much_work" | null;
            } | number | ("auto" | "off")) | null;
            name?: string | null;
            /** @description above 0 for administrators only; 0 when left out */
            priority?: number;
        };
        /** @description Somebody who may use this server */
        Account: {
            /** Format: uuid */
            user_id: string;
            /** @description null: of an external identity provider */
            name: string | null;
            /** @enum {string} */
            role: "user" | "admin";
            issuer: string | null;
            subject: string | null;
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            created_at: string;
            disabled_at: string | null;
        };
        /** @description A code with which a password is set, once */
        OneTimeCode: {
            /** Format: uuid */
            user_id: string;
            /** @description shown this once */
            code: string;
            minutes: number;
        };
        /** @description Who is signed in */
        SignedIn: {
            /** Format: uuid */
            user_id: string;
            /** @description null: of an external identity provider */
            name: string | null;
            /** @enum {string} */
            role: "user" | "admin";
            /** @description null: by token, or on a machine without accounts */
            session_id: string | null;
        };
        /** @description A session of yours */
        Session: {
            /** Format: uuid */
            session_id: string;
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description exact to a minute
             * @example 2024-05-06T07:08:09.123456Z
             */
            last_seen_at: string;
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            expires_at: string;
            address: string | null;
            /** @description program that signed in, as it names itself */
            agent: string | null;
            /** @description it is the session of this request */
            current: boolean;
        };
        /** @description A token of yours, without its secret */
        ApiToken: {
            /** Format: uuid */
            token_id: string;
            name: string;
            /** @description how the token begins */
            prefix: string;
            scopes: ("read" | "jobs" | "candles")[];
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            created_at: string;
            /** @description exact to a minute; null: never */
            last_used_at: string | null;
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            expires_at: string;
        };
        /** @description A new token */
        NewApiToken: {
            /** @description shown this once */
            token: string;
            /** Format: uuid */
            token_id: string;
            name: string;
            /** @description how the token begins */
            prefix: string;
            scopes: ("read" | "jobs" | "candles")[];
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            created_at: string;
            /** @description exact to a minute; null: never */
            last_used_at: string | null;
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            expires_at: string;
        };
        /** @description Bars as columns of equal length. A bar without candles is left out */
        Bars: {
            market_id: number;
            symbol: string;
            /** @enum {string} */
            timeframe: "1m" | "3m" | "5m" | "15m" | "30m" | "1h" | "2h" | "4h" | "6h" | "8h" | "12h" | "1d";
            /** @description start of the next page; null: the range has no more bars */
            next_start: string | null;
            /** @description where no start was given, end of the page before; null: there are no earlier bars */
            previous_end: string | null;
            /** @description opens, epoch milliseconds */
            time: number[];
            open: number[];
            high: number[];
            low: number[];
            close: number[];
            volume: number[];
        };
        /** @description What is in a file, and what it changes */
        ImportReport: {
            market_id: number;
            symbol: string;
            /** @enum {string} */
            interval: "1m" | "3m" | "5m" | "15m" | "30m" | "1h" | "2h" | "4h" | "6h" | "8h" | "12h" | "1d";
            /** @description that were read */
            rows: number;
            /** @description rows that repeat another, number for number */
            duplicates: number;
            /** @description bars that two files of an archive have with other numbers; the later one counts */
            revised: number;
            /** @description bars that opened seconds late and were put in their place */
            moved: {
                count: number;
                /** @description the first of them */
                shown: string[];
            };
            /** @description rows that are no candles and were left out */
            bad: {
                count: number;
                /** @description the first of them */
                shown: string[];
            };
            files_read?: number;
            /** @description files of an archive that were not read */
            left_out?: string[];
            /** @description rows of other symbols or intervals */
            other_rows?: number;
            unused_columns?: string[];
            /** @description of the epochs in the file */
            time_units: string[];
            /** @description holes in the file; null in a session market */
            gaps: number | null;
            /** @description bars missing in them */
            missing: number | null;
            /**
             * Format: date-time
             * @description open of the first bar
             */
            first: string;
            /**
             * Format: date-time
             * @description open of the last bar
             */
            last: string;
            /** @description bars that the store does not have */
            added: number;
            /** @description bars that it has with other numbers */
            replaced: number;
            /** @description bars of the series with these */
            stored: number;
        };
        /** @description A file of candles that was sent, and what it is to the store */
        ImportStatus: {
            /** Format: uuid */
            import_id: string;
            /** @enum {string} */
            state: "staged" | "committed";
            file: {
                name: string;
                bytes: number;
            };
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description then it goes; what was committed stays in the store
             */
            expires_at: string;
            committed_at: string | null;
            /** @description staged: what a commit would do; committed: what it did */
            report: components["schemas"]["ImportReport"];
            /** @description stretches in which bars are added or replaced, few, so that there may be unchanged bars in them */
            changes: {
                /** Format: date-time */
                start: string;
                /** Format: date-time */
                end: string;
            }[];
            /** @description succeeded jobs whose candles, warm-up included, lie in these stretches: run again they have another digest. Yours; for an admin those of all */
            jobs: {
                /** @description newest first */
                items: {
                    /** Format: uuid */
                    job_id: string;
                    name: string | null;
                }[];
                /** @description there may be more than are named */
                more: boolean;
            };
        };
        /** @description Files of yours that were sent, newest first */
        ImportList: {
            items: {
                /** Format: uuid */
                import_id: string;
                /** @enum {string} */
                state: "staged" | "committed";
                file: {
                    name: string;
                    bytes: number;
                };
                /** Format: date-time */
                created_at: string;
                /**
                 * Format: date-time
                 * @description then it goes; what was committed stays in the store
                 */
                expires_at: string;
                committed_at: string | null;
                /** @description staged: what a commit would do; committed: what it did */
                report: components["schemas"]["ImportReport"];
            }[];
        };
        /** @description One row of the catalogue */
        Indicator: {
            indicator_id: string;
            /** @description its name in rules */
            short: string;
            aliases: string[];
            /** @description null: it has no source axis */
            source: {
                name: string;
                /** @constant */
                kind: "choice";
                values: string[];
                default: string;
            } | null;
            /** @description candle columns it reads besides the source */
            reads: string[];
            params: {
                name: string;
                /** @enum {string} */
                kind: "int" | "float";
                min: number;
                max: number;
                default: number;
                nonzero: boolean;
            }[];
            /** @description the first is the primary one */
            outputs: string[];
            /** @description volume, movement: what its bars must have for it to have a value */
            needs: string[];
            rules: {
                name: string;
                family: string;
                outputs: string[];
                params: string[];
            }[];
            signal_params: ({
                name: string;
                /** @enum {string} */
                kind: "int" | "float";
                min: number;
                max: number;
                default: number;
                nonzero: boolean;
            } | {
                name: string;
                /** @constant */
                kind: "choice";
                values: string[];
                default: string;
            })[];
        };
        /** @description Whether the bars before the time range are enough for every variant */
        ShortHistory: {
            raised: boolean;
            /** @description what needs the longest history of all variants */
            indicator: string | null;
            /** @description bars it needs before its first value */
            needed_bars: number;
            /** @description warmup_bars of the request */
            asked_bars: number;
            /** @description bars before the target slice that candles gave */
            warmup_bars: number;
            target_bars: number;
            /** @description first target bars on which it has no value; raised: a tenth of all or more */
            missing_bars: number;
            /** @description base variants that were not ranked: without a value on more than half of the target bars */
            not_ranked?: number;
        };
        /** @description Jumps of the price that look like splits nobody has adjusted for */
        SplitJumps: {
            count: number;
            /** @description the first ten, in order of time */
            readonly first: {
                /**
                 * Format: date-time
                 * @description open of the bar after the jump
                 */
                time: string;
                /** @description the close before it */
                before: number;
                /** @description the first price after it */
                after: number;
                /** @description after over before */
                ratio: number;
                /**
                 * @description what it looks like, new shares for old ones
                 * @example 4:1
                 */
                split: string;
            }[];
        };
        /** @description What numbers cannot say; null: cannot be told, see reasons */
        VerdictFlags: {
            edge_of_grid: {
                raised: boolean;
                /** @description axes of at least three numbers on which the best has the lowest or the highest */
                readonly axes: {
                    axis: string;
                    value: number;
                    /** @enum {string} */
                    end: "lowest" | "highest";
                }[];
            } | null;
            few_trades: {
                raised: boolean;
                trades: number;
                least: number;
            } | null;
            isolated_peak: {
                raised: boolean;
                /** @description the primary metric of the best */
                score: number;
                /** @description variants one step away on one axis that trade */
                neighbours: number;
                neighbour_median: number;
                neighbour_worst?: number;
                /** @description the median of variants drawn at random */
                typical: number;
                /** @description what a step away is left of what the best has over a typical variant */
                left_share: number;
            } | null;
            zero_trades_share: {
                raised: boolean;
                /** @description base variants that never trade */
                share: number;
            } | null;
            short_history?: components["schemas"]["ShortHistory"];
            split_jumps?: {
                count: number;
                /** @description the first ten, in order of time */
                readonly first: {
                    /**
                     * Format: date-time
                     * @description open of the bar after the jump
                     */
                    time: string;
                    /** @description the close before it */
                    before: number;
                    /** @description the first price after it */
                    after: number;
                    /** @description after over before */
                    ratio: number;
                    /**
                     * @description what it looks like, new shares for old ones
                     * @example 4:1
                     */
                    split: string;
                }[];
                raised: boolean;
            };
            /** @description buy and hold has the higher Sharpe ratio */
            worse_than_holding?: {
                raised: boolean;
                sharpe_annual: number;
                holding_sharpe_annual: number;
            } | null;
            /** @description rules on the hour, in a market that moves more at some hours than at others */
            unequal_hours?: {
                raised: boolean;
                /** @description what its rules read; null: neither */
                clock: ("hour" | "dayofweek") | null;
                /** @description mean size of a move at the loudest hour over that at the quietest */
                ratio: number | null;
                /** @description probability of sizes that unequal where all hours are alike */
                chance: number | null;
            };
        };
        /** @description One question about the best variant, with its own answer */
        VerdictCheck: {
            /**
             * @description luck: More than luck? halves: Does it earn unseen? oos: Unseen data? holding: Better than holding? family: One choice or a family? years: Enough history? room: Room around it? edge: Inside the grid? trades: Enough trades? idle: Does the grid trade?
             * @enum {string}
             */
            id: "luck" | "halves" | "oos" | "holding" | "family" | "years" | "room" | "edge" | "trades" | "idle";
            /** @description null: not tested, or it says nothing about the best */
            mark: ("good" | "caution" | "bad") | null;
            /** @description what the mark rests on */
            value: number | null;
            /** @description the same in words; of null, why */
            reason: string;
        };
        /** @description What the same search finds in markets in which the past says nothing */
        PermutedMarkets: {
            /** @description permuted markets that were searched */
            done: number;
            asked: number;
            /** @description base variants of that search */
            variants: number;
            /** @description base variants of the whole grid */
            grid_variants: number;
            /** @description bars of a run that keep their order; null: each moves by itself */
            blocks: number | null;
            /** @description whether all folds of a walk forward ran */
            walk: boolean;
            /** @description (1 + as_good) / (1 + done); null: see reason */
            p: number | null;
            /** @description permuted markets whose best is at least as good as the real best */
            as_good: number;
            /** @description primary metric of the best of that search on the real market */
            best: number | "inf" | "-inf" | null;
            best_sharpe_daily: number | null;
            /** @description index of that best; null of a walk, too */
            best_variant: number | null;
            /** @description the same of each permuted market; null: nothing was ranked */
            readonly bests: (number | "inf" | "-inf" | null)[];
            /** @description daily Sharpe ratios of the bests */
            readonly sharpes: (number | null)[];
            /** @description why p is null */
            reason: string | null;
            /** @description what luck typically finds: the median of bests */
            typical: number | "inf" | "-inf" | null;
            /** @description mean of sharpes, of a year */
            lucky_sharpe_annual: number | null;
            /** @description probability that the true Sharpe ratio of the best of that search is above lucky_sharpe_annual */
            deflated_sharpe: number | null;
            /** @description why deflated_sharpe is null */
            sharpe_reason: string | null;
        };
        /** @description What the same search found on permuted markets so far */
        PermutedSoFar: {
            /** @description permuted markets that were searched */
            done: number;
            asked: number;
            /** @description base variants of that search */
            variants: number;
            /** @description base variants of the whole grid */
            grid_variants: number;
            /** @description bars of a run that keep their order; null: each moves by itself */
            blocks: number | null;
            /** @description whether all folds of a walk forward ran */
            walk: boolean;
            /** @description (1 + as_good) / (1 + done); null: see reason */
            p: number | null;
            /** @description permuted markets whose best is at least as good as the real best */
            as_good: number;
            /** @description primary metric of the best of that search on the real market */
            best: number | "inf" | "-inf" | null;
            best_sharpe_daily: number | null;
            /** @description index of that best; null of a walk, too */
            best_variant: number | null;
            /** @description the same of each permuted market; null: nothing was ranked */
            readonly bests: (number | "inf" | "-inf" | null)[];
            /** @description daily Sharpe ratios of the bests */
            readonly sharpes: (number | null)[];
            /** @description why p is null */
            reason: string | null;
            /** @description what luck typically finds: the median of bests */
            typical?: number | "inf" | "-inf" | null;
            /** @description mean of sharpes, of a year */
            lucky_sharpe_annual?: number | null;
            /** @description probability that the true Sharpe ratio of the best of that search is above lucky_sharpe_annual */
            deflated_sharpe?: number | null;
            /** @description why deflated_sharpe is null */
            sharpe_reason?: string | null;
        } & {
            [key: string]: unknown;
        };
        /** @description The best beside buy and hold */
        Holding: {
            /** @description of buy and hold over the same days, without costs */
            return_pct: number;
            /** @description return of the best less that of holding */
            excess_return_pct: number;
            /** @description of holding */
            sharpe_annual: number;
            /** @description Sharpe ratio of the best less that of holding */
            excess_sharpe_annual: number;
            /** @description standard error of that difference */
            error_annual: number;
            /** @description by formula, of the daily returns in excess of holding */
            deflated_sharpe: number | null;
            /** @description bars held long, of those held */
            long_share: number;
        };
        /** @description Where the best of one half of the history stands in the other, over all halves of 16 blocks: ln(w / (1 - w)) of its relative rank w, 0 the middle; what lies beyond the ends is in the last bins, one exactly in the middle counts a half on both sides. What lies left of the middle, of all, is overfitting_probability. From 0.6.0 on */
        VerdictHalves: {
            from: number;
            to: number;
            /** @description halves in each of 48 bins of equal width */
            readonly counts: number[];
        };
        /** @description A variant one step away from the best */
        Neighbour: {
            /** @description its key, as in /request */
            axis: string;
            /** @description what the variant has there instead */
            value: number | string;
            /** @description primary metric; null: it does not trade, its history is too short, or constraints exclude it */
            score: number | "inf" | "-inf" | null;
        };
        /** @description How likely the best variant is luck */
        Verdict: {
            /** @description the verdict in plain words */
            sentence: string;
            /**
             * @description likely: p above 0.2, or above 0.05 with loss_probability above 0.5, unless the best wins every block; unlikely: both at most 0.05, and neither few trades, a short history, a better buy and hold nor unequal hours; unknown: neither p nor deflated_sharpe can be told. Without p, deflated_sharpe below 0.5 stands for p above 0.2, and at least 0.95 for p up to 0.05
             * @enum {string}
             */
            luck: "likely" | "possible" | "unlikely" | "unknown";
            /** @description from 0.5.0 on, in a fixed order */
            readonly checks?: components["schemas"]["VerdictCheck"][];
            /** @description different variants scored; a base variant without stops that both stages score counts once */
            trials: number;
            /** @description variants whose daily returns were compared: drawn at random, whatever their scores */
            compared: {
                drawn: number;
                /** @description whether the best is among them */
                with_best?: boolean;
                /** @description before 0.5.0: the best ones that were added */
                kept?: number;
            };
            /** @description daily returns */
            days: number;
            /** @description days / periods_per_year */
            years: number;
            periods_per_year: number;
            /** @description of the best */
            total_return_pct?: number | null;
            /** @description of the best, of one day */
            sharpe_daily: number | null;
            /** @description the same times sqrt(periods_per_year), as in its report */
            sharpe_annual: number | null;
            /** @description of its daily returns */
            skewness: number | null;
            /** @description of its daily returns, raw: normal is 3 */
            kurtosis: number | null;
            /** @description probability that its true Sharpe ratio is above 0 */
            probabilistic_sharpe: number | null;
            /** @description of the daily Sharpe ratios of the variants compared */
            sharpe_variance_daily: number | null;
            /** @description what the best of so many trials without any skill would be expected to have */
            lucky_sharpe_annual: number | null;
            /** @description probability that its true Sharpe ratio is above lucky_sharpe_annual */
            deflated_sharpe: number | null;
            /** @description history below which the best of so many trials is expected to reach an annual Sharpe ratio of 1 by luck */
            minimum_backtest_years: number | null;
            /** @description that the best in one half of the history loses money in the other half, of 16 blocks */
            loss_probability?: number | null;
            /** @description that the best in one half of the history does worse than most in the other half, of 16 blocks */
            overfitting_probability: number | null;
            halves?: components["schemas"]["VerdictHalves"] | null;
            /** @description one step away from the best, on one axis each: by value from a number, to what stands beside it from a word; from 0.6.0 on */
            readonly neighbours?: components["schemas"]["Neighbour"][];
            /** @description middle of the best neighbourhood of stage_a, as how=near of the surface has it; null for samples, single points and large grids; from 0.6.0 on */
            plateau?: {
                /** @description with risk off */
                variant_index: number;
                /** @description mean of the primary metric over what lies within 2 % of each axis, at least one step */
                near: number;
            } | null;
            /** @description of buy and hold over the bars searched, as in reports; from 0.6.0 on */
            benchmark_return_pct?: number;
            permuted?: components["schemas"]["PermutedMarkets"] | null;
            holding?: components["schemas"]["Holding"] | null;
            flags: components["schemas"]["VerdictFlags"];
            /** @description why a number or a flag is null, by its name */
            reasons: {
                [key: string]: string;
            };
        };
        /** @description How fills are paid for; percents are human percents */
        ExecutionSettings: {
            init_cash_quote: number;
            fee_pct: number;
            slippage_pct: number;
            fixed_quote: number;
            equity_percent: number;
            safe_profit_percent: number;
            /** @enum {string} */
            fill: "close" | "next_open";
        } & {
            [key: string]: unknown;
        };
        /** @description Everything needed to run a variant again */
        Payload: {
            /** @description empty where the signals come from rules */
            indicator_selections: ({
                indicator_id: string;
                /** @description source, where the indicator has one */
                inputs: {
                    [key: string]: string;
                };
                params: {
                    [key: string]: number;
                };
            } & {
                [key: string]: unknown;
            })[];
            /** @description by indicator_id, then name */
            signal_params: {
                [key: string]: {
                    [key: string]: number | string;
                };
            };
            /** @description null: the signals come from the indicators */
            rules: ({
                long: string | null;
                short: string | null;
                exit_long: string | null;
                exit_short: string | null;
            } & {
                [key: string]: unknown;
            }) | null;
            params: {
                [key: string]: number;
            } | null;
            risk_params: {
                sl_enabled: boolean;
                /** @description null while its exit is off */
                sl_pct: number | null;
                tp_enabled: boolean;
                /** @description null while its exit is off */
                tp_pct: number | null;
                trail_enabled: boolean;
                /** @description null while its exit is off */
                trail_pct: number | null;
                max_bars_enabled: boolean;
                /** @description null while its exit is off */
                max_bars: number | null;
                /** @enum {string} */
                trigger: "close" | "intrabar";
            } & {
                [key: string]: unknown;
            };
            execution_params: components["schemas"]["ExecutionSettings"];
            /** @enum {string} */
            direction_mode: "long-short" | "long-only" | "short-only";
            /** @enum {string} */
            sizing_mode: "all_in" | "fixed_quote" | "percent_of_equity" | "strategy_compound" | "strategy_compound_profit_lock";
        } & {
            [key: string]: unknown;
        };
        /** @description One trade, from entry fill to exit fill */
        Trade: {
            trade_id: number;
            /** @enum {string} */
            direction: "long" | "short";
            /**
             * Format: date-time
             * @description close of the bar that decided the entry
             */
            signal_time: string;
            /** Format: date-time */
            entry_time: string;
            entry_bar: number;
            entry_fill: number;
            /** Format: date-time */
            exit_time: string;
            exit_bar: number;
            exit_fill: number;
            qty: number;
            entry_amount: number;
            exit_amount: number;
            entry_fee: number;
            exit_fee: number;
            /** @description before fees: gross - entry_fee - exit_fee = net */
            gross: number;
            net: number;
            /** @description moved to safety by the profit lock */
            locked: number;
            return_pct: number;
            /** @description worst price while held against the entry fill, at most 0 */
            mae_pct: number;
            /** @description best price while held against the entry fill, at least 0 */
            mfe_pct: number;
            /** @enum {string} */
            exit_reason: "signal_exit" | "sl" | "tp" | "exit_rule" | "forced_close" | "trail" | "max_bars" | "ruin";
        } & {
            [key: string]: unknown;
        };
        /** @description What candles a result stands on */
        Ledger: {
            base_interval_ms: number;
            /** @description slots of the range; null in a session market, whose calendar nobody knows here */
            base_expected: number | null;
            /** @description candles used, without duplicates */
            base_present: number;
            /** @description slots without a candle */
            base_missing: number | null;
            /** @description stretches of them */
            base_gaps: number | null;
            /** @description longest time without a candle where one could be */
            longest_gap_ms: number;
            /** @description candles dropped because another has the same time */
            duplicates: number;
            zero_volume_share: number;
            /** @description of the timeframe, warm-up included */
            bars: number;
            target_bars: number;
            /** @description target bars without a candle, which carry the close before */
            carried_bars: number;
            /**
             * Format: date-time
             * @description open of the first target bar
             */
            first_target: string;
            /**
             * Format: date-time
             * @description close of the last target bar
             */
            last_target: string;
            /** @description left out where there is none */
            split_jumps?: components["schemas"]["SplitJumps"];
            /** @description intervals that could have served; the one that was read stands first. Left out where there was no choice */
            series?: ({
                /** @enum {string} */
                interval: "1m" | "3m" | "5m" | "15m" | "30m" | "1h" | "2h" | "4h" | "6h" | "8h" | "12h" | "1d";
                bars: number;
            } & {
                [key: string]: unknown;
            })[];
            /** @description sha256 of the candles used */
            digest: string;
        } & {
            [key: string]: unknown;
        };
        /** @description What each stage scored and left out */
        Counts: {
            /** @description variants */
            stage_a: {
                scored: number;
                /** @description not ranked: without a value on more than half of the target bars */
                short_history?: number;
                zero_trades: number;
                /** @description left out by filters.min_trades */
                min_trades: number;
                /** @description left out by filters.max_drawdown_pct */
                max_drawdown: number;
            } & {
                [key: string]: unknown;
            };
            /** @description variants */
            stage_b: {
                scored: number;
                /** @description not ranked: without a value on more than half of the target bars */
                short_history?: number;
                zero_trades: number;
                /** @description left out by filters.min_trades */
                min_trades: number;
                /** @description left out by filters.max_drawdown_pct */
                max_drawdown: number;
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /** @description Which bars a search does not see */
        HeldOut: ({
            /** @constant */
            mode: "holdout";
            fraction: number;
        } & {
            [key: string]: unknown;
        }) | ({
            /** @constant */
            mode: "walk_forward";
            folds: number;
            train_fraction: number;
        } & {
            [key: string]: unknown;
        });
        /** @description Every metric a job can rank by, and what a reader of them must know */
        VariantMetrics: {
            total_return_pct: number | "inf" | "-inf" | null;
            max_drawdown_pct: number | "inf" | "-inf" | null;
            return_over_max_drawdown: number | "inf" | "-inf" | null;
            profit_factor: number | "inf" | "-inf" | null;
            sharpe: number | "inf" | "-inf" | null;
            sortino: number | "inf" | "-inf" | null;
            calmar: number | "inf" | "-inf" | null;
            sqn: number | "inf" | "-inf" | null;
            expectancy: number | "inf" | "-inf" | null;
            win_rate_pct: number | "inf" | "-inf" | null;
            num_trades: number;
            /** @description bars decided by convention: a stop before the take-profit, or a trailing stop that may have been hit */
            ambiguous_bars: number;
            /** @description the total return with the take-profit first: the other bound */
            total_return_pct_tp_first: number;
            /** @description those of them that may have hit the trailing level they raised themselves: the position was kept */
            possible_trails?: number;
            /** @description the total return if they all hit it: the other bound */
            total_return_pct_trail_hit?: number;
            /** @description 1: a trade left nothing to trade with */
            bust: 0 | 1;
            /** @description debt that going bust left unpaid, in quote */
            written_off: number;
            /** @description mean of the deepest fall of each drawdown, in percent */
            avg_drawdown_episode?: number | "inf" | "-inf" | null;
            /** @description fills that waited for a market, because their bar had no candle */
            waited_fills?: number;
            /** @description 1: the forced close of the last bar had no market: its price is the close before, carried forward */
            carried_close?: 0 | 1;
            /** @description ranking.plateau only, of rows of a job: the mean of the primary metric around the base variant */
            plateau_score?: number;
            /** @description first target bars on which an indicator of it has no value; only where they are a tenth of all or more */
            short_history_bars?: number;
        };
        /** @description What else the trades of a variant could have come to */
        MonteCarlo: {
            trades: number;
            draws: number;
            /** @description deepest fall of the closed trades in the order in which they came */
            closed_drawdown_pct: number;
            /** @description the same trades in random orders, quantiles */
            reordered: {
                closed_drawdown_pct: {
                    p50: number;
                    p95: number;
                    p99: number;
                };
            };
            /** @description as many trades drawn from them with replacement, quantiles */
            resampled: {
                return_pct: {
                    p5: number;
                    p50: number;
                    p95: number;
                };
                closed_drawdown_pct: {
                    p50: number;
                    p95: number;
                    p99: number;
                };
                loss_probability: number;
            };
        };
        /** @description One kept variant */
        TopVariant: {
            rank: number;
            variant_key: string;
            indicator_variant_key: string;
            variant_index: number;
            total_return_pct: number;
            metrics: components["schemas"]["VariantMetrics"];
            payload: components["schemas"]["Payload"];
            /** @description equity in percent of the initial cash at up to 32 closes, evenly spaced, the first and the last included; null in rows of earlier versions */
            equity_line: number[] | null;
            /** @description rows of the job that made the same trades, of any page; null in rows of earlier versions */
            alike: {
                /** @description the best of them */
                first_rank: number;
                /** @description this one included */
                rows: number;
            } | null;
            /** @description succeeded jobs only. Avg. Drawdown [%]: mean over all bars of the fall from the running peak, 0 on bars without one. Expectancy: mean return of a trade in percent, equal to Avg. Trade [%] */
            report_table_md?: string;
            /** @description succeeded jobs only, for the first top_trades_n rows */
            trades?: components["schemas"]["Trade"][];
            /** @description with trades: how many the variant made */
            trades_total?: number;
            /** @description with trades: these are the first and the last; a variant report has all */
            trades_cut?: boolean;
            /** @description succeeded jobs only, of the ten best that made 10 trades */
            monte_carlo?: components["schemas"]["MonteCarlo"];
            /** @description succeeded jobs with validation only: on the bars held out; all else is of those searched on */
            out_of_sample?: {
                metrics: components["schemas"]["VariantMetrics"];
                report_table_md: string;
            };
        };
        /** @description Time of day and zone at which the day of a session market begins */
        MarketDay: {
            /** @description hh:mm */
            begins: string;
            /** @description of the IANA */
            zone: string;
        };
        /** @description What all variants of a job share */
        ReportContext: {
            time_range: {
                start: string;
                end: string;
            };
            instrument_id: {
                market_id: number;
                symbol: string;
            };
            /** @enum {string} */
            timeframe: "1m" | "3m" | "5m" | "15m" | "30m" | "1h" | "2h" | "4h" | "6h" | "8h" | "12h" | "1d";
            warmup_bars: number;
            /** @enum {string} */
            direction_mode: "long-short" | "long-only" | "short-only";
            /** @enum {string} */
            sizing_mode: "all_in" | "fixed_quote" | "percent_of_equity" | "strategy_compound" | "strategy_compound_profit_lock";
            execution: components["schemas"]["ExecutionSettings"];
            ranking: {
                /** @enum {string} */
                primary_metric: "total_return_pct" | "max_drawdown_pct" | "return_over_max_drawdown" | "profit_factor" | "sharpe" | "sortino" | "calmar" | "sqn" | "expectancy" | "win_rate_pct";
                secondary_metric: ("total_return_pct" | "max_drawdown_pct" | "return_over_max_drawdown" | "profit_factor" | "sharpe" | "sortino" | "calmar" | "sqn" | "expectancy" | "win_rate_pct") | null;
                /** @description steps of the boxes whose means rank */
                plateau?: number;
            };
            /** @enum {string} */
            calendar: "continuous" | "session";
            /** @description P of the Sharpe, Sortino and Calmar ratios */
            periods_per_year: number;
            /**
             * @description of a session market; null: the UTC day
             * @default null
             */
            day: components["schemas"]["MarketDay"] | null;
            /**
             * @description what was held out
             * @default null
             */
            validation: components["schemas"]["HeldOut"] | null;
        };
        /** @description The best variants of a job */
        TopVariants: {
            /** Format: uuid */
            job_id: string;
            /** @enum {string} */
            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            report_context: components["schemas"]["ReportContext"];
            /** @description by rank */
            items: components["schemas"]["TopVariant"][];
            /** @description after_rank of the next page; null: that was all */
            next_after_rank: number | null;
        };
        /** @description What it came to on bars it was not searched on */
        ValidationResult: {
            /** @enum {string} */
            mode: "holdout" | "walk_forward";
            folds: ({
                /** @description from the open of the first bar to the close of the last */
                in_sample: {
                    /** Format: date-time */
                    start: string;
                    /** Format: date-time */
                    end: string;
                    bars: number;
                } & {
                    [key: string]: unknown;
                };
                /** @description from the open of the first bar to the close of the last */
                out_of_sample: {
                    /** Format: date-time */
                    start: string;
                    /** Format: date-time */
                    end: string;
                    bars: number;
                } & {
                    [key: string]: unknown;
                };
                counts: components["schemas"]["Counts"];
                /** @description null: no variant was ranked */
                best: ({
                    variant_index: number;
                    payload: components["schemas"]["Payload"];
                    in_sample: {
                        total_return_pct: number | "inf" | "-inf" | null;
                        max_drawdown_pct: number | "inf" | "-inf" | null;
                        return_over_max_drawdown: number | "inf" | "-inf" | null;
                        profit_factor: number | "inf" | "-inf" | null;
                        sharpe: number | "inf" | "-inf" | null;
                        sortino: number | "inf" | "-inf" | null;
                        calmar: number | "inf" | "-inf" | null;
                        sqn: number | "inf" | "-inf" | null;
                        expectancy: number | "inf" | "-inf" | null;
                        win_rate_pct: number | "inf" | "-inf" | null;
                        num_trades: number;
                        /** @description bars decided by convention: a stop before the take-profit, or a trailing stop that may have been hit */
                        ambiguous_bars: number;
                        /** @description the total return with the take-profit first: the other bound */
                        total_return_pct_tp_first: number;
                        /** @description those of them that may have hit the trailing level they raised themselves: the position was kept */
                        possible_trails?: number;
                        /** @description the total return if they all hit it: the other bound */
                        total_return_pct_trail_hit?: number;
                        /** @description 1: a trade left nothing to trade with */
                        bust: 0 | 1;
                        /** @description debt that going bust left unpaid, in quote */
                        written_off: number;
                        /** @description mean of the deepest fall of each drawdown, in percent */
                        avg_drawdown_episode?: number | "inf" | "-inf" | null;
                        /** @description fills that waited for a market, because their bar had no candle */
                        waited_fills?: number;
                        /** @description 1: the forced close of the last bar had no market: its price is the close before, carried forward */
                        carried_close?: 0 | 1;
                        /** @description ranking.plateau only, of rows of a job: the mean of the primary metric around the base variant */
                        plateau_score?: number;
                        /** @description first target bars on which an indicator of it has no value; only where they are a tenth of all or more */
                        short_history_bars?: number;
                    } & {
                        [key: string]: unknown;
                    };
                    out_of_sample: {
                        total_return_pct: number | "inf" | "-inf" | null;
                        max_drawdown_pct: number | "inf" | "-inf" | null;
                        return_over_max_drawdown: number | "inf" | "-inf" | null;
                        profit_factor: number | "inf" | "-inf" | null;
                        sharpe: number | "inf" | "-inf" | null;
                        sortino: number | "inf" | "-inf" | null;
                        calmar: number | "inf" | "-inf" | null;
                        sqn: number | "inf" | "-inf" | null;
                        expectancy: number | "inf" | "-inf" | null;
                        win_rate_pct: number | "inf" | "-inf" | null;
                        num_trades: number;
                        /** @description bars decided by convention: a stop before the take-profit, or a trailing stop that may have been hit */
                        ambiguous_bars: number;
                        /** @description the total return with the take-profit first: the other bound */
                        total_return_pct_tp_first: number;
                        /** @description those of them that may have hit the trailing level they raised themselves: the position was kept */
                        possible_trails?: number;
                        /** @description the total return if they all hit it: the other bound */
                        total_return_pct_trail_hit?: number;
                        /** @description 1: a trade left nothing to trade with */
                        bust: 0 | 1;
                        /** @description debt that going bust left unpaid, in quote */
                        written_off: number;
                        /** @description mean of the deepest fall of each drawdown, in percent */
                        avg_drawdown_episode?: number | "inf" | "-inf" | null;
                        /** @description fills that waited for a market, because their bar had no candle */
                        waited_fills?: number;
                        /** @description 1: the forced close of the last bar had no market: its price is the close before, carried forward */
                        carried_close?: 0 | 1;
                        /** @description ranking.plateau only, of rows of a job: the mean of the primary metric around the base variant */
                        plateau_score?: number;
                        /** @description first target bars on which an indicator of it has no value; only where they are a tenth of all or more */
                        short_history_bars?: number;
                    } & {
                        [key: string]: unknown;
                    };
                } & {
                    [key: string]: unknown;
                }) | null;
            } & {
                [key: string]: unknown;
            })[];
            /** @description trading the best of each fold on its bars out of sample */
            out_of_sample: {
                metrics: {
                    total_return_pct: number | "inf" | "-inf" | null;
                    max_drawdown_pct: number | "inf" | "-inf" | null;
                    return_over_max_drawdown: number | "inf" | "-inf" | null;
                    profit_factor: number | "inf" | "-inf" | null;
                    sharpe: number | "inf" | "-inf" | null;
                    sortino: number | "inf" | "-inf" | null;
                    calmar: number | "inf" | "-inf" | null;
                    sqn: number | "inf" | "-inf" | null;
                    expectancy: number | "inf" | "-inf" | null;
                    win_rate_pct: number | "inf" | "-inf" | null;
                    num_trades: number;
                    /** @description bars decided by convention: a stop before the take-profit, or a trailing stop that may have been hit */
                    ambiguous_bars: number;
                    /** @description the total return with the take-profit first: the other bound */
                    total_return_pct_tp_first: number;
                    /** @description those of them that may have hit the trailing level they raised themselves: the position was kept */
                    possible_trails?: number;
                    /** @description the total return if they all hit it: the other bound */
                    total_return_pct_trail_hit?: number;
                    /** @description 1: a trade left nothing to trade with */
                    bust: 0 | 1;
                    /** @description debt that going bust left unpaid, in quote */
                    written_off: number;
                    /** @description mean of the deepest fall of each drawdown, in percent */
                    avg_drawdown_episode?: number | "inf" | "-inf" | null;
                    /** @description fills that waited for a market, because their bar had no candle */
                    waited_fills?: number;
                    /** @description 1: the forced close of the last bar had no market: its price is the close before, carried forward */
                    carried_close?: 0 | 1;
                    /** @description ranking.plateau only, of rows of a job: the mean of the primary metric around the base variant */
                    plateau_score?: number;
                    /** @description first target bars on which an indicator of it has no value; only where they are a tenth of all or more */
                    short_history_bars?: number;
                } & {
                    [key: string]: unknown;
                };
                report_table_md: string;
                /** @description at most 500 rows, lowest and highest equity kept: close in epoch milliseconds, quote, quote */
                series: {
                    time: number[];
                    equity: number[];
                    benchmark: number[];
                } & {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /** @description What a list shows of a verdict */
        VerdictSummary: {
            luck: string | null;
            trials: number | null;
            /** @description of the luck test; null: there was none, or it was impossible */
            p: number | null;
            /** @description permuted markets in which the search found something as good */
            as_good: number | null;
            /** @description permuted markets that were searched */
            of: number | null;
            /** @description that the best of one half of the history loses in the other */
            loss_probability: number | null;
            sharpe_annual: number | null;
            lucky_sharpe_annual: number | null;
            deflated_sharpe: number | null;
            overfitting_probability: number | null;
        };
        /** @description The job */
        JobStatus: {
            /** @description the job that this one was made from; it may have been deleted since */
            parent_job_id: string | null;
            instruments: {
                market_id: number;
                symbol: string;
            }[];
            timeframes: string[];
            /** @description each: every instrument and timeframe is ranked by itself */
            across: "each" | null;
            time_range: {
                start: string;
                end: string;
            } | null;
            /** @description null: no bars are held out */
            validation_mode: ("holdout" | "walk_forward") | null;
            /** @description what variants are ranked by */
            primary_metric: string | null;
            stage_units: {
                stage_a: number;
                stage_b: number;
                finalizing: number;
            } | null;
            /** @description the first of the ranking, or the best so far: its primary metric; null: no variant is ranked */
            best: {
                value: number | "inf" | "-inf" | null;
                variant_index: number;
            } | null;
            /** @description null until the job has succeeded */
            verdict_summary: components["schemas"]["VerdictSummary"] | null;
            /** Format: uuid */
            job_id: string;
            /**
             * Format: uuid
             * @description its owner
             */
            user_id: string;
            name: string | null;
            /** @enum {string} */
            mode: "saved" | "template";
            /** @enum {string} */
            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            /**
             * @description a job that walks forward goes through stage_a and stage_b once for each fold
             * @enum {string}
             */
            stage: "stage_a" | "stage_b" | "finalizing";
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            updated_at: string;
            started_at: string | null;
            finished_at: string | null;
            cancel_requested_at: string | null;
            progress_updated_at: string | null;
            /** @description over all stages */
            processed_units: number;
            /** @description over all stages */
            total_units: number;
            /** @description how often a worker has taken it */
            attempt: number;
            /** @description of the present attempt; null while nobody runs the job */
            variants_per_second: number | null;
            eta_seconds: number | null;
            /** @description sha256, hex */
            request_hash: string;
            /** @description sha256, hex */
            engine_params_hash: string;
            /** @description sha256, hex */
            backtest_runtime_config_hash: string;
            spec_hash: string | null;
            last_error: string | null;
            last_error_json: {
                code: string;
                message: string;
                details: unknown;
            } | null;
            /** @description since when a running job has had nobody who runs it; null while somebody does */
            waiting_for_worker_seconds: number | null;
            /** @description candles_unreachable while candles cannot be read, also after the worker has given the job back for it; else null */
            waiting_for: string | null;
            /** @description since when attempts in a row have waited for it */
            waiting_since: string | null;
            /** @description both in words */
            waiting_text: string | null;
            /** @description what candles the result stands on; null until the job has succeeded */
            ledger: components["schemas"]["Ledger"] | null;
            /** @description how likely the best variant is luck; null until the job has succeeded */
            verdict: components["schemas"]["Verdict"] | null;
            /** @description what was tried before this job, along parent_job_id; the verdict counts this job alone; null: no parent */
            ancestors: {
                /** @description on the same instrument, over a part of the same time */
                jobs: number;
                /** @description variants that they have scored: the best of this job was chosen after those too */
                trials: number;
                /** @description false: one of them was deleted, or there are more than are looked at */
                complete: boolean;
            } | null;
            /** @description what it came to on bars it was not searched on, fold by fold; null where the spec asked for none */
            validation: components["schemas"]["ValidationResult"] | null;
            /** @description of the spec; in the reply to its submission only */
            readonly warnings?: {
                path: string;
                /** @enum {string} */
                code: "too_little_history" | "short_history" | "luck_skipped" | "never_enters" | "shorts_on_spot" | "looks_like_fraction";
                message: string;
            }[];
            /** @description what the same search found on permuted markets; of a job that runs or was cancelled, what it found so far: `done` of `asked`; null where the spec asked for none, or it has not begun */
            permuted: components["schemas"]["PermutedSoFar"] | null;
        };
        /** @description A job without what it found out */
        JobSummary: {
            /** @description the job that this one was made from; it may have been deleted since */
            parent_job_id: string | null;
            instruments: {
                market_id: number;
                symbol: string;
            }[];
            timeframes: string[];
            /** @description each: every instrument and timeframe is ranked by itself */
            across: "each" | null;
            time_range: {
                start: string;
                end: string;
            } | null;
            /** @description null: no bars are held out */
            validation_mode: ("holdout" | "walk_forward") | null;
            /** @description what variants are ranked by */
            primary_metric: string | null;
            stage_units: {
                stage_a: number;
                stage_b: number;
                finalizing: number;
            } | null;
            /** @description the first of the ranking, or the best so far: its primary metric; null: no variant is ranked */
            best: {
                value: number | "inf" | "-inf" | null;
                variant_index: number;
            } | null;
            /** @description null until the job has succeeded */
            verdict_summary: components["schemas"]["VerdictSummary"] | null;
            /** Format: uuid */
            job_id: string;
            /**
             * Format: uuid
             * @description its owner
             */
            user_id: string;
            name: string | null;
            /** @enum {string} */
            mode: "saved" | "template";
            /** @enum {string} */
            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            /**
             * @description a job that walks forward goes through stage_a and stage_b once for each fold
             * @enum {string}
             */
            stage: "stage_a" | "stage_b" | "finalizing";
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            updated_at: string;
            started_at: string | null;
            finished_at: string | null;
            cancel_requested_at: string | null;
            progress_updated_at: string | null;
            /** @description over all stages */
            processed_units: number;
            /** @description over all stages */
            total_units: number;
            /** @description how often a worker has taken it */
            attempt: number;
            /** @description of the present attempt; null while nobody runs the job */
            variants_per_second: number | null;
            eta_seconds: number | null;
            /** @description sha256, hex */
            request_hash: string;
            /** @description sha256, hex */
            engine_params_hash: string;
            /** @description sha256, hex */
            backtest_runtime_config_hash: string;
            spec_hash: string | null;
            last_error: string | null;
            last_error_json: {
                code: string;
                message: string;
                details: unknown;
            } | null;
            /** @description since when a running job has had nobody who runs it; null while somebody does */
            waiting_for_worker_seconds: number | null;
            /** @description candles_unreachable while candles cannot be read, also after the worker has given the job back for it; else null */
            waiting_for: string | null;
            /** @description since when attempts in a row have waited for it */
            waiting_since: string | null;
            /** @description both in words */
            waiting_text: string | null;
        };
        /** @description One page of jobs */
        JobList: {
            /** @description newest first */
            items: components["schemas"]["JobSummary"][];
            /** @description for the next page; null: that was all */
            next_cursor: string | null;
        };
        /** @description What all scores of a surface say */
        SurfaceSummary: {
            metric: string;
            /** @enum {string} */
            better: "higher" | "lower";
            /** @description variants that are scored and ranked */
            scores: number;
            /** @description combinations, or drawn variants, those without a score included */
            units: number;
            best: {
                base_index: number;
                /** @description the same with risk off */
                variant_index: number;
                value: number | "inf" | "-inf" | null;
            } | null;
            quantiles: {
                share: number;
                value: number | "inf" | "-inf" | null;
            }[];
            /** @description finite scores in 80 bins of equal width; null: there is none */
            histogram: {
                from: number;
                to: number;
                counts: number[];
            } | null;
            above: {
                level: number;
                scores: number;
            }[];
            axes: {
                key: string;
                /** @description first value of each bin; an axis of up to as many values as bins has one in each */
                from: (number | string)[];
                /** @description last value of each bin */
                to: (number | string)[];
                best: (number | "inf" | "-inf" | null)[];
                median: (number | "inf" | "-inf" | null)[];
                scores: number[];
                /** @description share of the variance that lies between the bins; null: the scores do not differ */
                explained: number | null;
                /** @description bin of the best */
                winner: number | null;
            }[];
        };
        /** @description What is behind one cell of a map */
        SurfaceCell: {
            metric: string;
            /** @enum {string} */
            how: "max" | "median" | "near";
            /** @description first and last value of the bin */
            x: {
                key: string;
                from: number | string;
                to: number | string;
            };
            y: {
                key: string;
                from: number | string;
                to: number | string;
            } | null;
            /** @description variants of the cell that are scored and ranked */
            scores: number;
            /** @description what the map shows there */
            value: number | "inf" | "-inf" | null;
            /** @description the best of them, of equal ones the first, with its own score; with how=near the one in the middle of the best neighbourhood; null: there is none */
            best: {
                base_index: number;
                /** @description the same with risk off */
                variant_index: number;
                value: number | "inf" | "-inf" | null;
            } | null;
        };
        /** @description Where matched scores live */
        SurfaceBands: {
            metric: string;
            scores: number;
            /** @description scores within all brushes and bounds */
            matched: number;
            axes: {
                key: string;
                /** @description first value of each bin; an axis of up to as many values as bins has one in each */
                from: (number | string)[];
                /** @description last value of each bin */
                to: (number | string)[];
                all: number[];
                /** @description matched */
                hits: number[];
            }[];
            /** @description matched scores between each axis and the next, and between the last one and the score: bin of the first x bins of the second + bin of the second */
            between: number[][];
            score: {
                from: number;
                to: number;
                all: number[];
                hits: number[];
            };
        };
        /** @description Defaults and limits of this server */
        RuntimeDefaults: {
            defaults: {
                warmup_bars: number;
                top_k: number;
                preselect: number;
                top_trades_n: number;
                top_k_persisted: number;
                max_trades_persisted_per_row: number;
                /** @description permutations of the luck test */
                luck: "auto" | number;
                ranking: {
                    primary_metric: string;
                    secondary_metric: string | null;
                };
                execution: {
                    init_cash_quote: number;
                    fixed_quote: number;
                    equity_percent: number;
                    safe_profit_percent: number;
                    slippage_pct: number;
                };
                fee_pct_by_market: {
                    [key: string]: number;
                };
            };
            limits: {
                max_variants_per_compute: number;
                max_compute_bytes_total: number;
                max_active_jobs_per_user: number;
                max_finished_jobs_per_user: number;
                max_strategies_per_user: number;
                max_stored_rows_per_user: number;
                max_requests_per_minute_per_user: number;
                max_open_reports_per_user: number;
                max_body_bytes: number;
                max_list_limit: number;
                max_top_limit: number;
                /** @description of a file of candles */
                max_import_file_bytes: number;
                /** @description of a synchronous run */
                sync_deadline_seconds: number;
                /** @description the same guard of a synchronous run */
                sync_max_variants_per_compute: number;
                /** @description the same guard of a synchronous run */
                sync_max_compute_bytes_total: number;
            };
            markets: {
                [key: string]: {
                    name: string;
                    /** @enum {string} */
                    calendar: "continuous" | "session";
                    periods_per_year: number;
                    /** @description of a session market; null: the UTC day */
                    day: components["schemas"]["MarketDay"] | null;
                };
            };
            timeframes: string[];
            metrics: {
                name: string;
                /** @enum {string} */
                better: "asc" | "desc";
            }[];
            jobs_enabled: boolean;
            backtest_runtime_config_hash: string;
        };
        /** @description What a synchronous run found out */
        RunResult: {
            name: string | null;
            /** @description sha256, hex */
            request_hash: string;
            /** @description sha256, hex */
            engine_params_hash: string;
            /** @description sha256, hex */
            backtest_runtime_config_hash: string;
            /** @description what is allowed and seldom meant, with the path of the field: too_little_history: years is below minimum_backtest_years; short_history: warmup_bars is below what an indicator needs; never_enters: one side only, without a rule for it; shorts_on_spot: short positions on a market whose name has the word spot; looks_like_fraction: a percentage so small that a fraction may be meant */
            readonly warnings: {
                path: string;
                /** @enum {string} */
                code: "too_little_history" | "short_history" | "luck_skipped" | "never_enters" | "shorts_on_spot" | "looks_like_fraction";
                message: string;
            }[];
            report_context: components["schemas"]["ReportContext"];
            engine_version: string;
            /** @description that of a job with the same spec on the same candles */
            result_hash: string;
            ledger: components["schemas"]["Ledger"];
            counts: components["schemas"]["Counts"];
            /** @description how likely the best variant is luck */
            verdict: components["schemas"]["Verdict"];
            /** @description what it came to on bars it was not searched on; null where the spec asked for none */
            validation: components["schemas"]["ValidationResult"] | null;
            /** @description the best variants, by rank */
            items: {
                rank: number;
                variant_key: string;
                indicator_variant_key: string;
                variant_index: number;
                total_return_pct: number;
                metrics: components["schemas"]["VariantMetrics"];
                payload: components["schemas"]["Payload"];
                /** @description equity in percent of the initial cash at up to 32 closes, evenly spaced, the first and the last included; null in rows of earlier versions */
                equity_line: number[] | null;
                /** @description succeeded jobs only. Avg. Drawdown [%]: mean over all bars of the fall from the running peak, 0 on bars without one. Expectancy: mean return of a trade in percent, equal to Avg. Trade [%] */
                report_table_md?: string;
                /** @description succeeded jobs only, for the first top_trades_n rows */
                trades?: components["schemas"]["Trade"][];
                /** @description with trades: how many the variant made */
                trades_total?: number;
                /** @description with trades: these are the first and the last; a variant report has all */
                trades_cut?: boolean;
                /** @description succeeded jobs only, of the ten best that made 10 trades */
                monte_carlo?: components["schemas"]["MonteCarlo"];
                /** @description succeeded jobs with validation only: on the bars held out; all else is of those searched on */
                out_of_sample?: {
                    metrics: components["schemas"]["VariantMetrics"];
                    report_table_md: string;
                };
            }[];
        };
        /** @description What a spec would cost, and whether there is history enough for it */
        Estimate: {
            /** @description base variants scored with risk off, over all folds */
            stage_a_variants: number;
            /** @description the shortlist under every risk setting, over all folds, at most */
            stage_b_variants: number;
            /** @description of progress: both stages, the variants that are re-run at the end and those that the luck test scores */
            total_units: number;
            /** @description of one job, as this server is configured; its workers may be configured otherwise */
            threads: number;
            /** @description memory of a search with so many threads */
            bytes: number;
            /** @description the same with one thread: what max_compute_bytes_total is compared with */
            guard_bytes: number;
            /** @description from the first candle to the result with so many threads, on a machine that has as many cores to spare */
            time: {
                low_seconds: number;
                high_seconds: number;
            };
            /** @description the luck test as auto or the spec has it, and its part of the cost */
            luck: {
                /** @description permuted markets that the search is repeated on; 0: no luck test */
                permutations: number;
                /** @description base variants of each of these searches */
                variants: number;
                /** @description bars that stay together; null: each moves by itself */
                blocks: number | null;
                /** @description whether all folds of a walk forward are searched */
                walk: boolean;
                /** @description of total_units */
                units: number;
                /** @description of bytes */
                bytes: number;
                /** @description of time.low_seconds */
                low_seconds: number;
                /** @description of time.high_seconds */
                high_seconds: number;
            };
            /** @description different variants scored, at most, counted as the verdict does */
            trials: number;
            /** @description history below which the best of so many trials is expected to reach an annual Sharpe ratio of 1 by luck */
            minimum_backtest_years: number;
            /** @description days searched on / periods_per_year: of the time range, even where candles reach over less of it */
            years: number;
            short_history: components["schemas"]["ShortHistory"];
            /** @description what is allowed and seldom meant, with the path of the field: too_little_history: years is below minimum_backtest_years; short_history: warmup_bars is below what an indicator needs; never_enters: one side only, without a rule for it; shorts_on_spot: short positions on a market whose name has the word spot; looks_like_fraction: a percentage so small that a fraction may be meant */
            readonly warnings: {
                path: string;
                /** @enum {string} */
                code: "too_little_history" | "short_history" | "luck_skipped" | "never_enters" | "shorts_on_spot" | "looks_like_fraction";
                message: string;
            }[];
        };
        /** @description What a job was asked to do */
        JobRequest: {
            /** Format: uuid */
            job_id: string;
            /** @description the job that this one was made from; it may have been deleted since */
            parent_job_id: string | null;
            /** @description complete, with every default; `/spec` has it alone, to be submitted again */
            spec: components["schemas"]["Spec"];
            /** @description values of the configuration at submission */
            runtime: {
                /** @enum {string} */
                calendar: "continuous" | "session";
                periods_per_year: number;
                /** @description of a session market whose day is not the UTC day */
                day?: {
                    /** @description hh:mm */
                    begins: string;
                    /** @description of the IANA */
                    zone: string;
                } & {
                    [key: string]: unknown;
                };
                /** @description of jobs of 0.1.0 */
                annualization?: number;
                top_k_persisted: number;
                /** @description where it is not the usual bound */
                max_trades_persisted_per_row?: number;
            } & {
                [key: string]: unknown;
            };
            /** @description of base variants, outermost first: base index = sum of position x stride */
            axes: {
                /** @description its name in rules, holds and brushes, such as momentum.rsi.window */
                key: string;
                /** @description null: a parameter of the rules */
                indicator_id: string | null;
                /** @enum {string} */
                kind: "source" | "param" | "signal";
                name: string;
                /** @description in the order of the index; null where there are more than 10000: the spec has them */
                values: (number | string)[] | null;
                /** @description how many values there are */
                length: number;
                /** @description by how much the base index grows with each value */
                stride: number;
            }[];
            /** @description of stage_b, outermost first: variant_index = base index x risk_settings + sum of position x stride */
            risk_axes: {
                /** @enum {string} */
                key: "sl" | "tp" | "trail" | "max_bars";
                /** @description in the order of the index; null where there are more than 10000: the spec has them */
                values: (number | string)[] | null;
                /** @description how many values there are */
                length: number;
                /** @description by how much variant_index grows with each value */
                stride: number;
            }[];
            /** @description base indexes, those that constraints exclude included */
            combinations: number;
            risk_settings: number;
            stage_units: {
                stage_a: number;
                stage_b: number;
                finalizing: number;
            } | null;
        };
        /** @description How often workers took a job, and how that went */
        JobAttempts: {
            /** @description in order of time */
            items: {
                attempt: number;
                /**
                 * Format: date-time
                 * @description UTC, exact to the microsecond
                 * @example 2024-05-06T07:08:09.123456Z
                 */
                claimed_at: string;
                ended_at: string | null;
                /** @description null: it is still open */
                outcome: ("released" | "crashed" | "lost" | "succeeded" | "failed" | "cancelled") | null;
                /** @description why it ended so, or what it waits for */
                cause: string | null;
                /** @description units that lay behind it when it began */
                processed_from: number | null;
            }[];
            /** @description after of the next page; null: that was all */
            next_after: number | null;
        };
        /** @description Instruments that have candles */
        InstrumentList: {
            items: {
                market_id: number;
                /** @description its name in the configuration */
                market: string | null;
                symbol: string;
                series: {
                    /** @enum {string} */
                    interval: "1m" | "3m" | "5m" | "15m" | "30m" | "1h" | "2h" | "4h" | "6h" | "8h" | "12h" | "1d";
                    /**
                     * Format: date-time
                     * @description open of the first candle
                     */
                    start: string;
                    /**
                     * Format: date-time
                     * @description close of the last candle
                     */
                    end: string;
                    /** @description candles; a ClickHouse counts versions that are not merged yet too */
                    rows: number;
                }[];
            }[];
            /** @description instruments that match, also beyond the limit */
            total: number;
        };
        /** @description Which candles there are and which are missing */
        CoverageList: {
            items: {
                /** @enum {string} */
                interval: "1m" | "3m" | "5m" | "15m" | "30m" | "1h" | "2h" | "4h" | "6h" | "8h" | "12h" | "1d";
                /**
                 * Format: date-time
                 * @description open of the first candle
                 */
                start: string;
                /**
                 * Format: date-time
                 * @description close of the last candle
                 */
                end: string;
                /** @description candles; a ClickHouse counts versions that are not merged yet too */
                rows: number;
                market_id: number;
                symbol: string;
                /** @description different candles; with the gaps, else null */
                present: number | null;
                /** @description candles between start and end; null in a session market */
                expected: number | null;
                /** @description null in a session market, whose calendar nobody knows here, and where no instrument was asked for */
                gaps: {
                    count: number;
                    /** @description candles missing in all of them */
                    missing: number;
                    /** @description candles missing in the longest of them */
                    longest_missing: number;
                    /** @description the longest ones, in order of time */
                    longest: {
                        /** Format: date-time */
                        start: string;
                        /** Format: date-time */
                        end: string;
                        missing: number;
                    }[];
                } | null;
                /** @description null where no instrument was asked for */
                split_jumps: components["schemas"]["SplitJumps"] | null;
            }[];
        };
        /** @description A saved strategy */
        Strategy: {
            /** Format: uuid */
            strategy_id: string;
            name: string;
            /**
             * Format: date-time
             * @description UTC, exact to the microsecond
             * @example 2024-05-06T07:08:09.123456Z
             */
            created_at: string;
            /** @description with every default filled in */
            template: components["schemas"]["Template"];
        };
        /** @description One page of strategies */
        StrategyList: {
            /** @description newest first */
            items: {
                /** Format: uuid */
                strategy_id: string;
                name: string;
                /**
                 * Format: date-time
                 * @description UTC, exact to the microsecond
                 * @example 2024-05-06T07:08:09.123456Z
                 */
                created_at: string;
                instrument_id: {
                    market_id: number;
                    symbol: string;
                };
                timeframe: string;
            }[];
            /** @description for the next page; null: that was all */
            next_cursor: string | null;
        };
        /** @description Everything about one variant */
        VariantReport: {
            metrics: components["schemas"]["VariantMetrics"];
            /** @description the 25 rows of the report */
            rows: {
                metric: string;
                value: string;
                definition?: string;
            }[];
            /** @description the rows as |Metric|Value| markdown */
            table_md: string;
            /** @description all of them, in time order */
            trades: components["schemas"]["Trade"][];
            /** @description null: fewer than 10 trades */
            monte_carlo: components["schemas"]["MonteCarlo"] | null;
            /** @description columns of equal length, for plots */
            series: {
                /** @description close of the bar, epoch milliseconds */
                time: number[];
                /** @description quote */
                equity: number[];
                /** @description positive percent below the peak */
                drawdown: number[];
                /** @description quote: buy and hold, without costs */
                benchmark: number[];
                /** @description held into the next bar: 1 long, -1 short, 0 flat */
                position: number[];
            };
            /** @description calendar months in UTC, exact whatever points says */
            monthly: {
                /** @example 2024-01 */
                month: string;
                return_pct: number;
                /** @description of buy and hold */
                benchmark_pct: number;
            }[];
            variant_key: string;
            /** @description null when a payload was asked for */
            variant_index: number | null;
            payload: components["schemas"]["Payload"];
            /** @description the same on the bars that the spec holds out; all else is of the others */
            out_of_sample: {
                metrics: components["schemas"]["VariantMetrics"];
                /** @description the 25 rows of the report */
                rows: {
                    metric: string;
                    value: string;
                    definition?: string;
                }[];
                /** @description the rows as |Metric|Value| markdown */
                table_md: string;
                /** @description all of them, in time order */
                trades: components["schemas"]["Trade"][];
                /** @description null: fewer than 10 trades */
                monte_carlo: components["schemas"]["MonteCarlo"] | null;
                /** @description columns of equal length, for plots */
                series: {
                    /** @description close of the bar, epoch milliseconds */
                    time: number[];
                    /** @description quote */
                    equity: number[];
                    /** @description positive percent below the peak */
                    drawdown: number[];
                    /** @description quote: buy and hold, without costs */
                    benchmark: number[];
                    /** @description held into the next bar: 1 long, -1 short, 0 flat */
                    position: number[];
                };
                /** @description calendar months in UTC, exact whatever points says */
                monthly: {
                    /** @example 2024-01 */
                    month: string;
                    return_pct: number;
                    /** @description of buy and hold */
                    benchmark_pct: number;
                }[];
            } | null;
            ledger: components["schemas"]["Ledger"];
            /** @description null when a spec was asked about */
            job: {
                /** Format: uuid */
                job_id: string;
                /** @description false: the candles have changed since the job; null: unfinished */
                same_candles: boolean | null;
                /** @description false: another version of the engine made the result, so numbers may differ; null: unfinished */
                same_engine: boolean | null;
                /** @description version that made the result; null: unfinished */
                engine_version: string | null;
            } | null;
        };
    };
    responses: {
        /** @description bad_request: The request is not proper HTTP, its headers are too large, or its body took too long to arrive or breaks its form. */
        bad_request: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description service_unavailable: The database or the candle store cannot be reached, or is too busy; try again. */
        service_unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description unauthorized: Nobody is signed in, or what was sent to prove it is not good. */
        unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description forbidden: It exists but belongs to another user, a token lacks the scope, or the request comes from another site's page. */
        forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description payload_too_large: The body is above 1 MB, or a file above its own limit. */
        payload_too_large: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description unsupported_media_type: The body is of another type than the route takes. */
        unsupported_media_type: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description validation_error: What was sent breaks a rule; details.errors has every problem as {path, code, message}, sorted by path. */
        validation_error: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description quota_exceeded: Too many active jobs, kept jobs, saved strategies, open questions or requests; details has the numbers. */
        quota_exceeded: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description unexpected_error: Our fault; the log of the server knows more. */
        unexpected_error: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description conflict: The Idempotency-Key was used before, with another request; the job has not ended yet; the name is taken; it is the last administrator; or an import would replace bars, or is being changed. */
        conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description not_found: There is nothing under this address. */
        not_found: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all is well */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            400: components["responses"]["bad_request"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all is well */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            400: components["responses"]["bad_request"];
            503: components["responses"]["service_unavailable"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInInput"];
            };
        };
        responses: {
            /** @description signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    useCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeUseInput"];
            };
        };
        responses: {
            /** @description the password is set: sign in with it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    listJobs: {
        parameters: {
            query?: {
                state?: "queued" | "running" | "succeeded" | "failed" | "cancelled";
                /** @description part of the name, in any case; a page has the matches among 20000 jobs, so it may have none and yet a next one */
                q?: string;
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description for administrators: the jobs of this user, or of all */
                owner?: "all" | string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    submitJob: {
        parameters: {
            query?: {
                /** @description a job of yours that this spec was made from: what its search tried is told beside the verdict */
                parent_job_id?: string;
            };
            header?: {
                /** @description a repeated submit with the same key and the same request answers 200 with the job of the first */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpecInput"];
            };
        };
        responses: {
            /** @description the job that this Idempotency-Key created before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobStatus"];
                };
            };
            /** @description the new job */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobStatus"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["conflict"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    estimateJob: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpecInput"];
            };
        };
        responses: {
            /** @description the estimate */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Estimate"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobStatus"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    deleteJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        job_id: string;
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getSpec: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the spec */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spec"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getJobRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the request */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobRequest"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    listJobAttempts: {
        parameters: {
            query?: {
                limit?: number;
                /** @description next_after of the page before */
                after?: number;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobAttempts"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getTopVariants: {
        parameters: {
            query?: {
                limit?: number;
                /** @description next_after_rank of the page before; 0 is the first page */
                after_rank?: number;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the best variants */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopVariants"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobStatus"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getReportPage: {
        parameters: {
            query?: {
                /** @description instead of the job, this variant of its grid, kept or not */
                variant_index?: number;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getSurface: {
        parameters: {
            query?: {
                /** @description axis of the columns; left out: the raw scores */
                x?: string;
                /** @description axis of the rows; left out: one row */
                y?: string;
                /** @description best (for max_drawdown_pct the lowest) or median over all other axes; near: the best mean of what lies within 2 % of each axis, at least one step */
                how?: "max" | "median" | "near";
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description header and scores */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description the ETag of If-None-Match is that of the answer: the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getSurfaceCell: {
        parameters: {
            query: {
                /** @description axis of the columns */
                x: string;
                /** @description axis of the rows; left out: one row */
                y?: string;
                /** @description best (for max_drawdown_pct the lowest) or median over all other axes; near: the best mean of what lies within 2 % of each axis, at least one step */
                how?: "max" | "median" | "near";
                /** @description column of the map, from 0 */
                i: number;
                /** @description row of the map, from 0 */
                j?: number;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the cell */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurfaceCell"];
                };
            };
            /** @description the ETag of If-None-Match is that of the answer: the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getSurfaceSummary: {
        parameters: {
            query?: {
                /** @description levels with commas between them: how many scores are above each, for example of buy and hold */
                above?: string;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the summary */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurfaceSummary"];
                };
            };
            /** @description the ETag of If-None-Match is that of the answer: the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getSurfaceBands: {
        parameters: {
            query?: {
                /** @description keys of up to 12 axes with commas between them */
                order?: string;
                /** @description lowest score that matches */
                min?: number;
                /** @description highest score that matches */
                max?: number;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurfaceBands"];
                };
            };
            /** @description the ETag of If-None-Match is that of the answer: the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    exportJob: {
        parameters: {
            query?: {
                /** @description top: the best variants; trades: of those that keep theirs; surface: a row for each base variant; equity: a row for each bar of one variant. Parameters are columns */
                what?: "top" | "trades" | "surface" | "equity";
                format?: "csv" | "ndjson" | "parquet";
                /** @description of trades and equity: this variant alone; of an equity 1 by default */
                rank?: number;
                /** @description of an equity: any variant of the grid */
                variant_index?: number;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                    "application/x-ndjson": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    watchJobs: {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    watchJob: {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: string;
            };
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    listImports: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description at most 200 are kept */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportList"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["conflict"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    stageImport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["UploadInput"];
            };
        };
        responses: {
            /** @description it waits to be committed */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportStatus"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["conflict"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the import */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportStatus"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    deleteImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        import_id: string;
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    commitImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    replace?: boolean;
                } | null;
            };
        };
        responses: {
            /** @description it is part of the store */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportStatus"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    runNow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpecInput"];
            };
        };
        responses: {
            /** @description the result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunResult"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    reportVariant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VariantReportRequestInput"];
            };
        };
        responses: {
            /** @description the variant, run again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VariantReport"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    listStrategies: {
        parameters: {
            query?: {
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StrategyList"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    saveStrategy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StrategyRequestInput"];
            };
        };
        responses: {
            /** @description the new strategy */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Strategy"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["conflict"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getStrategy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                strategy_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the strategy */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Strategy"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    deleteStrategy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                strategy_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        strategy_id: string;
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    listIndicators: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the catalogue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Indicator"][];
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getRuntimeDefaults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description defaults and limits */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuntimeDefaults"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    listInstruments: {
        parameters: {
            query?: {
                /** @description part of the symbol or of the name of the market, in any case */
                q?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description instruments */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstrumentList"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getCoverage: {
        parameters: {
            query?: {
                market_id?: number;
                /** @description visible characters without spaces, like BTCUSDT, BRK.B or BTC/USDT */
                symbol?: string;
                interval?: "1m" | "3m" | "5m" | "15m" | "30m" | "1h" | "2h" | "4h" | "6h" | "8h" | "12h" | "1d";
                /** @description how many gaps to name */
                gaps?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description series */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CoverageList"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    getCandles: {
        parameters: {
            query: {
                market_id: number;
                /** @description visible characters without spaces, like BTCUSDT, BRK.B or BTC/USDT */
                symbol: string;
                timeframe: "1m" | "3m" | "5m" | "15m" | "30m" | "1h" | "2h" | "4h" | "6h" | "8h" | "12h" | "1d";
                /** @description bars that open at it or later; without it the last bars before end */
                start?: string;
                /** @description bars that open before it */
                end?: string;
                /** @description bars of a page; one that needs very many candles is shorter */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description bars in order of time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bars"];
                };
            };
            /** @description the ETag of If-None-Match is that of the answer: the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    whoAmI: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the user of this request */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description signed out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description null: there was none */
                        session_id: string | null;
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChangeInput"];
            };
        };
        responses: {
            /** @description the new password counts from now on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["conflict"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description those that have not ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Session"][];
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is over */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description null: there was none */
                        session_id: string | null;
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description your tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiToken"][];
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenRequestInput"];
            };
        };
        responses: {
            /** @description the new token */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiToken"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["conflict"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is worth nothing any more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        token_id: string;
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    listAccounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Account"][];
                    };
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    addAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountRequestInput"];
            };
        };
        responses: {
            /** @description the code of the new account */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneTimeCode"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["conflict"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    disableAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    enableAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
    issueCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the code */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneTimeCode"];
                };
            };
            400: components["responses"]["bad_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["payload_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["validation_error"];
            429: components["responses"]["quota_exceeded"];
            500: components["responses"]["unexpected_error"];
            503: components["responses"]["service_unavailable"];
        };
    };
}
