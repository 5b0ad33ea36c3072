/**
 * The four mathematical profiles the slots are built on. A game has one of them for ever.
 * `published` is what the help page tells the player; tests hold it against the exact calculation (return)
 * and the simulation (hit rate). Changing a strip or a pay is a new profile with a new id, never an edit.
 */
import type { Profile } from './model.ts';

export type PublishedProfile = Profile & {
  published: {
    /** Return to player of a spin, percent, two decimals. */
    rtpPercent: number;
    /** Share of paid spins that win anything, percent. */
    hitPercent: number;
  };
};

const calm: PublishedProfile = {
  id: 'calm',
  lines: 20,
  volatility: 1,
  strips: [
    'DcSedacDbBdCBcebSBeACcAaDCdabdaedbce',
    'eWdBWdbScbCacBeCbcdCcadbadecDAWDaeAD',
    'daAedSACedWbDebcaBSWceCbcaDcdBWCeaBbD',
    'dWBbCabABCecabdceWbCadDeSaDcBedADdWec',
    'DdWCebcBaScdbaecBbdaADedacdeDWCSbAeCc',
  ],
  pays: {
    A: [40, 150, 500],
    B: [30, 100, 300],
    C: [25, 80, 250],
    D: [20, 60, 180],
    a: [14, 40, 100],
    b: [12, 35, 80],
    c: [10, 25, 75],
    d: [8, 20, 60],
    e: [8, 20, 50],
  },
  scatterPays: [2, 10, 50],
  freeSpins: [8, 10, 15],
  freeMultiplier: 2,
  freeSpinsMax: 60,
  published: { rtpPercent: 96.3, hitPercent: 41.5 },
};

const balanced: PublishedProfile = {
  id: 'balanced',
  lines: 20,
  volatility: 2,
  strips: [
    'abeacdSeDCBAScBdcaDbdDbecaCbcdeAdCe',
    'SAadbaeDCdeABcdbWcDecWCabBdCadebcWDce',
    'DbaWbCAceWdBbedBcCWecbacDdaDedSCdcaA',
    'debcBDaWdbSecdCbWacbDedWDdeACcaCeaABc',
    'dDScCdaebASedDBcWbCWedBDacbecaCdAceab',
  ],
  pays: {
    A: [50, 200, 1000],
    B: [40, 120, 500],
    C: [25, 90, 300],
    D: [20, 70, 200],
    a: [10, 35, 120],
    b: [10, 30, 100],
    c: [8, 20, 70],
    d: [5, 15, 60],
    e: [5, 15, 50],
  },
  scatterPays: [2, 10, 50],
  freeSpins: [10, 12, 15],
  freeMultiplier: 3,
  freeSpinsMax: 60,
  published: { rtpPercent: 96.46, hitPercent: 41.9 },
};

const lively: PublishedProfile = {
  id: 'lively',
  lines: 10,
  volatility: 3,
  strips: [
    'eDcdeabBAecBbdabCeaCbSacdDedcSDdc',
    'bcBaeSdWDebaCbDedcBeaWCdAcbdCcdacWD',
    'ACdWcbaDbedacedcbDCWdCadBcebSBeWaDe',
    'cDabWCSaCdBecbdaecbACeadcDBeDbecdWAd',
    'adCbdeBbaDASeWDecdeacbCdcWdcBaDbec',
  ],
  pays: {
    A: [60, 300, 2000],
    B: [40, 150, 800],
    C: [25, 100, 400],
    D: [20, 75, 250],
    a: [12, 45, 150],
    b: [10, 35, 120],
    c: [8, 25, 80],
    d: [5, 15, 60],
    e: [5, 15, 50],
  },
  scatterPays: [2, 10, 100],
  freeSpins: [12, 15, 20],
  freeMultiplier: 3,
  freeSpinsMax: 60,
  published: { rtpPercent: 95.35, hitPercent: 30.4 },
};

const wild: PublishedProfile = {
  id: 'wild',
  lines: 10,
  volatility: 4,
  strips: [
    'eaAbDCcdbacdaBCeabecBSedcDedbDcd',
    'CecWAcWebaDBadbBcdaebdSDdabCdeCceDc',
    'cWecaeCbdcaDbCaeDSdBDaBdWcAdeCbedb',
    'DCdcedAaWDdecCSbceaBbcCDaebdeBWdcab',
    'edBedWDedWeDdAbeaDcSdbcaBbcCacCbac',
  ],
  pays: {
    A: [100, 750, 5000],
    B: [60, 300, 1500],
    C: [45, 175, 750],
    D: [26, 100, 400],
    a: [12, 50, 200],
    b: [10, 40, 150],
    c: [8, 25, 80],
    d: [6, 16, 60],
    e: [5, 15, 60],
  },
  scatterPays: [3, 20, 200],
  freeSpins: [12, 15, 20],
  freeMultiplier: 5,
  freeSpinsMax: 60,
  published: { rtpPercent: 95.91, hitPercent: 25.5 },
};

/** All profiles; the order decides which game has which, so it never changes. */
export const PROFILES: readonly PublishedProfile[] = [calm, balanced, lively, wild];
