/**
 * Shows the diagonals of the circuits of every head: the job, the record that is {@code
 * inspect.json}, its page and its text.
 */
package org.diagonal.eval.inspect;
