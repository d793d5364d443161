/**
 * Perplexity by named protocols, and what two measurements say when paired.
 *
 * <p>A text and a protocol's settings make {@link org.diagonal.eval.measure.Windows}; a {@link
 * org.diagonal.eval.measure.Scorer} turns them into an {@link
 * org.diagonal.eval.measure.Evaluation}; two of these make a {@link
 * org.diagonal.eval.measure.Comparison}. Letters: B batch, T positions of a window, N block size.
 */
package org.diagonal.eval.measure;
