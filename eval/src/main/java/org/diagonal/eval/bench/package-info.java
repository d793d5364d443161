/**
 * Measures speed: optimizer steps, evaluation and decoding, beside the product rates of the
 * machine.
 */
package org.diagonal.eval.bench;
