/** Who is signed in. Everything inside the shell may ask `useMe()`; whoever is signed out sees the door instead. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import type { OfficeRole, Permission } from '../../src/core/office/roles.ts';
import { del, get, Refused } from './api.ts';
import type { Language } from './texts/languages.ts';

export interface Me {
  readonly name: string;
  readonly shownName: string;
  readonly role: OfficeRole;
  readonly permissions: readonly Permission[];
  /** Null: the house's own staff. */
  readonly agent: { readonly id: number; readonly username: string; readonly currency: string } | null;
  /** `enrol`: the second factor must be set up before anything else. */
  readonly stage: 'in' | 'enrol';
  readonly language: Language;
  /** IANA name. */
  readonly timeZone: string;
  readonly notify: Readonly<Record<string, boolean>>;
  readonly previous: { readonly at: string; readonly ip: string } | null;
  /** Came by a one-time link: there is no account behind it. */
  readonly byLink: boolean;
  readonly totp: boolean;
  /** How many are left. */
  readonly recoveryCodes: number;
  readonly passwordAt: string | null;
  readonly demo: boolean;
}

export const ME = ['me'] as const;

/** Null: nobody. */
export function useMeQuery() {
  return useQuery({
    queryKey: ME,
    staleTime: Number.POSITIVE_INFINITY,
    async queryFn({ signal }): Promise<Me | null> {
      try {
        return await get<Me>('/me', {}, signal);
      } catch (error) {
        if (error instanceof Refused && error.code === 'unauthenticated') return null;
        throw error;
      }
    },
  });
}

const MeContext = createContext<Me | null>(null);

export function MeProvider({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  return <MeContext value={me}>{children}</MeContext>;
}

/** Inside the shell only. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error('nobody is signed in here');
  return me;
}

/** Whether the person may: what they may not do is not shown to them. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useMe();
  return (permission) => permissions.includes(permission);
}

/** Somebody else is here now, or nobody: what was read for another is forgotten. */
export function becomes(queries: QueryClient, me: Me | null): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== ME[0] });
  queries.setQueryData(ME, me);
}

/** Ends the session here and forgets everything that was read in it. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await del('/session').catch(() => {});
    becomes(queries, null);
  };
}
