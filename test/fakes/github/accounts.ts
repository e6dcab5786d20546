export type Account = { readonly login: string; readonly id: number; readonly type: 'User' | 'Organization' };

/** Who owns repositories and starts jobs. Names are found in any letters, as GitHub finds them. */
export type Accounts = {
  /** The account of that name; made if there is none. */
  ensure(login: string, type: Account['type']): Account;
  find(login: string): Account | null;
};

const FIRST_ID = 4242;

export function createAccounts(): Accounts {
  const all = new Map<string, Account>();
  const find = (login: string): Account | null => all.get(login.toLowerCase()) ?? null;
  return {
    find,
    ensure(login, type) {
      const account = find(login) ?? { login, id: FIRST_ID + all.size, type };
      all.set(login.toLowerCase(), account);
      return account;
    },
  };
}
