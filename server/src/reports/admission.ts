// Who may ask for costly things: a bound for each user and one for all, from the question until its reply has been sent or
// its client has left. A client that never reads its replies so holds a few of them and no more.

/** The user, or all users together, have as many questions open as are allowed. */
export class TooManyOpen extends Error {
  override readonly name = 'TooManyOpen';
  readonly open: number;
  readonly limit: number;

  constructor(message: string, open: number, limit: number) {
    super(message);
    this.open = open;
    this.limit = limit;
  }
}

export interface Admission {
  /**
   * Returns the act that ends the admission; a second call of it does nothing.
   * @throws {TooManyOpen}
   */
  admit(user_id: string): () => void;
}

export interface AdmissionLimits {
  /** What is asked for, in the plural: "reports". */
  readonly things: string;
  readonly ofUser: number;
  readonly ofAll: number;
  /** Key of the configuration that bounds a user. */
  readonly setting?: string;
}

export function openAdmission({ things, ofUser, ofAll, setting }: AdmissionLimits): Admission {
  const open = new Map<string, number>();
  let all = 0;
  const by = setting === undefined ? '' : ` (${setting})`;
  return {
    admit(user_id) {
      const own = open.get(user_id) ?? 0;
      const way = 'wait for one to arrive, or close its connection, and ask again';
      if (own >= ofUser)
        throw new TooManyOpen(
          `${own} ${things} of yours are open, at most ${ofUser} are allowed${by}: ${way}`,
          own,
          ofUser,
        );
      if (all >= ofAll)
        throw new TooManyOpen(`${all} ${things} are open, at most ${ofAll} are allowed: ask again later`, all, ofAll);
      open.set(user_id, own + 1);
      all += 1;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        all -= 1;
        const left = (open.get(user_id) ?? 1) - 1;
        if (left === 0) open.delete(user_id);
        else open.set(user_id, left);
      };
    },
  };
}
