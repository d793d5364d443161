/**
 * Perplexity by named protocols.
 *
 * <p>A text and a protocol's settings make {@link Windows}; a {@link Scorer} turns them into an
 * {@link Evaluation}. Letters: B batch, T positions of a window, N block size.
 */
package org.diagonal.eval.measure.perplexity;
