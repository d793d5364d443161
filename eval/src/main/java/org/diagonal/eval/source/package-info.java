/** Resolves names of models and texts, and holds what jobs share: device, caches, progress. */
package org.diagonal.eval.source;
