/**
 * Part of a run's identity: a checkpoint made by another version is not continued, because a changed kernel or rule could
 * change a score. Raise it with every change that can move a bit of a result.
 */
export const ENGINE_VERSION = '0.6.0';
