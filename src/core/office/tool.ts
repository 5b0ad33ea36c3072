/** An agent's own tools, which come into its back office by a link and act under a name no person has. Pure. */

const MARK = ' (api)';

/** As the audit trail keeps it. */
export function toolOf(agentName: string): string {
  return `${agentName.toLowerCase()}${MARK}`;
}

/** Whoever holds a key of the agent: that may be anybody, also one who is there as a person too. */
export function isTool(name: string): boolean {
  return name.endsWith(MARK);
}
