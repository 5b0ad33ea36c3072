/**
 * Reproduces the published return by play: node games/slot/simulate.ts --rounds 10000000 --seed 1 [--profile calm]
 * Prints, per profile, the calculated and the simulated return with its 99.9 % interval; exits 1 when they disagree.
 */
import { parseArgs } from 'node:util';
import { exactReturn } from './exact.ts';
import { buildModel } from './model.ts';
import { PROFILES } from './profiles.ts';
import { simulate } from './simulation.ts';
import { xoshiro } from './xoshiro.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: '1' },
    profile: { type: 'string' },
  },
});

const percent = (share: number): string => `${(share * 100).toFixed(3)} %`;

for (const profile of PROFILES) {
  if (values.profile !== undefined && values.profile !== profile.id) continue;
  const model = buildModel(profile);
  const exact = exactReturn(model);
  const startedAt = performance.now();
  const played = simulate(model, xoshiro(Number(values.seed)), Number(values.rounds));
  const seconds = (performance.now() - startedAt) / 1000;
  const agrees = Math.abs(played.rtp - exact.total) <= played.halfWidth;
  if (!agrees) process.exitCode = 1;
  console.log(
    [
      `${profile.id.padEnd(9)} seed ${values.seed}, ${played.rounds} rounds in ${seconds.toFixed(1)} s`,
      `  calculated ${percent(exact.total)} (lines ${percent(exact.lines)}, scatters ${percent(exact.scatters)}, free spins ${percent(exact.freeSpins)})`,
      `  simulated  ${percent(played.rtp)} ± ${percent(played.halfWidth)} ${agrees ? 'agrees' : 'DISAGREES'}`,
      `  wins in ${percent(played.hitRate)} of rounds, free spins every ${Math.round(1 / played.freeSpinsRate)}, deviation ${played.deviation.toFixed(2)}, largest ${played.maxWin.toFixed(1)} stakes`,
    ].join('\n'),
  );
}
