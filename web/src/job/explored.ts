// The panels that explore all scores of a job; they come after the verdict, in a script of their own.

export { AllScores } from '../explore/AllScores.tsx';
export { Landscape } from '../explore/Landscape.tsx';
export { Parameters } from '../explore/Parameters.tsx';
export { WhereTheBestLive } from '../explore/WhereTheBestLive.tsx';
